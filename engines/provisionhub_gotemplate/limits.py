"""What a template may cost: bounds that no honest template comes near.

Go has few of its own; those it has are kept, with its texts, where Python can. Each
bound ends a template with an ordinary error, long before memory or stack run out.
"""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.errors import LimitError

MAX_PARENTHESES: Final = 150
"""Parentheses inside each other; Go allows 10,000, and this error's text is Go's."""

MAX_BLOCKS: Final = 150
"""``if``, ``range``, ``with``, ``block`` and ``define`` inside each other."""

MAX_TEMPLATE_DEPTH: Final = 100_000
"""``template`` actions under way inside each other: Go's own bound."""

MAX_INCLUDE_DEPTH: Final = 30
"""Executions inside each other, through ``include`` and ``tpl``."""

MAX_SOURCE: Final = 5_000_000
"""Characters of one source text."""

MAX_STEPS: Final = 1_000_000
"""Turns of loops and calls of templates in one execution."""

MAX_OUTPUT: Final = 50_000_000
"""Characters that one execution may write."""

MAX_TEXT: Final = 4_000_000
"""Characters that one call of a function may return."""

MAX_STACK: Final = 1_000
"""Frames of Python's stack, unless the program around sets another limit."""

_EXPLANATIONS: Final = {
    "MAX_STACK": ("the template is nested too deeply to be executed", MAX_STACK),
    "MAX_BLOCKS": ("actions are nested too deeply", MAX_BLOCKS),
    "MAX_INCLUDE_DEPTH": ("templates include each other too deeply", MAX_INCLUDE_DEPTH),
    "MAX_SOURCE": ("the template is too long", MAX_SOURCE),
    "MAX_STEPS": ("the template takes too many steps", MAX_STEPS),
    "MAX_TEXT": ("output too large", MAX_TEXT),
    "MAX_OUTPUT": ("output too large", MAX_OUTPUT),
}


def exceeded(
    limit: str,
    *,
    template: str = "",
    line: int | None = None,
    column: int | None = None,
) -> LimitError:
    """Return the error that a bound was reached.

    Args:
        limit: The name of one of this module's bounds.
        template: The template that went too far.
        line: Where, counted from 1.
        column: The byte in that line, counted from 0.
    """
    message, allowed = _EXPLANATIONS[limit]
    error = LimitError(message, template=template, line=line, column=column)
    error.limit, error.allowed = limit, allowed
    return error
