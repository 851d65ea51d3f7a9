"""Filters on mappings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.filters.lookups import as_mapping, key_of
from provisionhub_jinja.kinds import Value


def items_of(value: Value) -> list[tuple[Value, Value]]:
    """Return the pairs of key and value of a mapping."""
    return list(as_mapping(value).items())


def sort_mapping(
    value: Value,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    by: str = "key",
    reverse: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
) -> list[tuple[Value, Value]]:
    """Return the pairs of a mapping in order, by ``key`` or ``value``."""
    if by not in ("key", "value"):
        raise TemplateRuntimeError("a mapping is sorted by `key` or by `value`")
    key = key_of(None, None, case_sensitive=case_sensitive)
    column = 0 if by == "key" else 1
    pairs = as_mapping(value).items()
    return sorted(pairs, key=lambda pair: key(pair[column]), reverse=reverse)


def combine(value: Value, *others: Value) -> dict[Value, Value]:
    """Return a mapping with the keys of all; later ones win."""
    combined = dict(as_mapping(value))
    for other in others:
        combined |= as_mapping(other)
    return combined


MAPPING_FILTERS: Final[Mapping[str, Callable[..., Value]]] = {
    "combine": combine,
    "dictsort": sort_mapping,
    "items": items_of,
}
"""The filters of this module, by name."""
