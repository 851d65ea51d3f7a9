"""The tables of what a template may reach with a dot, beside keys and indices.

Nothing else of Python can be reached: no value's own attributes are ever looked up
by a name from a template, except those that these tables list for its very type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from jinja2.runtime import BlockReference, Macro
from jinja2.utils import Cycler
from markupsafe import Markup

from provisionhub_jinja.kinds import Value, plain_key, to_text
from provisionhub_jinja.limits import spend_steps, spend_text
from provisionhub_jinja.runtime import BoundedMacro, CountedLoop, Group, count_turns

_MACRO: Final = frozenset(
    {"arguments", "caller", "catch_kwargs", "catch_varargs", "name"}
)
PROPERTIES: Final[Mapping[type, frozenset[str]]] = {
    CountedLoop: frozenset(
        {"depth", "depth0", "first", "index", "index0", "last", "length", "nextitem",
         "previtem", "revindex", "revindex0"}
    ),
    Macro: _MACRO,
    BoundedMacro: _MACRO,
    BlockReference: frozenset({"super"}),
    Group: frozenset(Group._fields),
    Cycler: frozenset({"current"}),
}  # fmt: skip
"""Attributes to read, by the type of what has them."""

_PLAIN_TEXT_METHODS: Final = (
    "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha",
    "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isspace", "istitle", "isupper", "lower", "lstrip", "removeprefix",
    "removesuffix", "rfind", "rstrip", "startswith", "strip", "swapcase", "title",
    "upper",
)  # fmt: skip
_SPLITTING_METHODS: Final = ("partition", "rpartition", "rsplit", "split", "splitlines")
_PADDING_METHODS: Final = ("center", "ljust", "rjust", "zfill")


def replace_text(text: str, old: str, new: str, count: int = -1) -> str:
    """Return *text* with *old* replaced by *new*, at most *count* times.

    Raises:
        LimitExceededError: If the result would be too large.
    """
    found = text.count(old) if count < 0 else min(count, text.count(old))
    spend_text(len(text) + found * len(new))
    return text.replace(old, new, count)


def join_text(separator: str, items: Iterable[Value]) -> str:
    """Return *items* as they are printed, with *separator* between them.

    Raises:
        LimitExceededError: If the result would be too large.
    """
    parts = list(map(to_text, count_turns(items)))
    spend_text(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def pad_text(name: str, text: str, width: int, *fill: str) -> str:
    """Return *text* as the method *name* (``center``, …) pads it to *width*.

    Raises:
        LimitExceededError: If the result would be too large.
    """
    spend_text(max(width, len(text)))
    padded: str = getattr(type(text), name)(text, width, *fill)
    return padded


def _plain(name: str) -> Callable[..., object]:
    def method(text: str, *arguments: object, **options: object) -> object:
        spend_text(len(text))
        return getattr(type(text), name)(text, *arguments, **options)

    return method


def _splitting(name: str) -> Callable[..., object]:
    def method(text: str, *arguments: object, **options: object) -> list[str]:
        parts = list(getattr(type(text), name)(text, *arguments, **options))
        spend_steps(len(parts))
        return parts

    return method


def _padding(name: str) -> Callable[..., object]:
    def method(text: str, width: int, *fill: str) -> str:
        return pad_text(name, text, width, *fill)

    return method


def _listing(name: str) -> Callable[..., object]:
    def method(mapping: dict[Value, Value]) -> list[object]:
        spend_steps(len(mapping))
        return list(getattr(mapping, name)())

    return method


def _get(mapping: dict[Value, Value], key: object, default: object = None) -> object:
    return mapping.get(plain_key(key), default)


_TEXT: Final[Mapping[str, Callable[..., object]]] = {
    **{name: _plain(name) for name in _PLAIN_TEXT_METHODS},
    **{name: _splitting(name) for name in _SPLITTING_METHODS},
    **{name: _padding(name) for name in _PADDING_METHODS},
    "join": join_text,
    "replace": replace_text,
}
METHODS: Final[Mapping[type, Mapping[str, Callable[..., Value]]]] = {
    str: _TEXT,
    Markup: _TEXT,
    dict: {name: _listing(name) for name in ("items", "keys", "values")}
    | {"get": _get},
    CountedLoop: {"changed": CountedLoop.changed, "cycle": CountedLoop.cycle},
    Cycler: {"next": Cycler.next, "reset": Cycler.reset},
}
"""Methods to call, by the type of what has them; each takes that value first."""
