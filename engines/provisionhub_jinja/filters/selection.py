"""Filters that pick from items, or put each through a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jinja2 import Undefined
from jinja2.runtime import Context
from jinja2.utils import pass_context, pass_environment

from provisionhub_jinja.filters.lookups import Environment, as_list, look_up
from provisionhub_jinja.kinds import Value, to_text
from provisionhub_jinja.limits import spend_steps
from provisionhub_jinja.undefined import Missing, UnknownNameError


@pass_environment
def get_attribute(environment: Environment, value: Value, name: str) -> Value:
    """Return ``value.name`` for a name that is itself a value."""
    return environment.getattr(value, to_text(name))


@pass_context
def map_items(
    context: Context, value: Value, *arguments: Value, **options: Value
) -> list[Value]:
    """Return an attribute of each item, or each item through a filter."""
    environment: Environment = context.environment
    items = as_list(value)
    if not arguments and "attribute" in options:
        path, default = options["attribute"], options.get("default")
        found = [look_up(environment, item, path) for item in items]
        if default is None:
            return found
        return [default if isinstance(item, Undefined) else item for item in found]
    name, *rest = arguments or ("",)
    _check_known("filter", name, environment.filters)
    spend_steps(len(items))
    return [
        environment.call_filter(name, item, rest, options, context) for item in items
    ]


@pass_context
def select(context: Context, value: Value, *test: Value) -> list[Value]:
    """Return the items that pass a test, or that are true."""
    return [item for item in as_list(value) if _passes(context, item, test)]


@pass_context
def reject(context: Context, value: Value, *test: Value) -> list[Value]:
    """Return the items that do not pass a test, or that are false."""
    return [item for item in as_list(value) if not _passes(context, item, test)]


@pass_context
def select_attribute(
    context: Context, value: Value, attribute: Value, *test: Value
) -> list[Value]:
    """Return the items whose attribute passes a test, or is true."""
    return [
        item
        for item in as_list(value)
        if _passes(context, look_up(context.environment, item, attribute), test)
    ]


@pass_context
def reject_attribute(
    context: Context, value: Value, attribute: Value, *test: Value
) -> list[Value]:
    """Return the items whose attribute does not pass a test, or is false."""
    return [
        item
        for item in as_list(value)
        if not _passes(context, look_up(context.environment, item, attribute), test)
    ]


def _passes(context: Context, item: Value, test: tuple[Value, ...]) -> bool:
    if not test:
        return bool(item)
    name, *arguments = test
    _check_known("test", name, context.environment.tests)
    return bool(context.environment.call_test(name, item, arguments, {}, context))


def _check_known(kind: str, name: Value, known: Mapping[str, object]) -> None:
    if isinstance(name, Missing):
        name.fail()
    if not isinstance(name, str) or name not in known:
        raise UnknownNameError(kind, to_text(name), known)


SELECTION_FILTERS: Final[Mapping[str, Callable[..., Value]]] = {
    "attr": get_attribute,
    "map": map_items,
    "reject": reject,
    "rejectattr": reject_attribute,
    "select": select,
    "selectattr": select_attribute,
}
"""The filters of this module, by name."""
