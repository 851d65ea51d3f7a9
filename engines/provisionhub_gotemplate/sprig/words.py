"""Sprig's functions of words: shortened, wrapped, capitalised.

They follow the ``goutils`` package, which takes each byte for a character in some.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.limits import spend_text
from provisionhub_gotemplate.sprig.runes import (
    is_digit,
    is_letter,
    is_lower,
    is_space,
    is_title,
    is_upper,
    lower_rune,
    title_rune,
    to_bytes,
    to_runes,
    to_text,
    upper_rune,
)

_DOTS: Final = b"..."
_LEAST_WIDTH: Final = 4
_LEAST_WIDTH_OF_BOTH: Final = 7
_MARGIN: Final = 4


def abbrev(width: int, text: str) -> str:
    """Return *text* cut to *width* bytes, ``...`` included; below 4 as it is."""
    if width < _LEAST_WIDTH:
        return text
    return to_text(_abbreviate(to_bytes(text), 0, width))


def abbrevboth(left: int, right: int, text: str) -> str:
    """Return the *right* bytes of *text* around *left*, ``...`` on both sides."""
    if right < _LEAST_WIDTH or (left > 0 and right < _LEAST_WIDTH_OF_BOTH):
        return text
    return to_text(_abbreviate(to_bytes(text), left, right))


def _abbreviate(octets: bytes, offset: int, width: int) -> bytes:
    if len(octets) <= width:
        return octets
    room = width - len(_DOTS)
    offset = min(offset, len(octets))
    if len(octets) - offset < room:
        offset = len(octets) - room
    if offset <= _MARGIN:
        return octets[:room] + _DOTS
    if width < _LEAST_WIDTH_OF_BOTH:
        return b""
    if offset + room < len(octets):
        return _DOTS + _abbreviate(octets[offset:], 0, room)
    return _DOTS + octets[len(octets) - room :]


def nospace(text: str) -> str:
    """Return *text* without white space."""
    octets = _bytes_as_runes(text)
    kept = "".join(octet for octet in octets if not is_space(octet))
    return text if len(kept) == len(octets) else kept


def initials(text: str) -> str:
    """Return the first character of each word."""
    found: list[str] = []
    after_gap = True
    for octet in _bytes_as_runes(text):
        if is_space(octet):
            after_gap = True
        elif after_gap:
            found.append(octet)
            after_gap = False
    return "".join(found)


def _bytes_as_runes(text: str) -> str:
    return text if text.isascii() else to_bytes(text).decode("latin-1")


def untitle(text: str) -> str:
    """Return *text* with the first letter of each word in lower case."""
    runes = list(to_runes(text))
    at_start = True
    for index, rune in enumerate(runes):
        if is_space(rune):
            at_start = True
        elif at_start:
            runes[index] = lower_rune(rune)
            at_start = False
    return "".join(runes)


def title(text: str) -> str:
    """Return *text* with the first letter of each word in title case."""
    runes = list(to_runes(text))
    previous = " "
    for index, rune in enumerate(runes):
        if _is_separator(previous):
            runes[index] = title_rune(rune)
        previous = rune
    return "".join(runes)


def _is_separator(rune: str) -> bool:
    if rune.isascii():
        return not (rune.isalnum() or rune == "_")
    return is_space(rune) and not (is_letter(rune) or is_digit(rune))


def swapcase(text: str) -> str:
    """Return *text* with small letters made large, and large ones small."""
    runes = list(to_runes(text))
    after_space = True
    for index, rune in enumerate(runes):
        if is_upper(rune) or is_title(rune):
            runes[index] = lower_rune(rune)
            after_space = False
        elif is_lower(rune):
            runes[index] = title_rune(rune) if after_space else upper_rune(rune)
            after_space = False
        else:
            after_space = is_space(rune)
    return "".join(runes)


def wrap(width: int, text: str) -> str:
    """Return *text* in lines of *width* bytes; longer words stay whole."""
    return to_text(b"\n".join(_lines(to_bytes(text), max(width, 1), cut=False)))


def wrap_with(width: int, separator: str, text: str) -> str:
    """Return *text* in pieces of *width* bytes; longer words are cut."""
    pieces = _lines(to_bytes(text), max(width, 1), cut=True)
    new_line = to_bytes(separator) or b"\n"
    spend_text(len(text) + len(new_line) * len(pieces))
    return to_text(new_line.join(pieces))


def _lines(octets: bytes, width: int, *, cut: bool) -> list[bytes]:
    """Return the lines of *octets*; leading spaces of a line are dropped."""
    lines: list[bytes] = []
    start, size = 0, len(octets)
    while size - start > width:
        if octets[start : start + 1] == b" ":
            start += 1
            continue
        end = octets.rfind(b" ", start, start + width + 1)
        skipped = 1
        if end < 0 and cut:
            end, skipped = start + width, 0
        elif end < 0:
            end = octets.find(b" ", start + width)
        if end < 0:
            break
        lines.append(octets[start:end])
        start = end + skipped
    return [*lines, octets[start:]]


WORDS: Final[Mapping[str, Function]] = {
    "abbrev": function(abbrev, "func(int, string) string"),
    "abbrevboth": function(abbrevboth, "func(int, int, string) string"),
    "nospace": function(nospace, "func(string) string"),
    "initials": function(initials, "func(string) string"),
    "untitle": function(untitle, "func(string) string"),
    "title": function(title, "func(string) string"),
    "swapcase": function(swapcase, "func(string) string"),
    "wrap": function(wrap, "func(int, string) string"),
    "wrapWith": function(wrap_with, "func(int, string, string) string"),
}
"""The functions, by their names in templates."""
