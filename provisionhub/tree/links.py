"""Symbolic links: where they lead, step by step, as a kernel would follow them.

Links are what most escapes from a work tree are made of (CVE-2021-21300,
CVE-2024-32002), so a target is followed through the tree's other links, with names
compared as a file system that ignores case would.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from provisionhub.tree.entries import Mode, Tree
from provisionhub.tree.names import fold
from provisionhub.tree.paths import fault_of_part, fault_of_text, unsafe

_MAX_STEPS: Final = 1000
_STEPS_PER_LINK: Final = 25
"""So at most 40 links are followed on the way to one target, as on Linux."""


def check_links(tree: Tree) -> None:
    """Refuse every link that is absolute, odd, endless, or leaves the tree.

    A target that is not in the tree is allowed: a build may make it.

    Args:
        tree: A tree whose paths have passed ``check_path``.

    Raises:
        UnsafePathError: If there is such a link; the message says why.
    """
    links = {
        entry.path: _target(entry.path, entry.content)
        for entry in tree
        if entry.mode == Mode.SYMLINK
    }
    if not links:
        return
    files = (entry.path for entry in tree if entry.mode != Mode.SYMLINK)
    follower = _Follower(links, files)
    for path in links:
        if (fault := follower.fault_of(path)) is not None:
            raise unsafe(path, f"is a link that {fault}")


def _target(path: str, content: bytes) -> list[str]:
    """Return the parts of the target of the link at *path*."""
    try:
        target = content.decode()
    except UnicodeDecodeError:
        raise unsafe(path, "is a link whose target is not valid UTF-8") from None
    if (fault := next(_faults_of_target(target), None)) is not None:
        raise unsafe(path, f"is a link whose target {fault}")
    return target.split("/")


def _faults_of_target(target: str) -> Iterator[str]:
    if target.startswith("/"):
        yield "is absolute"
    parts = [part for part in target.split("/") if part not in {".", ".."}]
    yield from filter(None, [fault_of_text(target), *map(fault_of_part, parts)])


class _Follower:
    """Follows links through the files and links of a tree, by folded names."""

    def __init__(
        self, links: Mapping[str, Sequence[str]], files: Iterable[str]
    ) -> None:
        self._links = {
            _key(path.split("/")): [fold(part) for part in parts]
            for path, parts in links.items()
        }
        self._files = {_key(path.split("/")) for path in files}

    def fault_of(self, path: str) -> str | None:
        """Return what is wrong with where the link at *path* leads, or None."""
        here: list[str] = []
        ahead = [fold(part) for part in reversed(path.split("/"))]
        steps = 0
        while ahead:
            if "/".join(here) in self._files:
                return "leads through a file"
            step = ahead.pop()
            if step == ".." and not here:
                return "leads out of the tree"
            here = _after(here, step)
            target = self._links.get("/".join(here))
            if target is not None:
                here.pop()
                ahead += reversed(target)
            steps += 1 if target is None else _STEPS_PER_LINK
            if steps > _MAX_STEPS:
                return "never arrives"
        return None


def _after(here: list[str], step: str) -> list[str]:
    if step == ".":
        return here
    return here[:-1] if step == ".." else [*here, step]


def _key(parts: Iterable[str]) -> str:
    return "/".join(map(fold, parts))
