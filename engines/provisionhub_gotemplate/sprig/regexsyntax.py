"""Go's regular expressions, read for their errors and written for RE2.

RE2 matches as Go does, but words its complaints otherwise, gives no two groups one
name and knows fewer names of Unicode classes. The reader here follows Go's parser as
far as its errors need.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NoReturn

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.sprig.regexclasses import is_posix_class, unicode_class

_MOST_REPEATED: Final = 1000
_TOO_MANY: Final = 100_000_000
_DEEPEST: Final = 1000
_LAST_RUNE: Final = 0x10FFFF
_REPEAT: Final = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_FLAGS: Final = re.compile(r"\(\?([imsU]*)(-[imsU]+)?([:)])")
_BAD_FLAGS: Final = re.compile(r"\(\?[imsU]*(?:-[imsU]*)?.?", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_OCTAL: Final = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_HEX: Final = re.compile(r"x(?:[0-9a-fA-F]{2}|\{([0-9a-fA-F]+)\})")
_BAD_HEX: Final = re.compile(r"x(?:\{[0-9a-fA-F]*[^0-9a-fA-F]?|.{0,2})", re.DOTALL)
_C_ESCAPES: Final = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_STRAY: Final = re.compile("[\udc80-\udcff]")


@dataclass(slots=True)
class _Group:
    """A group that is open.

    Attributes:
        heaviest: How often its parts are repeated at most, by repeats in repeats.
        last: That of its last part; 0 if there is none to repeat.
    """

    heaviest: int = 1
    last: int = 0


@dataclass
class Pattern:
    """A pattern as Go reads it.

    Attributes:
        source: As it was written.
        names: The names of its groups, in order; ``""`` for none.
    """

    source: str
    names: list[str] = field(default_factory=list)

    @cached_property
    def translated(self) -> str:
        """The pattern as RE2 understands it.

        Raises:
            FunctionError: If it is none; the text is Go's.
        """
        return _Reader(self.source, self.names).read()


class _Reader:
    def __init__(self, source: str, names: list[str]) -> None:
        self._source = source
        self._names = names
        self._at = 0
        self._groups = [_Group()]
        self._written: list[str] = []
        self._last_repeat = -1

    def read(self) -> str:
        """Return the pattern for RE2."""
        if _STRAY.search(self._source):
            self._fail("invalid UTF-8", self._source)
        while self._at < len(self._source):
            repeat = self._read_part()
            self._last_repeat = repeat
        if len(self._groups) > 1:
            self._fail("missing closing )", self._source)
        return "".join(self._written)

    def _read_part(self) -> int:
        """Read one part; return where it started if it was a repetition, else -1."""
        character = self._source[self._at]
        start = self._at
        if character in "*+?":
            self._repeat(self._at + 1, 1)
            return start
        if character == "{":
            return start if self._read_counted() else -1
        if character == "(":
            self._open()
        elif character == "|":
            self._copy(self._at + 1)
            self._groups[-1].last = 0
        elif character == ")":
            self._close()
        elif character == "[":
            self._read_class()
        elif character == "\\":
            self._read_escape()
        else:
            self._copy(self._at + 1)
            self._push(1)
        return -1

    def _fail(self, message: str, where: str) -> NoReturn:
        raise FunctionError(f"error parsing regexp: {message}: `{where}`")

    def _copy(self, end: int) -> None:
        self._written.append(self._source[self._at : end])
        self._at = end

    def _push(self, weight: int) -> None:
        group = self._groups[-1]
        group.last = weight
        group.heaviest = max(group.heaviest, weight)

    def _repeat(self, end: int, times: int) -> None:
        """Read a repetition up to *end*, and a ``?`` after it."""
        start = self._at
        if self._source[end : end + 1] == "?":
            end += 1
        if self._last_repeat >= 0:
            self._fail(
                "invalid nested repetition operator",
                self._source[self._last_repeat : end],
            )
        text = self._source[start:end]
        last = self._groups[-1].last
        if not last:
            self._fail("missing argument to repetition operator", text)
        weight = last * times if times else 1
        if times > 1 and weight > _MOST_REPEATED:
            self._fail("invalid repeat count", text)
        self._copy(end)
        self._push(weight)

    def _read_counted(self) -> bool:
        """Read ``{2,5}``; what is none of that is a brace and not a repetition."""
        match = _REPEAT.match(self._source, self._at)
        if match is None:
            self._written.append("\\{")
            self._at += 1
            self._push(1)
            return False
        least = int(match[1][:10])
        most = least if match[2] is None else int(match[3][:10]) if match[3] else -1
        if max(least, most) > _MOST_REPEATED or 0 <= most < least:
            self._fail("invalid repeat count", match[0])
        self._repeat(match.end(), least if most < 0 else most)
        return True

    def _open(self) -> None:
        rest = self._source[self._at :]
        if rest.startswith("(?"):
            self._open_special(rest)
            return
        self._names.append("")
        self._copy(self._at + 1)
        self._open_group()

    def _open_group(self) -> None:
        self._groups.append(_Group())
        if len(self._groups) > _DEEPEST:
            self._fail("expression nests too deeply", self._source)

    def _open_special(self, rest: str) -> None:
        for prefix in ("(?P<", "(?<"):
            if rest.startswith(prefix) and len(rest) > len(prefix):
                self._open_named(rest, prefix)
                return
        flags = _FLAGS.match(rest)
        if flags is None:
            bad = _BAD_FLAGS.match(rest)
            self._fail("invalid or unsupported Perl syntax", bad[0] if bad else rest)
        self._copy(self._at + flags.end())
        if flags[3] == ":":
            self._open_group()

    def _open_named(self, rest: str, prefix: str) -> None:
        end = rest.find(">")
        if end < 0:
            self._fail("invalid named capture", rest)
        name = rest[len(prefix) : end]
        if not _NAME.fullmatch(name):
            self._fail("invalid named capture", rest[: end + 1])
        self._names.append(name)
        self._written.append("(")
        self._at += end + 1
        self._open_group()

    def _close(self) -> None:
        if len(self._groups) == 1:
            self._fail("unexpected )", self._source)
        self._copy(self._at + 1)
        self._push(self._groups.pop().heaviest)

    def _read_escape(self) -> None:
        following = self._source[self._at + 1 : self._at + 2]
        if following == "C":
            self._fail("invalid escape sequence", "\\C")
        if following == "Q":
            self._read_literal()
        elif following and following in "AbBzdDsSwW":
            self._copy(self._at + 2)
            self._push(1)
        elif following and following in "pP":
            self._read_unicode()
            self._push(1)
        else:
            self._read_character()
            self._push(1)

    def _read_literal(self) -> None:
        literal, end, _ = self._source[self._at + 2 :].partition("\\E")
        self._written.append(
            re.sub(r"[^A-Za-z0-9_\x80-\U0010ffff]", _hex_escape, literal)
        )
        self._at += 2 + len(literal) + len(end)
        if literal:
            self._push(1)

    def _read_unicode(self) -> None:
        r"""Read ``\pL`` or ``\p{Greek}``."""
        rest = self._source[self._at :]
        size = len(rest[:3])
        name = rest[2:3]
        if name == "{":
            size = rest.find("}") + 1
            if not size:
                self._fail("invalid character class range", rest)
            name = rest[3 : size - 1]
        translated = unicode_class(name, is_negated=rest[1] == "P")
        if translated is None:
            self._fail("invalid character class range", rest[:size])
        self._written.append(translated)
        self._at += size

    def _read_character(self) -> int:
        """Read an escape that stands for one character; return its code."""
        rest = self._source[self._at + 1 :]
        if not rest:
            self._fail("trailing backslash at end of expression", "")
        code, size = _escaped(rest)
        if code is None:
            self._fail("invalid escape sequence", "\\" + rest[:size])
        self._copy(self._at + 1 + size)
        return code

    def _read_class(self) -> None:
        """Read ``[a-z]``; its errors are where Go's parser sees them."""
        start = self._at
        self._copy(start + 1)
        if self._source[self._at : self._at + 1] == "^":
            self._copy(self._at + 1)
        is_first = True
        while is_first or self._source[self._at : self._at + 1] != "]":
            is_first = False
            if not (self._read_posix() or self._read_class_escape()):
                self._read_range(start)
        self._copy(self._at + 1)
        self._push(1)

    def _read_posix(self) -> bool:
        """Read ``[:alpha:]``, if that is what comes."""
        if not self._source.startswith("[:", self._at):
            return False
        end = self._source.find(":]", self._at + 2) + 2
        if end < 2:  # noqa: PLR2004 - it was not found
            return False
        name = self._source[self._at : end]
        if not is_posix_class(name):
            self._fail("invalid character class range", name)
        self._copy(end)
        return True

    def _read_class_escape(self) -> bool:
        r"""Read the escape of a class, such as ``\d``, if that is what comes."""
        pair = self._source[self._at : self._at + 2]
        if pair in {r"\p", r"\P"}:
            self._read_unicode()
            return True
        if pair in {r"\d", r"\D", r"\s", r"\S", r"\w", r"\W"}:
            self._copy(self._at + 2)
            return True
        return False

    def _read_range(self, start: int) -> None:
        """Read a character of the class at *start*, or a range of them."""
        low_at = self._at
        low = self._read_class_character(start)
        following = self._source[self._at : self._at + 2]
        if len(following) < len("-z") or following[0] != "-" or following[1] == "]":
            return
        self._copy(self._at + 1)
        if self._read_class_character(start) < low:
            self._fail("invalid character class range", self._source[low_at : self._at])

    def _read_class_character(self, start: int) -> int:
        if self._at >= len(self._source):
            self._fail("missing closing ]", self._source[start:])
        character = self._source[self._at]
        if character == "\\":
            return self._read_character()
        # RE2 takes more of these for the start of something than Go does.
        self._written.append("\\" + character if character in "[]^" else character)
        self._at += 1
        return ord(character)


def _hex_escape(match: re.Match[str]) -> str:
    return f"\\x{ord(match[0]):02x}"


def _escaped(rest: str) -> tuple[int | None, int]:
    """Return what the escape whose text after the backslash is *rest* stands for.

    Returns:
        The code, or nothing if it is no escape; and how much of *rest* it takes.
    """
    first = rest[0]
    if first in _C_ESCAPES:
        return _C_ESCAPES[first], 1
    octal = _OCTAL.match(rest)
    if octal:
        return int(octal[0], 8), octal.end()
    if first == "x":
        return _hexadecimal(rest)
    if first.isascii() and not first.isalnum():
        return ord(first), 1
    return None, 1


def _hexadecimal(rest: str) -> tuple[int | None, int]:
    match = _HEX.match(rest)
    if match:
        code = int(match[1] or match[0][1:], 16)
        if code <= _LAST_RUNE:
            return code, match.end()
    bad = _BAD_HEX.match(rest)
    return None, bad.end() if bad else 1
