"""Python functions with a Go signature, against which templates' calls are checked."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

from provisionhub_gotemplate.values import Map, Slice, kind_of_type

REFLECT: Final = "reflect.Value"
"""A parameter of this type gets the value as it stands in the executor: maybe
``MISSING``, maybe wrapped in ``Interface``."""

ANY: Final = "interface {}"
"""A parameter of this type gets any value; nil is ``None``."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function that templates can call.

    Attributes:
        call: The Python function. It gets arguments of the declared types and raises
            ``FunctionError`` where a Go function returns an error.
        parameters: The declared types; of a variadic function, the last is the type
            of each further argument.
        variadic: Whether more arguments may follow.
        result: The declared type of its first result.
        go_type: The signature as Go prints it.
        mutates: Whether it changes an argument, as Sprig's ``set`` does. Templates
            that call one work on a copy of their data.
        pure: Whether it may be called again with the same arguments.
        is_builtin: Whether it is one of Go's own.
        about: What it does, in a sentence, for the reference.
    """

    call: Callable[..., object]
    parameters: tuple[str, ...]
    variadic: bool
    result: str
    go_type: str
    mutates: bool = False
    pure: bool = True
    is_builtin: bool = False
    about: str = ""

    def parameter(self, index: int) -> str:
        """Return the type of the argument at *index*, counted from 0."""
        if self.variadic and index >= len(self.parameters):
            return self.parameters[-1]
        return self.parameters[index]


class Templates(Protocol):
    """The templates among which a function runs, as ``SetFunction`` gets them."""

    def execute(self, name: str, data: object) -> str:
        """Return what the template called *name* makes of *data*."""
        ...

    def parse(self, name: str, source: str) -> None:
        """Add a template."""
        ...

    def clone(self) -> Self:
        """Return a copy to which templates can be added."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SetFunction:
    """A function that needs the set it is called from, as ``include`` and ``tpl`` do.

    Attributes:
        bind: Returns the function for one set; called once for each set and clone.
    """

    bind: Callable[[Templates], Function]


def function(
    call: Callable[..., object],
    signature: str,
    *,
    mutates: bool = False,
    about: str | None = None,
) -> Function:
    """Return *call* as a function of the Go type *signature*.

    Args:
        call: What to call.
        signature: Such as ``func(string, any, ...int) (string, error)``.
        mutates: Whether the function changes one of its arguments.
        about: What it does, in the first line; else *call* says it in its docstring.

    Raises:
        ValueError: If *signature* is none.
    """
    parameters, results = _split_signature(signature)
    variadic = bool(parameters) and parameters[-1].startswith("...")
    types = tuple(_normal(text.removeprefix("...")) for text in parameters)
    result = _normal(results[0]) if results else ""
    return Function(
        call=call,
        parameters=types,
        variadic=variadic,
        result=result,
        go_type=signature.replace("any", ANY),
        mutates=mutates,
        about=(about or call.__doc__ or "").partition("\n")[0],
    )


def _split_signature(signature: str) -> tuple[list[str], list[str]]:
    if not signature.startswith("func("):
        raise ValueError(f"`{signature}` is no signature of a Go function")
    end = _closing(signature, len("func("))
    results = signature[end + 1 :].strip()
    if results.startswith("("):
        results = results[1:-1]
    return _split_list(signature[len("func(") : end]), _split_list(results)


def _closing(text: str, start: int) -> int:
    depth = 1
    for index in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[index], 0)
        if depth == 0:
            return index
    raise ValueError(f"`{text}` lacks a closing parenthesis")


def _split_list(text: str) -> list[str]:
    """Split at the commas that stand in no parentheses."""
    parts: list[str] = []
    depth = start = 0
    for index, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:index].strip())
            start = index + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _normal(name: str) -> str:
    """Return the type's name as ``reflect`` prints it."""
    words = name.split()
    if len(words) == 2 and words[1] != "{}":  # noqa: PLR2004 - `name type`
        name = words[1].removeprefix("...")
    if name.endswith("any"):
        name = name.removesuffix("any") + ANY
    return name


def user_function(call: Callable[..., object]) -> Function:
    """Return *call* as a function whose Go signature its annotations tell.

    A parameter without an annotation, or with one that names no type of Go, takes
    any value.

    Raises:
        TypeError: If it has keyword-only parameters without defaults.
    """
    hints = _hints(call)
    parameters: list[str] = []
    variadic = False
    for parameter in inspect.signature(call).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            variadic = True
        elif parameter.kind is parameter.VAR_KEYWORD:
            continue
        elif parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.default is parameter.empty:
                raise TypeError(f"templates cannot pass `{parameter.name}` by keyword")
            continue
        parameters.append(type_of_annotation(hints.get(parameter.name, object)))
    result = type_of_annotation(hints.get("return", object))
    shown = [*parameters]
    if variadic:
        shown[-1] = f"...{shown[-1]}"
    return Function(
        call=_typed(call, result),
        parameters=tuple(parameters),
        variadic=variadic,
        result=result,
        go_type=f"func({', '.join(shown)}) {result}",
        pure=False,
    )


def _hints(call: Callable[..., object]) -> Mapping[str, Any]:
    target: Any = call if inspect.isroutine(call) else type(call).__call__
    try:
        return typing.get_type_hints(target)
    except (NameError, TypeError):
        return {}


_ANNOTATIONS: Final[Mapping[object, str]] = {
    str: "string",
    int: "int",
    bool: "bool",
    float: "float64",
    complex: "complex128",
    list: f"[]{ANY}",
    dict: f"map[string]{ANY}",
}


def type_of_annotation(annotation: object) -> str:
    """Return the Go type that *annotation* stands for; ``interface {}`` for most."""
    if isinstance(annotation, type):
        named: object = getattr(annotation, "go_type", None)
        if isinstance(named, str):
            return named
    if annotation in _ANNOTATIONS:
        return _ANNOTATIONS[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list and len(arguments) == 1:
        return f"[]{type_of_annotation(arguments[0])}"
    if origin is dict and arguments and arguments[0] is str:
        return f"map[string]{type_of_annotation(arguments[1])}"
    return ANY


def _typed(call: Callable[..., object], result: str) -> Callable[..., object]:
    """Let lists and maps that *call* returns carry their declared type."""
    if kind_of_type(result) == "slice" and result != f"[]{ANY}":
        elem = result.removeprefix("[]")
        return lambda *arguments: Slice(elem, call(*arguments))
    if kind_of_type(result) == "map" and result != f"map[string]{ANY}":
        elem = result.removeprefix("map[string]")
        return lambda *arguments: Map(elem, dict(call(*arguments)))  # type: ignore[call-overload]
    return call
