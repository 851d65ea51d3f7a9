"""What a value is, in an author's words, and which values may be text at all."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from jinja2 import Undefined
from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, LoopContext, Macro, TemplateReference
from jinja2.utils import Cycler, Joiner, Namespace
from markupsafe import Markup

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.limits import (
    MAX_NESTING,
    STEPS_OF_ITEM,
    exceed,
    spend_steps,
    spend_text,
)

Value: TypeAlias = Any
"""Any value of a template: JSON data, or what `describe` has words for."""

_WORDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (str, "text"),
    (bool, "a truth value"),
    ((int, float), "a number"),
    (complex, "a complex number"),
    (type(None), "none"),
    ((list, tuple), "a list"),
    (dict, "a mapping"),
    (range, "a range"),
    (Undefined, "an undefined value"),
    (Macro, "a macro"),
    (LoopContext, "a loop"),
    (TemplateModule, "an imported template"),
    (TemplateReference, "`self`"),
    (BlockReference, "a block"),
    (Namespace, "a namespace"),
    (Cycler, "a cycler"),
    (Joiner, "a joiner"),
)
PYTHON_NAMES: Final = {
    "str": "text", "Markup": "text", "bool": "a truth value", "int": "a number",
    "float": "a number", "complex": "a complex number", "NoneType": "none",
    "list": "a list", "tuple": "a list", "dict": "a mapping", "range": "a range",
    "Namespace": "a namespace", "BoundedMacro": "a macro", "Function": "a function",
    "CountedLoop": "a loop", "TemplateModule": "an imported template",
    "slice": "a slice",
}  # fmt: skip
"""Names of types, as they stand in Python's messages, in an author's words."""
_NUMBERS: Final = frozenset({int, float, bool, type(None)})


def describe(value: object) -> str:
    """Return what kind of thing *value* is."""
    for kinds, words in _WORDS:
        if isinstance(value, kinds):
            return words
    return "a function"


def to_text(value: object) -> str:
    """Return *value* as it is printed: text as it is, the rest as Python spells it.

    Raises:
        TemplateRuntimeError: If it is not data, so that printing it would show
            something of Python.
        UndefinedFailure: If it is undefined and may not be.
    """
    kind = type(value)
    if kind is str or kind is Markup:
        return value  # type: ignore[return-value]  # the line above says so
    if kind not in _NUMBERS:
        check_data(value)
    return str(value)


def check_data(value: object) -> None:
    """Refuse *value* unless it is JSON data through and through.

    Raises:
        TemplateRuntimeError: If a macro, a function or the like is, or is in it.
        LimitExceededError: If it is too large or nested too deeply.
    """
    pending = [(value, 0)]
    while pending:
        item, depth = pending.pop()
        children = _children(item)
        if depth > MAX_NESTING:
            exceed("the value is nested too deeply", "jinja2.nesting", MAX_NESTING)
        spend_steps(len(children) * STEPS_OF_ITEM)
        pending += [(child, depth + 1) for child in children]


def _children(item: object) -> list[object]:
    kind = type(item)
    if kind in _NUMBERS or kind is range:
        return []
    if isinstance(item, str):
        spend_text(len(item))
        return []
    if isinstance(item, (list, tuple)):
        return list(item)
    if isinstance(item, dict):
        return [*item, *item.values()]
    if isinstance(item, Undefined):
        str(item)  # fails, unless it may be empty
        return []
    raise TemplateRuntimeError(f"{describe(item)} can't be printed", hint=_hint(item))


def _hint(item: object) -> str | None:
    if isinstance(item, (Macro, BlockReference)) or describe(item) == "a function":
        return f"call it: write `{getattr(item, 'name', '')}()`"
    return None


def plain_key(key: object) -> object:
    """Return *key* if it may be the key of a mapping: text, a number, or the like.

    Python hashes a tuple by recursion without a bound: a tuple that is nested very
    deeply would kill the process.

    Raises:
        TemplateRuntimeError: If it may not.
    """
    if isinstance(key, (str, int, float, type(None))):
        return key
    if isinstance(key, Undefined):
        str(key)
    raise TemplateRuntimeError(f"{describe(key)} can't be the key of a mapping")


def shallow(value: object) -> object:
    """Return *value*, unless it is a tuple too deep to be hashed; see `plain_key`.

    Raises:
        LimitExceededError: If it is.
    """
    if not isinstance(value, tuple):
        return value
    level = [value]
    for _ in range(MAX_NESTING):
        level = [item for each in level for item in each if isinstance(item, tuple)]
        if not level:
            return value
        spend_steps(len(level))
    return exceed("the value is nested too deeply", "jinja2.nesting", MAX_NESTING)
