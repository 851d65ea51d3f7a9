"""Go's values in Python: what stands for which type.

JSON data needs no classes of its own: ``int``, ``float``, ``str``, ``bool``,
``None``, ``list`` and ``dict`` are Go's ``int``, ``float64``, ``string``, ``bool``,
``nil``, ``[]interface {}`` and ``map[string]interface {}``. What functions make
besides has a class here. Bytes of a string that are no UTF-8 are the lone
surrogates of Python's ``surrogateescape``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, TypeGuard


class Integer(int):
    """An integer of another type than ``int``.

    Attributes:
        go_type: The type's name in Go.
        bits: Its size.
        signed: Whether it can be below 0.
    """

    __slots__ = ()

    go_type: ClassVar[str]
    bits: ClassVar[int]
    signed: ClassVar[bool] = True


class Int8(Integer):
    """Go's ``int8``."""

    __slots__ = ()
    go_type = "int8"
    bits = 8


class Int16(Integer):
    """Go's ``int16``."""

    __slots__ = ()
    go_type = "int16"
    bits = 16


class Int32(Integer):
    """Go's ``int32``, which a ``rune`` is."""

    __slots__ = ()
    go_type = "int32"
    bits = 32


class Int64(Integer):
    """Go's ``int64``."""

    __slots__ = ()
    go_type = "int64"
    bits = 64


class Uint(Integer):
    """Go's ``uint``."""

    __slots__ = ()
    go_type = "uint"
    bits = 64
    signed = False


class Uint8(Integer):
    """Go's ``uint8``, which a ``byte`` is."""

    __slots__ = ()
    go_type = "uint8"
    bits = 8
    signed = False


class Uint16(Integer):
    """Go's ``uint16``."""

    __slots__ = ()
    go_type = "uint16"
    bits = 16
    signed = False


class Uint32(Integer):
    """Go's ``uint32``."""

    __slots__ = ()
    go_type = "uint32"
    bits = 32
    signed = False


class Uint64(Integer):
    """Go's ``uint64``."""

    __slots__ = ()
    go_type = "uint64"
    bits = 64
    signed = False


INTEGER_TYPES: Final[Mapping[str, type[Integer]]] = {
    kind.go_type: kind
    for kind in (Int8, Int16, Int32, Int64, Uint, Uint8, Uint16, Uint32, Uint64)
}
"""The integer types besides ``int``, by their names."""


class Float32(float):
    """Go's ``float32``; the value is already rounded to it."""

    __slots__ = ()
    go_type: ClassVar[str] = "float32"


class Slice(list[object]):
    """A slice whose elements have a type of their own, such as ``[]string``.

    A plain ``list`` is a ``[]interface {}``.

    Attributes:
        elem: The type of its elements, as Go writes it.
    """

    __slots__ = ("elem",)

    def __init__(self, elem: str, items: object = ()) -> None:
        super().__init__(items)  # type: ignore[call-overload]
        self.elem = elem

    @property
    def go_type(self) -> str:
        """The type's name in Go."""
        return f"[]{self.elem}"


class Map(dict[str, object]):
    """A map whose values have a type of their own, such as ``map[string]string``.

    A plain ``dict`` is a ``map[string]interface {}``.

    Attributes:
        elem: The type of its values, as Go writes it.
    """

    __slots__ = ("elem",)

    def __init__(self, elem: str, items: Mapping[str, object] | None = None) -> None:
        super().__init__(items or {})
        self.elem = elem

    @property
    def go_type(self) -> str:
        """The type's name in Go."""
        return f"map[string]{self.elem}"


class Opaque:
    """A Go value that is more than data: a time, a version, an error.

    Templates see what is stated here and nothing else of the Python object.

    Attributes:
        go_type: The type's name in Go.
        go_kind: What Go's ``reflect`` calls its kind: ``struct``, ``ptr``, ``int64``.
    """

    go_type: ClassVar[str]
    go_kind: ClassVar[str] = "struct"

    @property
    def go_truth(self) -> bool:
        """Whether ``if`` takes the value for true; structs always are."""
        return True

    def __bool__(self) -> bool:
        return self.go_truth

    def go_string(self) -> str:
        """Return what the value's ``String()`` or ``Error()`` returns."""
        raise NotImplementedError

    @property
    def go_fields(self) -> Mapping[str, object]:
        """The exported fields, by name, in Go's order."""
        return {}

    @property
    def go_methods(self) -> Mapping[str, object]:
        """The exported methods, by name: ``Function`` values."""
        return {}


class Missing:
    """The class of ``MISSING``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __bool__(self) -> bool:
        return False


MISSING: Final = Missing()
"""The zero ``reflect.Value``: what a key that a map lacks gives.

It prints as ``<no value>``. Only parameters declared ``reflect.Value`` ever see it;
as any other argument it is ``None``."""


class Interface:
    """A value whose static type is ``interface {}``: ``reflect``'s kind Interface.

    What a map or a list of JSON data holds is of that type until a pipeline's stage
    ends. Only parameters declared ``reflect.Value`` ever see one.

    Attributes:
        value: What it holds; ``None`` is a nil interface.
    """

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value


def indirect_interface(value: object) -> object:
    """Return what *value* holds if it is an interface, ``MISSING`` if that is nil."""
    if type(value) is Interface:
        value = value.value
    return MISSING if value is None else value


def is_missing(value: object) -> TypeGuard[Missing]:
    """Whether *value* is the zero ``reflect.Value``."""
    return value is MISSING


_PLAIN_TYPES: Final[Mapping[type, str]] = {
    int: "int",
    str: "string",
    bool: "bool",
    float: "float64",
    dict: "map[string]interface {}",
    list: "[]interface {}",
    type(None): "<nil>",
    complex: "complex128",
    Missing: "reflect.Value",
    Interface: "interface {}",
}


def go_type(value: object) -> str:
    """Return the name of *value*'s type, as Go's ``%T`` prints it.

    Raises:
        TypeError: If *value* is none of Go's.
    """
    name = _PLAIN_TYPES.get(type(value))
    if name is not None:
        return name
    named: object = getattr(value, "go_type", None)
    if isinstance(named, str):
        return named
    raise TypeError(f"`{type(value).__name__}` stands for no type of Go")


def kind_of_type(name: str) -> str:
    """Return what ``reflect`` calls the kind of the type called *name*.

    Returns:
        ``int``, ``string``, ``slice``, ``map``, ``ptr``, ``func``, ``interface``, ...;
        ``struct`` for names that say nothing.
    """
    if name in _KINDS:
        return _KINDS[name]
    for prefix, kind in _KIND_PREFIXES:
        if name.startswith(prefix):
            return kind
    return "struct"


def kind(value: object) -> str:
    """Return what ``reflect`` calls the kind of *value*; ``invalid`` for nil."""
    if isinstance(value, Opaque):
        return value.go_kind
    if value is None or value is MISSING:
        return "invalid"
    return kind_of_type(go_type(value))


_KINDS: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in ("int", "string", "bool", "float64", "float32", "complex128")
    },
    **{name: name for name in INTEGER_TYPES},
    "interface {}": "interface",
    "error": "interface",
    "time.Duration": "int64",
    "sprig.HashAlgorithm": "string",
}
_KIND_PREFIXES: Final = (
    ("[]", "slice"),
    ("map[", "map"),
    ("*", "ptr"),
    ("func(", "func"),
)
