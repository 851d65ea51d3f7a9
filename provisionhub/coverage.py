"""What of a template was ever rendered, told the same way by every engine.

A text is cut into regions: its branches, loops, definitions and outputs, and the text
as a whole. An engine that has the two methods of ``Covers`` beside ``compile`` is
measured by ``provisionhub test --coverage``; the templates of one that has none are
told as not measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, Protocol, TypeAlias, runtime_checkable

from provisionhub.engine import Template

_LONGEST_WORDS: Final = 50


class Kind(StrEnum):
    """What a region is."""

    TEXT = "text"
    """A text as a whole: reached when it is rendered or included."""
    BRANCH = "branch"
    """What is rendered under a condition, or happens if none of them holds."""
    LOOP = "loop"
    """What is rendered for each element."""
    DEFINITION = "definition"
    """What is rendered where its name is called: a macro, a block, a ``define``."""
    OUTPUT = "output"
    """A tag that writes a value."""
    CONDITION = "condition"
    """One of the two answers of a ``when`` in a manifest; engines have none."""
    NAME = "name"
    """A branch in the name of a file or folder; engines have none."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a text that a rendering reaches or not.

    What happens if no branch is taken is a region too, though no text has it: it
    ends where it starts, at the tag that asks.

    Attributes:
        kind: What it is.
        what: How it is called, such as ``else of if .Values.tls``; one line.
        at: Offset of the tag that it begins with, in characters from 0.
        start: Offset of its own text: behind that tag, or the tag itself if that is
            an output.
        end: Offset behind its text.
    """

    kind: Kind
    what: str
    at: int
    start: int
    end: int


Reached: TypeAlias = Callable[[int], None]
"""Told the number of a region, from 0, of the text that is rendered."""

ReachedIn: TypeAlias = Callable[[str, int], None]
"""Told a partial's key, and the number of a region of it."""


@runtime_checkable
class Covers(Protocol):
    """What an engine has whose templates can be measured."""

    def regions(self, text: str, *, name: str) -> tuple[Region, ...]:
        """Return the regions of *text*, the text as a whole first.

        Equal texts have equal regions. What *text* includes is not followed.

        Args:
            text: A template or a partial.
            name: The file's name, for places.

        Raises:
            TemplateSyntaxError: With the place in *text*.
            LimitExceededError: If its tags are nested too deeply.
        """
        ...

    def compile_watched(
        self,
        text: str,
        *,
        name: str,
        partials: Mapping[str, str],
        reached: Reached,
        reached_in: ReachedIn,
    ) -> Template:
        """Compile *text* so that rendering tells which regions it reaches.

        What it renders, and how it fails, is what ``compile``'s does. It may take
        longer.

        Args:
            text: As for ``compile``.
            name: As for ``compile``.
            partials: As for ``compile``.
            reached: Told each region of *text* that a rendering reaches, at least
                once, by its number in ``regions``.
            reached_in: Told the same of partials, by their keys in *partials*.

        Raises:
            TemplateSyntaxError: As ``compile``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Survey:
    """The regions of a text, and which of them each tag begins.

    Attributes:
        regions: The regions, in the order of their numbers.
        begun: By the offset of a tag, the number of the region that it begins.
        lacking: By the offset of a tag that asks, the number of what happens if
            nothing else does: of its ``else``, written or not.
    """

    regions: tuple[Region, ...]
    begun: Mapping[int, int]
    lacking: Mapping[int, int]


@dataclass(slots=True)
class _Open:
    """A tag that waits for its end.

    Attributes:
        at: Its offset.
        what: How its region is called.
        body: The number of the region that is open, if it is one.
        asks: Whether it may be that nothing is rendered.
    """

    at: int
    what: str
    body: int | None
    asks: bool


@dataclass(slots=True)
class Surveyor:
    """Makes regions of the tags of one text, taken in their order.

    Attributes:
        text: The text, which must be a sound template.
    """

    text: str
    _regions: list[Region] = field(default_factory=list)
    _begun: dict[int, int] = field(default_factory=dict)
    _lacking: dict[int, int] = field(default_factory=dict)
    _open: list[_Open] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._add(Region(Kind.TEXT, "the whole file", 0, 0, len(self.text)))

    def output(self, start: int, end: int) -> None:
        """Take the tag from *start* to *end*, which writes a value."""
        what = _one_line(self.text[start:end])
        self._begun[start] = self._add(Region(Kind.OUTPUT, what, start, start, end))

    def aside(self, what: str, at: int) -> int:
        """Add a branch that is part of the tag at *at*; return its number."""
        return self._add(Region(Kind.BRANCH, _one_line(what), at, at, at))

    def opening(
        self, kind: Kind, what: str, start: int, end: int, *, asks: bool = False
    ) -> None:
        """Take the tag from *start* to *end*, behind which a region begins.

        Args:
            kind: What the region is.
            what: How it is called.
            start: Offset of the tag.
            end: Offset behind it.
            asks: Whether it may be that nothing is rendered: then, unless an ``else``
                follows, this is one more region.
        """
        what = _one_line(what)
        body = self._begin(kind, what, start, end)
        self._open.append(_Open(start, what, body, asks))

    def pair(self, start: int) -> None:
        """Take the tag at *start*, which has an end but begins no region."""
        self._open.append(_Open(start, "", None, asks=False))

    def turning(self, what: str, start: int, end: int, *, is_last: bool) -> None:
        """Take an ``else``, or a further question, of the innermost open tag.

        Args:
            what: How the region behind it is called; ``else`` is told what it is of.
            start: Offset of the tag.
            end: Offset behind it.
            is_last: Whether this is what happens if all else does not.
        """
        opened = self._open[-1]
        self._finish(opened, start)
        what = f"else of {opened.what}" if is_last else _one_line(what)
        opened.body = self._begin(Kind.BRANCH, what, start, end)
        if is_last:
            self._lacking[opened.at] = opened.body
            opened.asks = False

    def closing(self, start: int) -> None:
        """Take the tag at *start*, which ends the innermost open one."""
        opened = self._open.pop()
        self._finish(opened, start)
        if opened.asks:
            at = opened.at
            lacks = Region(Kind.BRANCH, f"else of {opened.what}", at, at, at)
            self._lacking[at] = self._add(lacks)

    def survey(self) -> Survey:
        """Return what was found; every tag is past."""
        return Survey(tuple(self._regions), self._begun, self._lacking)

    def _begin(self, kind: Kind, what: str, start: int, end: int) -> int:
        number = self._add(Region(kind, what, start, end, end))
        self._begun[start] = number
        return number

    def _finish(self, opened: _Open, end: int) -> None:
        if opened.body is not None:
            region = self._regions[opened.body]
            # A tag may swallow the blanks that the next one begins after.
            self._regions[opened.body] = replace(region, end=max(region.start, end))

    def _add(self, region: Region) -> int:
        self._regions.append(region)
        return len(self._regions) - 1


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_WORDS else f"{line[: _LONGEST_WORDS - 1]}…"
