"""Takes a regular expression of ECMA-262 (flag ``u``) apart.

The pattern is sound: the check of the schema compiled it. What single characters a
class or an escape stands for is left to that engine; this finds where they end.
"""

from __future__ import annotations

import re
import sys
from typing import Final

from provisionhub.matrix.pattern_nodes import (
    UNBOUNDED,
    Either,
    Node,
    Nothing,
    OneOf,
    Repeat,
    Sequence,
)

_ESCAPE: Final = re.compile(
    r"\\(?:[pP]\{[^}]*\}|u\{[0-9A-Fa-f]+\}|u[dD][89abAB][0-9A-Fa-f]{2}"
    r"\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|c[A-Za-z]|.)",
    re.DOTALL,
)
_REFERENCE: Final = re.compile(r"\\(?:[1-9][0-9]*|k<[^>]*>)")
_BOUNDARY: Final = re.compile(r"\\[bB]|[\^$]")
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]", re.DOTALL)
_LOOK: Final = re.compile(r"\(\?<?[=!]")
_GROUP: Final = re.compile(r"\((?:\?(?:[a-z]*(?:-[a-z]*)?:|<[^>=!]*>))?")
_COUNT: Final = re.compile(r"([*+?]|\{(\d+)(,?)(\d*)\})\??")
_CODE: Final = re.compile(r"\\(?:u\{?|x)([0-9A-Fa-f]+)\}?")
_PAIR: Final = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)")
_TIMES: Final = {"*": (0, UNBOUNDED), "+": (1, UNBOUNDED), "?": (0, 1.0)}
_DEEPEST: Final = 50
_LAST: Final = sys.maxunicode


class UnreadablePatternError(ValueError):
    """A pattern holds what no text can be made from."""


def parse_pattern(pattern: str) -> Node:
    """Return what *pattern* is made of.

    Raises:
        UnreadablePatternError: If that is not known.
    """
    parser = _Parser(pattern)
    node = parser.parse_either(0)
    if parser.place != len(pattern):
        raise UnreadablePatternError(pattern)
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0

    def parse_either(self, depth: int) -> Node:
        """Parse ``sequence | sequence…``."""
        if depth > _DEEPEST:
            raise UnreadablePatternError(self.text)
        forms = [self._sequence(depth)]
        while self._take("|"):
            forms.append(self._sequence(depth))
        return forms[0] if len(forms) == 1 else Either(tuple(forms))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            parts.append(self._repeated(self._part(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self, depth: int) -> Node:
        if self._match(_BOUNDARY):
            return Nothing()
        if self._match(_LOOK):
            self.parse_either(depth + 1)
            self._close()
            return Nothing()
        if self._match(_GROUP):
            inner = self.parse_either(depth + 1)
            self._close()
            return inner
        if self._match(_REFERENCE):
            raise UnreadablePatternError(self.text)
        return self._one_of()

    def _one_of(self) -> OneOf:
        found = self._match(_CLASS) or self._match(_ESCAPE)
        if not found:
            self.place += 1
            return OneOf(self.text[self.place - 1])
        paired = _PAIR.sub(_joined, found)
        named = "".join(map(_character, _CODE.findall(paired)))
        return OneOf(found, named + _CODE.sub("", found))

    def _repeated(self, node: Node) -> Node:
        found = _COUNT.match(self.text, self.place)
        if found is None:
            return node
        self.place = found.end()
        sign, fewest, comma, most = found.groups()
        if sign in _TIMES:
            return Repeat(node, *_TIMES[sign])
        return Repeat(
            node, int(fewest), float(most or (UNBOUNDED if comma else fewest))
        )

    def _match(self, expression: re.Pattern[str]) -> str:
        found = expression.match(self.text, self.place)
        if found is None:
            return ""
        self.place = found.end()
        return found[0]

    def _take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.place)
        self.place += taken
        return taken

    def _close(self) -> None:
        if not self._take(")"):
            raise UnreadablePatternError(self.text)


def _joined(pair: re.Match[str]) -> str:
    """Return a surrogate pair as one escape."""
    high, low = (int(half, 16) & 0x3FF for half in pair.groups())
    return f"\\u{{{0x10000 + (high << 10) + low:x}}}"


def _character(code: str) -> str:
    """Return what an escape stands for; nothing for half of a surrogate pair."""
    number = int(code, 16)
    return chr(number).encode(errors="ignore").decode() if number <= _LAST else ""
