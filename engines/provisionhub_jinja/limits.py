"""The engine's own bounds, and the budget that one render may spend.

They are there for good messages: a bomb in a template ends at once as an ordinary
error with a place, long before the render process reaches its limits on time and
memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NoReturn

from provisionhub.errors import LimitExceededError

MAX_STEPS: Final = 5_000_000
"""Loop turns, calls and items handled by filters, in one render."""
MAX_TEXT: Final = 50_000_000
"""Characters that one render may make, on the way or as output."""
MAX_DEPTH: Final = 50
"""Includes, macro calls, blocks and recursive loops inside one another."""
MAX_RANGE: Final = 100_000
"""Items of one ``range``."""
MAX_SLOW_TEXT: Final = 50_000
"""Characters that a filter takes whose work grows with the square of its text."""
MAX_INTEGER_BITS: Final = 3_300
"""Size of an integer: about a thousand digits."""
MAX_DIGITS: Final = 1_000
"""Digits of an integer written in a template."""
MAX_NESTING: Final = 100
"""Lists and mappings inside one another, in a value that is printed or written."""
MAX_BRACKETS: Final = 24
"""Brackets inside one another in one tag."""
MAX_OPERANDS: Final = 48
"""Prefixes (``not``, ``-``) and inline conditions inside one another."""
MAX_EXPRESSION_DEPTH: Final = 80
"""Operators, look-ups and filters applied to the result of one another."""
MAX_BLOCKS: Final = 32
"""Block tags inside one another."""
MAX_LOOPS: Final = 12
"""``for`` blocks inside one another."""
MAX_BRANCHES: Final = 200
"""``elif`` branches of one ``if``."""
MAX_FIELD: Final = 10_000
"""Width or precision in a ``%`` format."""

STEPS_OF_CALL: Final = 25
"""What a call of a macro or a block costs, beside its own loops."""
STEPS_OF_INCLUDE: Final = 100
"""What an include or an import costs, beside its own loops."""
STEPS_OF_ITEM: Final = 5
"""What each item of a value costs that is printed or written."""


class Budget:
    """What is left for one render to spend.

    Attributes:
        steps: Loop turns left.
        text: Characters left.
        depth: How deep calls and includes are nested now.
        modules: The templates imported so far, by name.
    """

    __slots__ = ("depth", "modules", "steps", "text")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.text = MAX_TEXT
        self.depth = 0
        self.modules: dict[str, object] = {}


_current: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def fresh_budget() -> Iterator[Budget]:
    """Give what runs inside a budget of its own."""
    budget = Budget()
    token = _current.set(budget)
    try:
        yield budget
    finally:
        _current.reset(token)


def current_budget() -> Budget:
    """Return the budget of the render that is under way."""
    return _current.get()


def spend_steps(count: int) -> None:
    """Take *count* steps off the budget.

    Raises:
        LimitExceededError: If fewer are left.
    """
    budget = _current.get()
    budget.steps -= count
    if budget.steps < 0:
        exceed("the template loops too often", "jinja2.steps", MAX_STEPS)


def spend_text(count: int) -> None:
    """Take *count* characters off the budget, before the text is made.

    Raises:
        LimitExceededError: If fewer are left.
    """
    budget = _current.get()
    budget.text -= count
    if budget.text < 0:
        exceed(
            "the template makes too much text",
            "jinja2.text",
            f"{MAX_TEXT} characters",
        )


@contextmanager
def deeper(cost: int) -> Iterator[None]:
    """Count one level of calls or includes while the body runs.

    Args:
        cost: What the call itself costs, in steps.

    Raises:
        LimitExceededError: If that is one level, or one call, too many.
    """
    spend_steps(cost)
    budget = _current.get()
    if budget.depth >= MAX_DEPTH:
        exceed(
            "templates, macros or blocks call one another too deeply",
            "jinja2.depth",
            MAX_DEPTH,
            hint="does one of them call itself without an end?",
        )
    budget.depth += 1
    try:
        yield
    finally:
        budget.depth -= 1


def check_slow_text(text: str) -> None:
    """Refuse *text* that is too long for a filter with quadratic work."""
    if len(text) > MAX_SLOW_TEXT:
        exceed(
            "the text is too long for this filter",
            "jinja2.slow_text",
            f"{MAX_SLOW_TEXT} characters",
        )


def exceed(
    message: str, limit: str, allowed: str | float, *, hint: str | None = None
) -> NoReturn:
    """Raise ``LimitExceededError``; the place is added further up."""
    raise LimitExceededError(message, limit=limit, allowed=allowed, hint=hint)
