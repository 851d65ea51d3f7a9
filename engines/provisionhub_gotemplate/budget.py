"""What one execution, and those it contains through ``include``, may spend together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from provisionhub_gotemplate.limits import (
    MAX_INCLUDE_DEPTH,
    MAX_OUTPUT,
    MAX_STEPS,
    exceeded,
)


class Budget:
    """What is left to spend.

    Attributes:
        steps: Turns of loops and calls of templates.
        characters: Characters to write.
        depth: How many executions are under way inside each other.
        is_exact: Whether compiled code gave up, and the executor is at work.
    """

    __slots__ = ("characters", "depth", "is_exact", "steps")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.characters = MAX_OUTPUT
        self.depth = 0
        self.is_exact = False


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def execution() -> Iterator[Budget]:
    """Give what runs inside its budget: that of the execution around it, if any.

    Raises:
        LimitError: If executions are inside each other too deeply.
    """
    budget = _current.get()
    token = None
    if budget is None:
        budget = Budget()
        token = _current.set(budget)
    if budget.depth >= MAX_INCLUDE_DEPTH:
        raise exceeded("MAX_INCLUDE_DEPTH")
    budget.depth += 1
    try:
        yield budget
    finally:
        budget.depth -= 1
        if token is not None:
            _current.reset(token)
