"""Globs over paths, matched in linear time: their authors are not trusted."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

_Part = re.Pattern[str] | None


class Glob:
    """A pattern over ``/``-separated paths.

    ``*``, ``?`` and ``[…]`` stay within a part, ``**`` as a whole part crosses
    folders. A trailing ``**`` stands for all below a folder, not the folder itself.

    Args:
        pattern: Relative to the root of the paths.
    """

    def __init__(self, pattern: str) -> None:
        self._parts: Sequence[_Part] = [
            None if part == "**" else re.compile(fnmatch.translate(part))
            for part in pattern.split("/")
        ]

    def matches(self, path: str) -> bool:
        """Return whether the whole of *path* matches."""
        reached = self._past_globstars({0})
        for name in path.split("/"):
            reached = self._past_globstars(self._step(reached, name))
        return len(self._parts) in reached

    def _past_globstars(self, reached: set[int]) -> set[int]:
        """Return *reached* and what follows each ``**`` in it but the last."""
        found = set(reached)
        for index, part in enumerate(self._parts[:-1]):
            if part is None and index in found:
                found.add(index + 1)
        return found

    def _step(self, reached: set[int], name: str) -> set[int]:
        """Return where in the pattern a reader may be after *name*."""
        found: set[int] = set()
        for index in reached - {len(self._parts)}:
            part = self._parts[index]
            if part is None:
                found |= {index, index + 1}
            elif part.match(name):
                found.add(index + 1)
        return found
