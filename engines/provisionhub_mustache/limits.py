"""What a template may cost: bounds that no honest template comes near.

Templates are untrusted, and a few bytes of Mustache can ask for more work than a
machine can do: partials that double each other, lists nested thrice. Each bound
ends such a template with an ordinary error at a place in its source.
"""

from __future__ import annotations

from typing import Final

from provisionhub.errors import LimitExceededError
from provisionhub.source import Location

MAX_NESTING: Final = 200
"""Sections, blocks and parents that may be open at one place of one template."""

MAX_PARTIAL_DEPTH: Final = 100
"""Partials and parents that may be expanded inside each other."""

MAX_RENDER_DEPTH: Final = 300
"""Sections, blocks, partials and parents entered at once.

Each takes a frame of Python's stack, of which there are 1000; the innermost partial,
compiled when it is reached, may take two more for each of its open tags."""

MAX_STEPS: Final = 5_000_000
"""Tags and texts carried out in one rendering, repetitions counted."""

MAX_OUTPUT: Final = 50_000_000
"""Characters in one rendering."""

MAX_INDENT: Final = 10_000
"""Characters by which standalone partials may indent a line, all together."""

_EXPLANATIONS: Final = {
    "MAX_NESTING": ("tags are nested too deeply", MAX_NESTING),
    "MAX_PARTIAL_DEPTH": ("partials include each other too deeply", MAX_PARTIAL_DEPTH),
    "MAX_RENDER_DEPTH": (
        "sections and partials are nested too deeply",
        MAX_RENDER_DEPTH,
    ),
    "MAX_STEPS": ("the template takes too many steps", MAX_STEPS),
    "MAX_OUTPUT": ("the template writes too much", MAX_OUTPUT),
    "MAX_INDENT": ("partials are indented too far", MAX_INDENT),
}

_HINTS: Final = {
    "MAX_PARTIAL_DEPTH": "let a partial include itself only inside a section"
    " over a list that ends",
}


def exceeded(limit: str, at: Location | None = None) -> LimitExceededError:
    """Return the error that a bound was reached.

    Args:
        limit: The name of one of this module's bounds.
        at: The tag that went too far.
    """
    message, allowed = _EXPLANATIONS[limit]
    return LimitExceededError(
        f"{message}: more than {allowed}",
        limit=limit,
        allowed=allowed,
        at=at,
        hint=_HINTS.get(limit),
    )
