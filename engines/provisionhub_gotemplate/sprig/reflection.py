"""Sprig's questions about types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.equality import deep_equal
from provisionhub_gotemplate.values import go_type, kind


def type_is_like(name: str, value: object) -> bool:
    """Whether *value* is of the type *name*, or points to one."""
    found = go_type(value)
    return found in {name, "*" + name}


REFLECTION: Final[Mapping[str, Function]] = {
    "typeOf": function(go_type, "func(any) string"),
    "typeIs": function(
        lambda name, value: go_type(value) == name,
        "func(string, any) bool",
        about="Whether *value* is of the type *name*.",
    ),
    "typeIsLike": function(type_is_like, "func(string, any) bool"),
    "kindOf": function(kind, "func(any) string"),
    "kindIs": function(
        lambda name, value: kind(value) == name,
        "func(string, any) bool",
        about="Whether *value* is of the kind *name*.",
    ),
    "deepEqual": function(deep_equal, "func(any, any) bool"),
}
"""The functions, by their names in templates."""
