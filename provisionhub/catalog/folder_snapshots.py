"""The snapshots in a catalog folder, read without ever following a link."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from provisionhub.blueprint.snapshots import (
    SNAPSHOT_SUFFIX,
    SNAPSHOTS,
    not_plain,
    snapshot_text,
    snapshots_folder,
)
from provisionhub.errors import InvalidBlueprintError

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe that nobody writes to would never be opened otherwise.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class FolderSnapshots:
    """What lies in ``snapshots/<blueprint>/`` of a folder.

    Args:
        root: The catalog.
        blueprint: The blueprint's name.
        longest: The most bytes that one snapshot may have.
    """

    def __init__(self, root: Path, blueprint: str, *, longest: int) -> None:
        self._root = root
        self._blueprint = blueprint
        self._longest = longest

    @property
    def version(self) -> str:
        """A hash over names, times and sizes: every job asks, and reads no file."""
        found = self._list()
        if not found:
            return ""
        digest = hashlib.sha256()
        for name, status in found.items():
            facts = (status.st_dev, status.st_ino, status.st_mode, status.st_size)
            times = (status.st_mtime_ns, status.st_ctime_ns)
            digest.update(f"{name!r} {facts} {times}\n".encode())
        return digest.hexdigest()

    def names(self) -> list[str]:
        """Return the examples that have a snapshot, in order."""
        return [name.removesuffix(SNAPSHOT_SUFFIX) for name in self._list()]

    def read(self, example: str) -> str | None:
        """Return the snapshot of *example*, or None."""
        name = example + SNAPSHOT_SUFFIX
        path = f"{snapshots_folder(self._blueprint)}/{name}"
        # Only a name that the folder itself lists: never a path made of one.
        if name not in self._list():
            return None
        with self._opened() as folder:
            if folder is None:
                return None
            try:
                descriptor = os.open(name, _FILE, dir_fd=folder)
            except FileNotFoundError:
                return None
            except OSError as error:
                raise _unreadable(path, "plain file", error) from None
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise not_plain(path, "plain file")
            content = opened.read(self._longest + 1)
        return snapshot_text(content, path, longest=self._longest)

    def _list(self) -> dict[str, os.stat_result]:
        """Return what may be a snapshot, by file name, in order."""
        with self._opened() as folder:
            if folder is None:
                return {}
            with os.scandir(folder) as entries:
                found = {
                    entry.name: entry.stat(follow_symlinks=False)
                    for entry in entries
                    if entry.name.endswith(SNAPSHOT_SUFFIX)
                }
        return dict(sorted(found.items()))

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        """Have the folder open, or None if there is none."""
        try:
            descriptor = self._open()
        except FileNotFoundError:
            yield None
            return
        except OSError as error:
            path = snapshots_folder(self._blueprint)
            raise _unreadable(path, "folder", error) from None
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _open(self) -> int:
        """Open the folder, step by step: neither it nor the one above is a link."""
        above = os.open(self._root / SNAPSHOTS, _FOLDER)
        try:
            return os.open(self._blueprint, _FOLDER, dir_fd=above)
        finally:
            os.close(above)


def _unreadable(path: str, kind: str, error: OSError) -> InvalidBlueprintError:
    # A link where none is followed, and a file where a folder should be.
    if error.errno in {errno.ELOOP, errno.ENOTDIR, errno.ENXIO}:
        return not_plain(path, kind)
    return InvalidBlueprintError(f"can't read `{path}`: {error.strerror}")
