"""What generated code calls: loops, macros and globals that count what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from jinja2 import Undefined
from jinja2.runtime import BlockReference, LoopContext, Macro
from jinja2.utils import Cycler, Joiner, Namespace
from markupsafe import Markup, escape

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.kinds import Value, describe, plain_key, to_text
from provisionhub_jinja.limits import (
    MAX_RANGE,
    STEPS_OF_CALL,
    deeper,
    exceed,
    spend_steps,
    spend_text,
)
from provisionhub_jinja.undefined import Missing, Nothing

_LOOPABLE: Final = (list, dict, tuple, str, range)


def count_turns(items: object) -> Value:
    """Return *items*, all of whose turns are counted beforehand.

    Raises:
        TemplateRuntimeError: If it is nothing to loop over.
        LimitExceededError: If the template loops too often.
    """
    if not isinstance(items, _LOOPABLE):
        if not isinstance(items, Undefined):
            raise TemplateRuntimeError(f"can't loop over {describe(items)}")
        iter(items)
        return ()
    spend_steps(len(items))
    return items


class Group(NamedTuple):
    """One group that the filter ``groupby`` makes.

    Attributes:
        grouper: What its items have in common.
        list: The items.
    """

    grouper: Value
    list: list[Value]

    def __repr__(self) -> str:
        return tuple.__repr__(self)


class CountedLoop(LoopContext):
    """The ``loop`` of a loop."""

    def __call__(self, iterable: Iterable[Value]) -> str:
        """Loop over *iterable* with the same body, one level deeper."""
        with deeper(STEPS_OF_CALL):
            return super().__call__(count_turns(iterable))


class BoundedMacro(Macro):
    """A macro whose calls are counted."""

    def _invoke(self, arguments: list[Value], autoescape: bool) -> str:  # noqa: FBT001 - Jinja2's signature
        with deeper(STEPS_OF_CALL):
            return super()._invoke(arguments, autoescape)


def call_block(block: BlockReference) -> str:
    """Render *block* where it is called: ``self.name()`` or ``super()``."""
    with deeper(STEPS_OF_CALL):
        return block()


def concat(parts: Iterable[str]) -> str:
    """Return *parts* as one text.

    Raises:
        LimitExceededError: If the template makes too much text.
    """
    parts = list(parts)
    spend_text(sum(map(len, parts)))
    return "".join(parts)


def join_values(values: Iterable[object]) -> str:
    """Return the text of ``a ~ b``."""
    return concat(map(to_text, values))


def join_markup(values: Iterable[object]) -> str:
    """Return the text of ``a ~ b`` where what is not markup is escaped."""
    parts = [value if isinstance(value, Markup) else to_text(value) for value in values]
    if not any(isinstance(part, Markup) for part in parts):
        return concat(parts)
    return Markup(concat(map(escape, parts)))  # noqa: S704 - each part is escaped


RUNTIME: Final[Mapping[str, object]] = {
    "LoopContext": CountedLoop,
    "Macro": BoundedMacro,
    "Undefined": Nothing,
    "markup_join": join_markup,
    "str_join": join_values,
    "to_text": to_text,
}
"""Names in generated code that do not mean what Jinja2 imports for them."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that templates know by name.

    Attributes:
        name: The name.
        function: What a call calls.
    """

    name: str
    function: Callable[..., object]

    def __call__(self, *arguments: object, **options: object) -> object:
        """Call the function; nothing undefined may be given to it."""
        for value in (*arguments, *options.values()):
            if isinstance(value, Missing):
                value.fail()
        return self.function(*arguments, **options)


def _range(*bounds: int) -> range:
    """Return the whole numbers up to the last of *bounds*, as Python's ``range``."""
    numbers = range(*bounds)
    # `len` overflows beyond the size of a machine word.
    if numbers[MAX_RANGE:]:
        exceed("the range is too long", "jinja2.range", MAX_RANGE)
    return numbers


def _dict(
    items: Mapping[Value, Value] | Iterable[Value] = (), **more: Value
) -> dict[Value, Value]:
    """Return a mapping of the pairs in *items*, and what is named beside them."""
    pairs: Iterator[Value] = iter(
        items.items() if isinstance(items, dict) else count_turns(items)
    )
    return {plain_key(key): value for key, value in pairs} | more


def _namespace(
    items: Mapping[Value, Value] | Iterable[Value] = (), **more: Value
) -> Namespace:
    """Return a place for values that outlive the loop in which they are set."""
    return Namespace(_dict(items, **more))


GLOBALS: Final[Mapping[str, Function]] = {
    "cycler": Function("cycler", Cycler),
    "dict": Function("dict", _dict),
    "joiner": Function("joiner", Joiner),
    "namespace": Function("namespace", _namespace),
    "range": Function("range", _range),
}
"""What templates can call, beside what the context holds."""
