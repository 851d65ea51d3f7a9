"""The entries of a tree and their modes, as Git knows them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum


class Mode(IntEnum):
    """The file modes that a tree may hold, with Git's own numbers."""

    FILE = 0o100644
    EXECUTABLE = 0o100755
    SYMLINK = 0o120000

    def __str__(self) -> str:
        return f"{self:06o}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or symbolic link.

    Attributes:
        path: Relative to the tree's root, ``/`` between its parts.
        content: The file's bytes, or the link's target in UTF-8.
        mode: What kind of entry it is.
    """

    path: str
    content: bytes
    mode: Mode = Mode.FILE

    @property
    def sha256(self) -> str:
        """The content's SHA-256, 64 lower-case hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


class Tree:
    """Entries in the order of their paths (code points); immutable."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(sorted(entries, key=lambda entry: entry.path))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def size(self) -> int:
        """The sum of all contents, in bytes."""
        return sum(len(entry.content) for entry in self._entries)

    def with_entry(self, entry: Entry) -> Tree:
        """Return this tree with one entry more."""
        return Tree((*self._entries, entry))
