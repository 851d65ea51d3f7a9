"""Sprig's functions of paths with slashes.

Those of the operating system's paths follow Linux everywhere: a tree shall not
depend on where it was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.functions import Function, function


def base(path: str) -> str:
    """Return the last part of *path*."""
    if not path:
        return "."
    trimmed = path.rstrip("/")
    return trimmed.rpartition("/")[2] or "/"


def directory(path: str) -> str:
    """Return *path* without its last part."""
    return clean(path[: path.rfind("/") + 1])


def clean(path: str) -> str:
    """Return the shortest path equal to *path*."""
    is_absolute = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in {"", "."}:
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not is_absolute:
            parts.append(part)
    joined = "/".join(parts)
    return "/" + joined if is_absolute else joined or "."


def extension(path: str) -> str:
    """Return the last part's suffix, with its dot."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def is_absolute(path: str) -> bool:
    """Whether *path* starts at the root."""
    return path.startswith("/")


_TEXT: Final = "func(string) string"
_TRUTH: Final = "func(string) bool"

PATHS: Final[Mapping[str, Function]] = {
    "base": function(base, _TEXT),
    "dir": function(directory, _TEXT),
    "clean": function(clean, _TEXT),
    "ext": function(extension, _TEXT),
    "isAbs": function(is_absolute, _TRUTH),
    "osBase": function(base, _TEXT),
    "osDir": function(directory, _TEXT),
    "osClean": function(clean, _TEXT),
    "osExt": function(extension, _TEXT),
    "osIsAbs": function(is_absolute, _TRUTH),
}
"""The functions, by their names in templates."""
