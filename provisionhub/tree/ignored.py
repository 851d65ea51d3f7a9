"""Finds generated files that the tree's own ``.gitignore`` files would hide.

Such a file is in the first commit, but the first change to it may never be.
Pattern rules: https://git-scm.com/docs/gitignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from provisionhub.source import printable
from provisionhub.tree.entries import Mode, Tree
from provisionhub.tree.globs import Glob
from provisionhub.tree.paths import shown_path

_NAME: Final = ".gitignore"
_MOST_PATTERNS: Final = 1000
_MOST_WARNINGS: Final = 20


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One line of one ``.gitignore``."""

    line: str
    file: str
    glob: Glob
    folders_only: bool
    negated: bool

    def matches(self, path: str, *, is_folder: bool) -> bool:
        below = self.file.removesuffix(_NAME)
        if not path.startswith(below) or (self.folders_only and not is_folder):
            return False
        return self.glob.matches(path.removeprefix(below))


def tree_warnings(tree: Tree) -> list[str]:
    """Return a line for people about each file that the tree itself would ignore.

    At most 20 files are named.

    Args:
        tree: A tree that has passed ``check_tree``.
    """
    patterns = list(islice(_patterns(tree), _MOST_PATTERNS))
    hidden = [
        f"`{shown_path(entry.path)}` is hidden by the pattern "
        f"`{printable(pattern.line)}` in `{shown_path(pattern.file)}`"
        for entry in tree
        if (pattern := _hiding(entry.path, patterns)) is not None
    ]
    more = len(hidden) - _MOST_WARNINGS
    rest = [f"and {more} more files are"] if more > 0 else []
    return hidden[:_MOST_WARNINGS] + rest


def _hiding(path: str, patterns: Sequence[_Pattern]) -> _Pattern | None:
    """Return the pattern that hides *path*, or None."""
    parts = path.split("/") if patterns else []
    # What lies in a hidden folder can't be taken back.
    for depth in range(1, len(parts) + 1):
        above = "/".join(parts[:depth])
        last = _last_match(above, patterns, is_folder=depth < len(parts))
        if last is not None and not last.negated:
            return last
    return None


def _last_match(
    path: str, patterns: Sequence[_Pattern], *, is_folder: bool
) -> _Pattern | None:
    matches = (p for p in reversed(patterns) if p.matches(path, is_folder=is_folder))
    return next(matches, None)


def _patterns(tree: Tree) -> Iterator[_Pattern]:
    """Yield all patterns, those of deeper folders later: the last match decides."""
    ignores = [
        entry
        for entry in tree
        if entry.path.rpartition("/")[2] == _NAME and entry.mode is not Mode.SYMLINK
    ]
    for entry in sorted(ignores, key=lambda entry: entry.path.count("/")):
        text = entry.content.decode("utf-8", "replace").removeprefix("\ufeff")
        for line in text.splitlines():
            yield from _read(entry.path, line)


def _read(file: str, line: str) -> Iterator[_Pattern]:
    text = re.sub(r"(?<!\\)[ \t]+$", "", line)
    negated = text.startswith("!")
    text = text.removeprefix("!")
    if not text.strip("/") or line.startswith("#"):
        return
    anchored = "/" in text.rstrip("/")
    body = text.strip("/") if anchored else f"**/{text.rstrip('/')}"
    yield _Pattern(line, file, Glob(_as_glob(body)), text.endswith("/"), negated)


def _as_glob(pattern: str) -> str:
    """Return *pattern* with Git's escapes and negated sets spelled as Python's."""
    unescaped = re.sub(r"\\([*?[])", r"[\1]", pattern)
    unescaped = re.sub(r"\\(.)", r"\1", unescaped)
    return unescaped.replace("[^", "[!")
