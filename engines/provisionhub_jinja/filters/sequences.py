"""Filters on lists: Jinja2's, with results that are lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby as consecutive
from typing import Final

from jinja2 import Undefined
from jinja2.nodes import EvalContext
from jinja2.utils import pass_environment, pass_eval_context

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.filters.lookups import Environment, as_list, key_of, look_up
from provisionhub_jinja.kinds import Value, check_data, to_text
from provisionhub_jinja.limits import spend_steps
from provisionhub_jinja.operators import add
from provisionhub_jinja.runtime import Group, concat, count_turns, join_markup

_SCALARS: Final = (str, int, float, type(None))


@pass_environment
def sort(
    environment: Environment,
    value: Value,
    reverse: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    attribute: Value = None,
) -> list[Value]:
    """Return the items in order, by the attributes named with commas between them."""
    paths = attribute.split(",") if isinstance(attribute, str) else [attribute]
    keys = [key_of(environment, path, case_sensitive=case_sensitive) for path in paths]
    return sorted(
        as_list(value), key=lambda item: [key(item) for key in keys], reverse=reverse
    )


@pass_environment
def unique(
    environment: Environment,
    value: Value,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    attribute: Value = None,
) -> list[Value]:
    """Return the items without those that are equal to an earlier one."""
    key = key_of(environment, attribute, case_sensitive=case_sensitive)
    first: dict[Value, Value] = {}
    for item in as_list(value):
        first.setdefault(_hashable(key(item)), item)
    return list(first.values())


def _hashable(value: Value) -> Value:
    if isinstance(value, _SCALARS):
        return value
    check_data(value)
    return (repr(value),)


@pass_environment
def group_by(
    environment: Environment,
    value: Value,
    attribute: Value,
    default: Value = None,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
) -> list[Group]:
    """Return the items in groups of one attribute, sorted by it."""
    key = key_of(environment, attribute, case_sensitive=case_sensitive)

    def grouper(item: Value) -> Value:
        found = key(item)
        return default if default is not None and _is_missing(found) else found

    ordered = sorted(as_list(value), key=grouper)
    groups = [list(items) for _, items in consecutive(ordered, grouper)]
    exact = key_of(environment, attribute, case_sensitive=True)
    return [Group(_first_of(exact(items[0]), default), items) for items in groups]


def _is_missing(value: Value) -> bool:
    return isinstance(value, Undefined)


def _first_of(value: Value, default: Value) -> Value:
    return default if _is_missing(value) and default is not None else value


@pass_environment
def smallest(
    environment: Environment,
    value: Value,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    attribute: Value = None,
) -> Value:
    """Return the smallest item."""
    key = key_of(environment, attribute, case_sensitive=case_sensitive)
    return _one_of(environment, as_list(value), partial(min, key=key), "smallest")


@pass_environment
def largest(
    environment: Environment,
    value: Value,
    case_sensitive: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    attribute: Value = None,
) -> Value:
    """Return the largest item."""
    key = key_of(environment, attribute, case_sensitive=case_sensitive)
    return _one_of(environment, as_list(value), partial(max, key=key), "largest")


@pass_environment
def first(environment: Environment, value: Value) -> Value:
    """Return the first item."""
    return _one_of(
        environment, count_turns(value), lambda them: next(iter(them)), "first"
    )


@pass_environment
def last(environment: Environment, value: Value) -> Value:
    """Return the last item."""
    return _one_of(
        environment, count_turns(value), lambda them: next(reversed(them)), "last"
    )


def _one_of(
    environment: Environment, items: Value, pick: Callable[[Value], Value], which: str
) -> Value:
    """Return the item that *pick* takes, or what is undefined since there is none."""
    if items:
        return pick(items)
    return environment.undefined(f"there is no {which} item, the list is empty")


def length(value: Value) -> int:
    """Return how many items or characters *value* has."""
    return len(value)


@pass_environment
def total(
    environment: Environment, value: Value, attribute: Value = None, start: Value = 0
) -> Value:
    """Return the sum of the items, or of an attribute of each."""
    for item in as_list(value):
        found = item if attribute is None else look_up(environment, item, attribute)
        start = add(start, found)
    return start


@pass_eval_context
def join(
    eval_ctx: EvalContext, value: Value, d: Value = "", attribute: Value = None
) -> str:
    """Return the items as one text, with *d* between them."""
    items = as_list(value)
    if attribute is not None:
        items = [look_up(eval_ctx.environment, item, attribute) for item in items]
    parts = [part for item in items for part in (d, item)][1:]
    return join_markup(parts) if eval_ctx.autoescape else concat(map(to_text, parts))


def batch(value: Value, linecount: int, fill_with: Value = None) -> list[list[Value]]:
    """Return the items in lists of *linecount*, the last filled up with *fill_with*."""
    _check_count(linecount)
    items = as_list(value)
    rows = [items[at : at + linecount] for at in range(0, len(items), linecount)]
    if fill_with is not None and rows:
        spend_steps(linecount)
        rows[-1] += [fill_with] * (linecount - len(rows[-1]))
    return rows


def slice_up(value: Value, slices: int, fill_with: Value = None) -> list[list[Value]]:
    """Return the items in *slices* lists of nearly one length."""
    _check_count(slices)
    spend_steps(slices)
    items = as_list(value)
    size, longer = divmod(len(items), slices)
    rows: list[list[Value]] = []
    start = 0
    for number in range(slices):
        end = start + size + (1 if number < longer else 0)
        filler = [fill_with] if fill_with is not None and number >= longer else []
        rows.append(items[start:end] + filler)
        start = end
    return rows


def _check_count(count: Value) -> None:
    if not isinstance(count, int) or count < 1:
        raise TemplateRuntimeError("the count must be a whole number above 0")


def reverse(value: Value) -> Value:
    """Return text, or the items of a list, the other way round."""
    return value[::-1] if isinstance(value, str) else as_list(value)[::-1]


SEQUENCE_FILTERS: Final[Mapping[str, Callable[..., Value]]] = {
    "batch": batch,
    "count": length,
    "first": first,
    "groupby": group_by,
    "join": join,
    "last": last,
    "length": length,
    "list": as_list,
    "max": largest,
    "min": smallest,
    "reverse": reverse,
    "slice": slice_up,
    "sort": sort,
    "sum": total,
    "unique": unique,
}
"""The filters of this module, by name."""
