r"""Regular expressions as JSON Schema means them: ECMA-262, with the ``u`` flag.

Python's differ where it hurts: ``$`` also matches before a last line end, ``\d``
takes every script's digits, and ``\p{L}`` is unknown.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regress

_LONGEST: Final = 1000


class PatternError(ValueError):
    """A text is not a regular expression of ECMA-262."""


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> regress.Regex:
    """Return *pattern*, ready to match.

    Raises:
        PatternError: If it is not valid with the ``u`` flag, or very long.
    """
    if len(pattern) > _LONGEST:
        message = f"it is longer than {_LONGEST} characters"
        raise PatternError(message)
    try:
        return regress.Regex(pattern, "u")
    except regress.RegressError as error:
        message = str(error)
        raise PatternError(message[:1].lower() + message[1:]) from None


def matches(pattern: str, text: str) -> bool:
    """Tell whether *pattern* matches anywhere in *text*; ``$`` is its very end."""
    return compile_pattern(pattern).find(text) is not None
