"""The whole tree at once: limits, modes, each path, and how the paths get along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provisionhub.errors import LimitExceededError, UnsafePathError
from provisionhub.tree.entries import Entry, Mode, Tree
from provisionhub.tree.links import check_links
from provisionhub.tree.names import fold
from provisionhub.tree.paths import check_path, shown_path, unsafe
from provisionhub.tree.sizes import human_size

_MODES: Final = frozenset(int(mode) for mode in Mode)


@dataclass(frozen=True, slots=True)
class TreeLimits:
    """How large a tree may be.

    Attributes:
        files: Number of files and links (``MAX_FILES``).
        file_bytes: Size of each file in bytes (``MAX_FILE_SIZE``).
        total_bytes: Size of all files together in bytes (``MAX_WORKSPACE_SIZE``).
    """

    files: int
    file_bytes: int
    total_bytes: int


def check_tree(tree: Tree, limits: TreeLimits) -> None:
    """Refuse *tree* unless it is safe to write and to clone on any system.

    Raises:
        LimitExceededError: If it holds too many, too large or too much; the
            message names the file.
        UnsafePathError: If a path breaks a rule, two paths may be one file on
            some system, or a link leads out of the tree.
    """
    _check_limits(tree, limits)
    paths = _Paths()
    for entry in tree:
        _check_mode(entry)
        check_path(entry.path)
        paths.add(entry.path)
    check_links(tree)


def _check_limits(tree: Tree, limits: TreeLimits) -> None:
    if len(tree) > limits.files:
        raise LimitExceededError(
            f"the tree holds {len(tree)} files; at most {limits.files} are allowed",
            limit="MAX_FILES",
            allowed=limits.files,
        )
    total = 0
    for entry in tree:
        total += len(entry.content)
        _check_size(entry, total, limits)


def _check_size(entry: Entry, total: int, limits: TreeLimits) -> None:
    path, size = shown_path(entry.path), len(entry.content)
    if size > limits.file_bytes:
        allowed = human_size(limits.file_bytes)
        raise LimitExceededError(
            f"`{path}` has {size} bytes; at most {allowed} are allowed",
            limit="MAX_FILE_SIZE",
            allowed=allowed,
        )
    if total > limits.total_bytes:
        allowed = human_size(limits.total_bytes)
        raise LimitExceededError(
            f"the tree outgrows {allowed} with `{path}`",
            limit="MAX_WORKSPACE_SIZE",
            allowed=allowed,
        )


def _check_mode(entry: Entry) -> None:
    if entry.mode not in _MODES:
        raise unsafe(
            entry.path,
            f"has the mode {entry.mode:06o}",
            hint="only files, executables and symbolic links are written",
        )


class _Paths:
    """The paths seen so far, by the key under which a system may find them."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._files: set[str] = set()
        self._folders: dict[str, str] = {"": ""}

    def add(self, path: str) -> None:
        """Add a file's path, and the folders above it.

        Raises:
            UnsafePathError: If it collides with one added before.
        """
        folder, _, name = path.rpartition("/")
        key = self._folder_key(folder) + fold(name)
        if key in self._spelled:
            first, is_file = self._spelled[key], key in self._files
            raise _clash(first, path, file_and_folder=not is_file)
        self._spelled[key] = path
        self._files.add(key)

    def _folder_key(self, folder: str) -> str:
        """Return the folded *folder* with a slash at its end; nothing for the top."""
        if folder in self._folders:
            return self._folders[folder]
        above, _, name = folder.rpartition("/")
        key = self._folder_key(above) + fold(name)
        if key in self._spelled:
            first, is_file = self._spelled[key], key in self._files
            raise _clash(first, folder, file_and_folder=is_file)
        self._spelled[key] = folder
        self._folders[folder] = f"{key}/"
        return self._folders[folder]


def _clash(first: str, second: str, *, file_and_folder: bool) -> UnsafePathError:
    other = shown_path(first)
    if file_and_folder:
        return unsafe(second, f"and `{other}` are one, but a file and a folder")
    if first == second:
        return unsafe(second, "stands in the tree twice")
    return unsafe(
        second,
        f"is one with `{other}` on systems that ignore case or Unicode forms",
        hint="rename one of the two",
    )
