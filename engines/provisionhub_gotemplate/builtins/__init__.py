"""Go's builtin template functions, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.builtins import comparison, escaping, indexing
from provisionhub_gotemplate.builtins.calling import (
    call_value,
    executed_elsewhere,
    negate,
)
from provisionhub_gotemplate.fmt import sprint, sprintf, sprintln
from provisionhub_gotemplate.functions import Function, function

_VALUE: Final = "reflect.Value"
_TWO: Final = f"func({_VALUE}, {_VALUE}) (bool, error)"
_SOME: Final = f"func({_VALUE}, ...{_VALUE})"
_ESCAPER: Final = "func(...any) string"

BUILTINS: Final[Mapping[str, Function]] = {
    "and": function(
        executed_elsewhere,
        f"{_SOME} {_VALUE}",
        about="Return the first argument that is empty, or the last.",
    ),
    "or": function(
        executed_elsewhere,
        f"{_SOME} {_VALUE}",
        about="Return the first argument that is not empty, or the last.",
    ),
    "call": function(
        call_value,
        f"{_SOME} {_VALUE}",
        about="Call a function that is a value; JSON has none.",
    ),
    "not": function(negate, f"func({_VALUE}) bool"),
    "len": function(indexing.length, f"func({_VALUE}) (int, error)"),
    "index": function(indexing.index, f"{_SOME} ({_VALUE}, error)"),
    "slice": function(indexing.cut, f"{_SOME} ({_VALUE}, error)"),
    "print": function(sprint, _ESCAPER),
    "println": function(sprintln, _ESCAPER),
    "printf": function(sprintf, "func(string, ...any) string"),
    "html": function(escaping.html, _ESCAPER),
    "js": function(escaping.js, _ESCAPER),
    "urlquery": function(escaping.urlquery, _ESCAPER),
    "eq": function(comparison.equal, f"{_SOME} (bool, error)"),
    "ne": function(comparison.not_equal, _TWO),
    "lt": function(comparison.less, _TWO),
    "le": function(comparison.less_or_equal, _TWO),
    "gt": function(comparison.greater, _TWO),
    "ge": function(comparison.greater_or_equal, _TWO),
}
"""The functions that every template may call."""
