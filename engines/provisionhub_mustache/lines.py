"""Where a template's lines begin and end, and which hold nothing but a tag.

The spec takes such *standalone* lines away, and turns the blanks before a partial
into its indentation. ``Lines`` follows the text from left to right and holds back
the blanks at the start of a line until the first tag after them tells what they are.
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub_mustache.lexer import Token
from provisionhub_mustache.nodes import Text


class Lines:
    """The line at which a parser stands.

    Attributes:
        blanks: The blanks since the line's start, not yet placed; None once the line
            holds anything else.
    """

    def __init__(self, text: str) -> None:
        self.blanks: str | None = ""
        self._text = text
        self._resume = 0
        self._margins: list[str | None] = []

    def place(self, token: Token) -> Text | None:
        """Return what the text *token* adds, without what was taken away."""
        text = token.text[max(0, self._resume - token.start) :]
        if not text:
            return None
        if self.blanks is None:
            parts = _INDENTATION_POINTS.split(text)
        else:
            text = self.blanks + text
            starts_empty = text.startswith(("\n", "\r\n"))
            parts = _INDENTATION_POINTS.split(text)
            parts = parts if starts_empty else ["", *parts]
        self.blanks = self._take_trailing_blanks(parts, text)
        self._measure_lines(parts[1:])
        return Text(tuple(parts)) if parts != [""] else None

    def settle(self) -> Text | None:
        """Return the blanks held back, if there is a line start to place, as text."""
        blanks, self.blanks = self.blanks, None
        if blanks is None:
            return None
        self.measure(blanks)
        return Text(("", blanks))

    def line_end(self, tag: Token) -> int | None:
        """Return where *tag*'s line ends if only blanks follow it; otherwise None."""
        rest = _REST_OF_LINE.match(self._text, tag.end)
        return None if rest is None else rest.end()

    def take_line(self, tag: Token) -> str | None:
        """Take *tag*'s line away if nothing else is on it.

        Returns:
            The blanks before the tag, or None if the line holds more than the tag.
        """
        end = self.line_end(tag)
        if self.blanks is None or end is None:
            return None
        blanks = self.blanks
        self.measure(blanks)
        self.skip_to(end)
        return blanks

    def skip_to(self, line_end: int) -> None:
        """Take away all up to *line_end* and begin a new line there."""
        self._resume = line_end
        self.blanks = ""

    def open_margin(self) -> None:
        """Begin to measure the indentation that the coming lines share."""
        self._margins.append(None)

    def close_margin(self) -> str | None:
        """Return the indentation that all lines measured share; None without lines."""
        return self._margins.pop()

    def measure(self, indent: str) -> None:
        """Count *indent* as the indentation of a line."""
        if self._margins:
            margin = self._margins[-1]
            self._margins[-1] = indent if margin is None else _shared(margin, indent)

    def _take_trailing_blanks(self, parts: list[str], text: str) -> str | None:
        if text.endswith("\n"):
            return ""
        if len(parts) > 1 and not parts[-1].strip(" \t"):
            return parts.pop()
        return None

    def _measure_lines(self, lines: list[str]) -> None:
        if not self._margins:
            return
        for line in lines:
            content = line.lstrip(" \t")
            if content not in _LINE_ENDS:
                self.measure(line[: len(line) - len(content)])


_REST_OF_LINE: Final = re.compile(r"[ \t]*+(?:\r?\n|\Z)")
_LINE_ENDS: Final = ("\n", "\r\n")

_INDENTATION_POINTS: Final = re.compile(r"(?<=\n)(?!\r?\n|\Z)")
"""The start of each line but the first, except that of empty lines."""


def _shared(one: str, other: str) -> str:
    """Return the longest text that both start with."""
    if other.startswith(one):
        return one
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return one[:length]
