"""Trees as real files in a folder, written and read without following a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from provisionhub.tree.entries import Entry, Mode, Tree


def write_files(tree: Tree, folder: Path) -> None:
    """Write *tree*, which has passed ``check_tree``, into *folder*.

    Nothing that exists is ever written over.

    Raises:
        OSError: If a file can't be written; FileExistsError if one is in the way.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Links last, so that no file is ever written through one.
    for entry in sorted(tree, key=lambda entry: entry.mode is Mode.SYMLINK):
        path = folder / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode is Mode.SYMLINK:
            path.symlink_to(entry.content.decode("utf-8"))
            continue
        permissions = 0o777 if entry.mode is Mode.EXECUTABLE else 0o666
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, permissions), "wb") as file:
            file.write(entry.content)


def read_files(folder: Path) -> Tree:
    """Return what is in *folder*, Git's own ``.git`` left out.

    Raises:
        OSError: If a file can't be read.
    """
    return Tree(_read(folder, ""))


def _read(folder: Path, below: str) -> Iterator[Entry]:
    with os.scandir(folder / below) as found:
        for item in found:
            path = below + item.name
            if path == ".git":
                continue
            if item.is_symlink():
                target = os.fsencode(Path(item.path).readlink())
                yield Entry(path, target, Mode.SYMLINK)
            elif item.is_dir():
                yield from _read(folder, path + "/")
            elif item.is_file():
                yield Entry(path, Path(item.path).read_bytes(), _mode(item))


def _mode(item: os.DirEntry[str]) -> Mode:
    executable = item.stat(follow_symlinks=False).st_mode & stat.S_IXUSR
    return Mode.EXECUTABLE if executable else Mode.FILE
