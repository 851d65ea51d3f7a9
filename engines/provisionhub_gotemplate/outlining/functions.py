"""What functions do with what they are given: which look into it, which hand it on."""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.functions import Function

COMPARING: Final = frozenset(
    {"deepEqual", "eq", "ge", "gt", "has", "kindIs", "kindOf", "le", "lt", "ne",
     "typeIs", "typeIsLike", "typeOf", "until", "untilStep", "seq"}
)  # fmt: skip
"""They tell something of what they are given, or count."""

ONE_ITEM: Final = frozenset({"first", "last", "mustFirst", "mustLast"})
"""They give one item of what they are given."""

SAME_ITEMS: Final = frozenset(
    {"compact", "initial", "mustCompact", "mustInitial", "mustRest", "mustReverse",
     "mustUniq", "rest", "reverse", "uniq", "values"}
)  # fmt: skip
"""They give a list of items of what they are given."""

SHALLOW: Final = frozenset(
    {"add", "add1", "add1f", "addf", "biggest", "cat", "ceil", "div", "divf", "float64",
     "floor", "html", "int", "int64", "join", "js", "keys", "len", "max", "maxf", "min",
     "minf", "mod", "mul", "mulf", "print", "printf", "println", "quote", "round",
     "sortAlpha", "squote", "sub", "subf", "toDecimal", "toString", "toStrings",
     "trunc", "urlquery"}
)  # fmt: skip
"""They take any value, and make a text or a number of it."""

_DEEP: Final = ("interface {}", "reflect.Value", "[]", "map[")


def looks_into(name: str, function: Function | None, index: int) -> bool:
    """Whether the function *name* may look at what is below its argument *index*."""
    if name in SHALLOW or function is None:
        return name not in SHALLOW
    if index >= len(function.parameters) and not function.variadic:
        return True
    return function.parameter(index).startswith(_DEEP)
