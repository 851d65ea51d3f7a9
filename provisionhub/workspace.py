"""A run's own folder, removed on every path.

The folder is locked while its owner lives; what a killed worker left behind is
known by the lock's being free, and swept away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from provisionhub.errors import ProvisionError, TransientError
from provisionhub.repository import RunId
from provisionhub.tree import Tree

WriteTree = Callable[[Path, Tree], str]
"""Writes a tree into the Git repository in a folder; returns the tree's object id."""

_LOCK: Final = "owner.lock"


class Workspaces:
    """The folder that holds every run's workspace.

    Args:
        root: Made, for its owner alone, when it is first needed.
        write_tree: Writes a tree straight into a Git object database.
    """

    def __init__(self, root: Path, *, write_tree: WriteTree) -> None:
        self._root = root
        self._write_tree = write_tree

    def prepare(self, run_id: RunId) -> Workspace:
        """Return a new, empty workspace for *run_id*, of this process alone.

        Raises:
            TransientError: If the disk won't have it.
        """
        with _as_transient("make a workspace in", self._root):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _held(self._root):
                self._sweep()
                path = Path(tempfile.mkdtemp(prefix=f"{run_id}-", dir=self._root))
                lock = _take(path / _LOCK)
        return Workspace(path, lock, self._write_tree)

    def _sweep(self) -> None:
        """Remove the workspaces whose owners are dead."""
        for path in self._root.iterdir():
            if (lock := path / _LOCK).is_file() and (taken := _take(lock)) is not None:
                _remove(path)
                os.close(taken)


class Workspace:
    """One run's folder; a context manager that removes it.

    Attributes:
        path: The folder.
        repository_path: The bare Git repository in it, once a tree was written.
        tree_id: Object id of the tree that was written, or None.
    """

    def __init__(self, path: Path, lock: int | None, write_tree: WriteTree) -> None:
        self.path = path
        self.repository_path = path / "repository.git"
        self.tree_id: str | None = None
        self._lock = lock
        self._write_tree = write_tree

    def write(self, tree: Tree) -> None:
        """Write *tree* into the workspace's object database.

        Raises:
            TransientError: If the disk won't have it.
        """
        with _as_transient("write to", self.path):
            self.tree_id = self._write_tree(self.repository_path, tree)

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        _remove(self.path)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _take(path: Path) -> int | None:
    """Return a descriptor that holds the lock at *path*, or None if another does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the lock on *folder* itself, waiting for it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    # Git's objects are read-only; what can't be removed now is swept later.
    shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _as_transient(doing: str, path: Path) -> Iterator[None]:
    try:
        yield
    except ProvisionError:
        raise
    except OSError as error:
        raise TransientError(
            f"can't {doing} `{path}`: {error.strerror}",
            hint="WORKSPACE_DIR names a folder that this user may write to",
        ) from error
