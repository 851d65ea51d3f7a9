"""What stands at one place of a template may mean several values at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import TypeVar

from provisionhub.outline import Outline, Read
from provisionhub.source import Location

T = TypeVar("T")


def faulty(outline: Outline, find: Callable[[Read], T | None]) -> Iterator[T]:
    """Yield what *find* says of each place at which it finds all reads faulty.

    An engine that can't tell which of several values is read, such as the elements of
    a list that a template has made, notes them all, one after the other: if one of
    them is right, that is the one that is meant.
    """
    for _, reads in groupby(outline.reads, key=lambda read: _place(read.at)):
        found = [find(read) for read in reads]
        sound = [each for each in found if each is not None]
        if len(sound) == len(found):
            yield sound[0]


def _place(at: Location) -> tuple[str, int, int]:
    return at.file, at.line, at.column
