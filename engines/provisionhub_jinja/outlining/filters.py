"""What filters do with what they are given: which look into it, which hand it on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jinja2 import nodes

from provisionhub_jinja.filters.numbers import NUMBER_FILTERS
from provisionhub_jinja.filters.texts import TEXT_FILTERS
from provisionhub_jinja.filters.words import WORD_FILTERS

DEFAULTS: Final = frozenset({"d", "default"})
"""They stand in for what is not there."""

ONE_ITEM: Final = frozenset({"first", "last", "max", "min"})
"""They give one item of what they are given."""

SAME_ITEMS: Final = frozenset(
    {"list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort",
     "unique"}
)  # fmt: skip
"""They give a list of items of what they are given."""

PAIRS: Final = frozenset({"dictsort", "items"})
"""They give the names and values of a mapping."""

SIMPLE: Final = frozenset(
    {*TEXT_FILTERS, *WORD_FILTERS, *NUMBER_FILTERS, "count", "join", "length", "sum"}
)
"""They make text or a number, and look no deeper than at items."""

_FIRST: Final = frozenset({"rejectattr", "selectattr", "groupby"})
"""They take the name of an attribute first."""


def attribute(node: nodes.Filter) -> nodes.Expr | None:
    """Return the expression that names what a filter looks up in each item."""
    for keyword in node.kwargs:
        if keyword.key == "attribute":
            return keyword.value
    if node.name in _FIRST and node.args:
        return node.args[0]
    index = {"join": 1, "sum": 0, "sort": 2, "unique": 1, "min": 1, "max": 1}
    position = index.get(node.name)
    if position is not None and position < len(node.args):
        return node.args[position]
    return None


def provides(node: nodes.Filter) -> bool:
    """Return whether items that lack the attribute are provided for.

    By a ``default``, or because the filter asks no more than whether it is there.
    """
    asks = [each.value for each in node.args[1:2] if isinstance(each, nodes.Const)]
    has_default = any(keyword.key == "default" for keyword in node.kwargs)
    return has_default or (node.name in _FIRST and asks in (["defined"], ["undefined"]))


def steps(named: nodes.Const) -> list[list[str | None]]:
    """Return the paths that an attribute such as ``a.b`` or ``a,b.0`` names."""
    return [
        [None if part.isdigit() else part for part in path.split(".")]
        for path in str(named.value).split(",")
    ]


def arguments(
    node: nodes.Filter | nodes.Test | nodes.Call, *, but: nodes.Expr | None = None
) -> Iterator[nodes.Expr]:
    """Yield the arguments of *node*, without the one that is *but*."""
    keywords = [keyword.value for keyword in node.kwargs]
    dynamic = [each for each in (node.dyn_args, node.dyn_kwargs) if each is not None]
    for argument in (*node.args, *keywords, *dynamic):
        if argument is not but:
            yield argument
