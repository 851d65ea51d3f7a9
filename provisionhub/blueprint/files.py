"""The files of a blueprint, read from a folder without ever following a link."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisionhub.errors import InvalidBlueprintError, LimitExceededError
from provisionhub.source import Source
from provisionhub.tree import Mode

MANIFEST: Final = "blueprint.yaml"
TEMPLATE: Final = "template/"
PARTIALS: Final = "partials/"
EXAMPLES: Final = "examples/"


@dataclass(frozen=True, slots=True)
class BlueprintFile:
    """One file or symbolic link of a blueprint.

    Attributes:
        content: Its bytes, or the link's target.
        mode: What kind of entry it is.
    """

    content: bytes
    mode: Mode = Mode.FILE

    def text(self, path: str) -> str:
        """Return the content as text; *path* is for the error.

        Raises:
            InvalidBlueprintError: If it is not UTF-8.
        """
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            readable = self.content[: error.start].decode("utf-8")
            raise InvalidBlueprintError(
                f"`{path}` is not UTF-8: byte 0x{self.content[error.start]:02x}",
                at=Source(path, readable).locate(len(readable)),
                hint="save it as UTF-8, or drop the template suffix to have it copied",
            ) from None


BlueprintFiles = Mapping[str, BlueprintFile]


def digest_of(files: BlueprintFiles) -> str:
    """Return the SHA-256 over *files*: path, mode and content of each, in path order.

    Independent of where the blueprint lies. 64 lower-case hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        file = files[path]
        name = path.encode("utf-8", "surrogateescape")
        digest.update(b"%06o %d %d\0" % (file.mode, len(name), len(file.content)))
        digest.update(name + b"\0" + file.content)
    return digest.hexdigest()


def is_part(path: str) -> bool:
    """Return whether *path* is one of those that make up a blueprint.

    Others, such as a ``README.md`` beside the manifest, are for people only.
    """
    if "/" in path:
        return path.startswith((TEMPLATE, PARTIALS, EXAMPLES))
    return path.endswith((".yaml", ".yml", ".json"))


def read_folder(folder: Path, *, longest: int) -> dict[str, BlueprintFile]:
    """Return the files of the blueprint in *folder*, by path.

    Args:
        folder: The folder that holds ``blueprint.yaml``.
        longest: The most bytes that all files together may have.

    Raises:
        InvalidBlueprintError: If it holds anything but files, folders and links.
        LimitExceededError: If the files are larger than *longest*.
    """
    files: dict[str, BlueprintFile] = {}
    total = 0
    for path in _walk(folder):
        file = _read(folder / path, path, longest=longest - total)
        total += len(file.content)
        if total > longest:
            raise too_large(path, longest)
        files[path] = file
    return files


def too_large(path: str, longest: int) -> LimitExceededError:
    """Return the error of a blueprint that passes *longest* bytes with *path*."""
    return LimitExceededError(
        f"the blueprint's files are larger than {longest} bytes together, "
        f"counted up to `{path}`",
        limit="MAX_TEMPLATE_SIZE",
        allowed=longest,
        hint="raise MAX_TEMPLATE_SIZE, or keep large files out of the blueprint",
    )


def _walk(folder: Path) -> Iterator[str]:
    pending = [""]
    while pending:
        below = pending.pop()
        with os.scandir(folder / below) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                path = below + entry.name
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path + "/")
                elif is_part(path):
                    yield path


def _read(file: Path, path: str, *, longest: int) -> BlueprintFile:
    """Return the file, read no further than one byte beyond *longest*."""
    status = file.lstat()
    if stat.S_ISLNK(status.st_mode):
        return BlueprintFile(os.fsencode(file.readlink()), Mode.SYMLINK)
    if not stat.S_ISREG(status.st_mode):
        raise InvalidBlueprintError(
            f"`{path}` is neither a file, a folder nor a symbolic link",
            hint="remove it from the blueprint",
        )
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as opened:
        content = opened.read(longest + 1)
    executable = bool(status.st_mode & stat.S_IXUSR)
    return BlueprintFile(content, Mode.EXECUTABLE if executable else Mode.FILE)
