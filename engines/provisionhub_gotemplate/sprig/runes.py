"""Go's view of text: bytes of UTF-8, and its ``unicode`` package's idea of letters.

Go maps a rune to one rune, in no context: ``ß`` has no upper case, ``İ`` becomes
``i``. Python's methods of whole strings follow the fuller rules of Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

SPACES: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""What ``unicode.IsSpace`` holds for white space; Python adds four controls."""

_SPACES: Final = frozenset(SPACES)
_STRAY: Final = re.compile("[\udc80-\udcff]")


def to_bytes(text: str) -> bytes:
    """Return the bytes that Go holds for *text*."""
    return text.encode("utf-8", "surrogateescape")


def to_text(octets: bytes) -> str:
    """Return *octets* as a string; what is no UTF-8 stays as it is."""
    return octets.decode("utf-8", "surrogateescape")


def to_runes(text: str) -> str:
    """Return *text* as a conversion to ``[]rune`` gives it: bad bytes are U+FFFD."""
    return text if text.isascii() else _STRAY.sub("\ufffd", text)


def is_space(rune: str) -> bool:
    """Whether ``unicode.IsSpace`` holds."""
    return rune in _SPACES


def is_upper(rune: str) -> bool:
    """Whether ``unicode.IsUpper`` holds."""
    return unicodedata.category(rune) == "Lu"


def is_lower(rune: str) -> bool:
    """Whether ``unicode.IsLower`` holds."""
    return unicodedata.category(rune) == "Ll"


def is_title(rune: str) -> bool:
    """Whether ``unicode.IsTitle`` holds."""
    return unicodedata.category(rune) == "Lt"


def is_letter(rune: str) -> bool:
    """Whether ``unicode.IsLetter`` holds."""
    return unicodedata.category(rune)[0] == "L"


def is_number(rune: str) -> bool:
    """Whether ``unicode.IsNumber`` holds."""
    return unicodedata.category(rune)[0] == "N"


def is_digit(rune: str) -> bool:
    """Whether ``unicode.IsDigit`` holds."""
    return unicodedata.category(rune) == "Nd"


def is_punct(rune: str) -> bool:
    """Whether ``unicode.IsPunct`` holds."""
    return unicodedata.category(rune)[0] == "P"


@lru_cache(maxsize=4096)
def upper_rune(rune: str) -> str:
    """Return what ``unicode.ToUpper`` makes of one rune."""
    full = rune.upper()
    if len(full) == 1:
        return full
    # Some runes have a simple mapping beside a longer one; it is their title case.
    return title_rune(rune)


@lru_cache(maxsize=4096)
def title_rune(rune: str) -> str:
    """Return what ``unicode.ToTitle`` makes of one rune."""
    full = rune.title()
    return full if len(full) == 1 else rune


@lru_cache(maxsize=4096)
def lower_rune(rune: str) -> str:
    """Return what ``unicode.ToLower`` makes of one rune."""
    return rune.lower()[0]


def upper(text: str) -> str:
    """Return *text* as ``strings.ToUpper`` gives it."""
    return text.upper() if text.isascii() else _each(upper_rune, text)


def lower(text: str) -> str:
    """Return *text* as ``strings.ToLower`` gives it."""
    return text.lower() if text.isascii() else _each(lower_rune, text)


def _each(change: Callable[[str], str], text: str) -> str:
    return "".join(map(change, to_runes(text)))
