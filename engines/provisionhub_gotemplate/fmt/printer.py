"""Values of any type to text, for any verb: the heart of Go's ``fmt``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from provisionhub_gotemplate.fmt.flags import Flags
from provisionhub_gotemplate.fmt.floats import format_float
from provisionhub_gotemplate.fmt.integers import format_integer
from provisionhub_gotemplate.fmt.keys import sorted_keys
from provisionhub_gotemplate.fmt.texts import format_bytes_hexadecimal, format_text
from provisionhub_gotemplate.limits import MAX_TEXT, exceeded
from provisionhub_gotemplate.values import (
    MISSING,
    Integer,
    Interface,
    Opaque,
    Slice,
    go_type,
    kind,
)

_FLOAT_VERBS: Final = frozenset("vbgGxXfFeE")
_INTEGER_VERBS: Final = frozenset("vdboOxXcqU")
_TEXT_VERBS: Final = frozenset("vsxXq")
_BYTES_VERBS: Final = frozenset("sqxX")
_NIL: Final = "<nil>"
_ADDRESS: Final = 0xAEBD00
"""Where maps and lists are, if one must say: where an empty one of Go's was once."""


class Printer:
    """Collects text.

    Attributes:
        parts: What is collected.
        flags: The flags of the directive at work.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.flags = Flags()
        self._size = 0
        self._is_telling_error = False

    def write(self, text: str) -> None:
        """Collect *text*.

        Raises:
            LimitError: If that makes too much of it.
        """
        self.parts.append(text)
        self._size += len(text)
        if self._size > MAX_TEXT:
            raise exceeded("MAX_TEXT")

    def text(self) -> str:
        """Return all that is collected."""
        return "".join(self.parts)

    def bad_verb(self, verb: str, value: object) -> None:
        """Write that *verb* does not suit *value*: ``%!d(string=hi)``."""
        self._is_telling_error = True
        self.write(f"%!{verb}(")
        if value is None:
            self.write(_NIL)
        else:
            self.write(f"{go_type(value)}=")
            self.print_argument(value, "v")
        self.write(")")
        self._is_telling_error = False

    def print_argument(self, value: object, verb: str) -> None:
        """Write *value*, an argument."""
        if value is None or value is MISSING:
            if verb in "Tv":
                self.write(self.flags.pad(_NIL))
            else:
                self.bad_verb(verb, None)
        elif verb == "T":
            self.write(format_text(go_type(value), "s", self.flags))
        elif verb == "p":
            self._print_pointer(value)
        else:
            self._print(value, verb, depth=0)

    def print_element(self, value: object, verb: str) -> None:
        """Write *value*, an element of a list or map."""
        self._print(value, verb, depth=1)

    def _print_pointer(self, value: object) -> None:
        if kind(value) in {"map", "slice", "func", "ptr"}:
            self._print_address("x")
        else:
            self.bad_verb("p", value)

    def _print_address(self, verb: str) -> None:
        flags = self.flags
        flags.sharp = not flags.sharp
        self.write(format_integer(_ADDRESS, verb, flags))
        flags.sharp = not flags.sharp

    def _print(self, value: object, verb: str, *, depth: int) -> None:
        if type(value) is Interface:
            value = value.value
        if isinstance(value, str):
            self._print_if(verb in _TEXT_VERBS, value, verb)
        elif isinstance(value, bool):
            self._print_if(verb in "tv", value, verb)
        elif isinstance(value, int):
            self._print_if(verb in _INTEGER_VERBS, value, verb)
        elif isinstance(value, float | complex):
            self._print_if(verb in _FLOAT_VERBS, value, verb)
        elif value is None:
            self._print_nil()
        else:
            self._print_composite(value, verb, depth)

    def _print_nil(self) -> None:
        self.write("interface {}(nil)" if self.flags.sharp_v else _NIL)

    def _print_if(self, suits: bool, value: object, verb: str) -> None:  # noqa: FBT001
        if suits:
            self.write(self._scalar(value, verb))
        else:
            self.bad_verb(verb, value)

    def _scalar(self, value: object, verb: str) -> str:
        flags = self.flags
        if isinstance(value, str):
            return format_text(value, verb, flags)
        if isinstance(value, bool):
            return flags.pad("true" if value else "false")
        if isinstance(value, int):
            return self._integer(value, verb)
        if isinstance(value, float):
            return format_float(value, verb, flags)
        return self._complex(value, verb) if isinstance(value, complex) else ""

    def _integer(self, value: int, verb: str) -> str:
        flags = self.flags
        is_unsigned = isinstance(value, Integer) and not value.signed
        if verb == "v" and flags.sharp_v and is_unsigned:
            flags.sharp = True
            text = format_integer(value, "x", flags)
            flags.sharp = False
            return text
        return format_integer(value, verb, flags)

    def _complex(self, value: complex, verb: str) -> str:
        flags = self.flags
        plus = flags.plus
        real = format_float(value.real, verb, flags)
        flags.plus = True
        imaginary = format_float(value.imag, verb, flags)
        flags.plus = plus
        return f"({real}{imaginary}i)"

    def _print_composite(self, value: object, verb: str, depth: int) -> None:
        if isinstance(value, Opaque):
            self._print_opaque(value, verb, depth)
        elif isinstance(value, dict):
            self._print_map(value, verb, depth)
        elif isinstance(value, list):
            self._print_list(value, verb, depth)
        elif verb == "v":
            self._print_address("x")
        else:
            self.bad_verb(verb, value)

    def _print_opaque(self, value: Opaque, verb: str, depth: int) -> None:
        if (
            verb in _TEXT_VERBS
            and not self.flags.sharp_v
            and not self._is_telling_error
        ):
            try:
                text = value.go_string()
            except NotImplementedError:
                pass
            else:
                self.write(format_text(text, verb, self.flags))
                return
        if isinstance(value, int) or value.go_kind == "int64":
            number = int(value)  # type: ignore[call-overload]
            self._print_if(verb in _INTEGER_VERBS, number, verb)
            return
        self._print_struct(value, verb, depth)

    def _print_struct(self, value: Opaque, verb: str, depth: int) -> None:
        flags = self.flags
        name = value.go_type.removeprefix("*")
        self.write("&" if value.go_kind == "ptr" and depth == 0 else "")
        self.write(f"{name}{{" if flags.sharp_v else "{")
        for index, (field, item) in enumerate(value.go_fields.items()):
            if index:
                self.write(", " if flags.sharp_v else " ")
            if flags.plus_v or flags.sharp_v:
                self.write(f"{field}:")
            self._print(item, verb, depth=depth + 1)
        self.write("}")

    def _print_map(self, value: dict[str, object], verb: str, depth: int) -> None:
        is_sharp = self.flags.sharp_v
        self.write(f"{go_type(value)}{{" if is_sharp else "map[")
        for index, key in enumerate(sorted_keys(value)):
            if index:
                self.write(", " if is_sharp else " ")
            self._print(key, verb, depth=depth + 1)
            self.write(":")
            self._print(value[key], verb, depth=depth + 1)
        self.write("}" if is_sharp else "]")

    def _print_list(self, value: list[object], verb: str, depth: int) -> None:
        is_bytes = isinstance(value, Slice) and value.elem == "uint8"
        if is_bytes and verb in _BYTES_VERBS:
            self._print_bytes(value, verb)
            return
        is_sharp = self.flags.sharp_v
        name = "[]byte" if is_bytes and not depth and verb != "w" else go_type(value)
        self.write(f"{name}{{" if is_sharp else "[")
        for index, item in enumerate(value):
            if index:
                self.write(", " if is_sharp else " ")
            self._print(item, verb, depth=depth + 1)
        self.write("}" if is_sharp else "]")

    def _print_bytes(self, value: Iterable[object], verb: str) -> None:
        data = bytes(item for item in value if isinstance(item, int))
        if verb in "xX":
            self.write(format_bytes_hexadecimal(data, verb, self.flags))
        else:
            text = data.decode("utf-8", "surrogateescape")
            self.write(format_text(text, verb, self.flags))
