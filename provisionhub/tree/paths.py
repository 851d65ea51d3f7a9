"""What a single path in a tree may look like, rule by rule.

The rules are those of the strictest system that may clone the repository, and a
little stricter, because a name must not mislead a reader either. Git and libgit2
accept most of what is refused here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from provisionhub.errors import UnsafePathError
from provisionhub.source import printable
from provisionhub.tree.names import fold, is_device_name, is_git_name

MAX_PART_BYTES: Final = 255
MAX_PATH_BYTES: Final = 1024
MAX_DEPTH: Final = 40

_FORBIDDEN: Final = frozenset('\\:<>"|?*')
_SEPARATORS: Final = frozenset("/\\")

# General categories that no name needs and that can hide or mislead. Cf holds the
# bidirectional and zero-width marks. Co stands for `:` and the like in names that
# Windows, Samba and WSL have mapped. Cn folds one way here, another way elsewhere.
_MISLEADING: Final = {
    "Cc": "a control character",
    "Cf": "an invisible formatting character",
    "Cs": "a lone surrogate, which UTF-8 can't hold",
    "Co": "a private-use character",
    "Cn": "a character that Unicode has not assigned",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}

_SHOWN: Final = 200


def check_path(path: str) -> None:
    """Refuse *path* if it could leave the tree, hide, or mislead.

    Raises:
        UnsafePathError: If it breaks a rule; the message says which.
    """
    if (fault := _fault_of_path(path)) is not None:
        raise unsafe(path, fault)


def fault_of_part(part: str) -> str | None:
    """Return what is wrong with one part of a path, or None."""
    return next(_faults_of_part(part), None)


def fault_of_text(text: str) -> str | None:
    """Return what is wrong with the characters or the length of a path, or None."""
    return next(_faults_of_text(text), None)


def unsafe(path: str, fault: str, *, hint: str | None = None) -> UnsafePathError:
    """Return the error that says that *path* has *fault*, both fit to be shown."""
    shown = shown_path(path)
    return UnsafePathError(f"the path `{shown}` {fault}", path=shown, hint=hint)


def shown_path(path: str) -> str:
    """Return *path* with nothing in it that could steer a terminal, and not long."""
    clipped = path if len(path) <= _SHOWN else path[: _SHOWN - 1] + "…"
    return printable(clipped)


def _fault_of_path(path: str) -> str | None:
    if path.startswith("/"):
        return "is absolute"
    if (fault := fault_of_text(path)) is not None:
        return fault
    parts = path.split("/")
    if len(parts) > MAX_DEPTH:
        return f"is {len(parts)} levels deep; at most {MAX_DEPTH} are allowed"
    return next(filter(None, map(fault_of_part, parts)), None)


def _faults_of_text(text: str) -> Iterator[str]:
    if len(text.encode(errors="surrogatepass")) > MAX_PATH_BYTES:
        yield f"is longer than {MAX_PATH_BYTES} bytes"
    for character in text:
        category = unicodedata.category(character)
        if category in _MISLEADING:
            yield f"holds {_MISLEADING[category]} (U+{ord(character):04X})"
        if character in _FORBIDDEN:
            yield f"holds `{character}`, which not every system allows in a name"


def _faults_of_part(part: str) -> Iterator[str]:
    if not part:
        yield "has an empty part"
    if part in {".", ".."}:
        yield f"has a part `{part}`"
    if len(part.encode()) > MAX_PART_BYTES:
        yield f"has a part longer than {MAX_PART_BYTES} bytes"
    if part.endswith(".") or part[-1:].isspace():
        yield "has a part that ends in a dot or a blank"
    yield from _faults_of_folded(fold(part))


def _faults_of_folded(folded: str) -> Iterator[str]:
    if not folded.strip(" "):
        yield "has a part of invisible characters only"
    if folded in {".", ".."} or _SEPARATORS & set(folded):
        yield "has a part that stands for `.`, `..` or a separator on some systems"
    if is_git_name(folded):
        yield "has a part that is Git's own on some systems"
    if is_device_name(folded):
        yield "has a part that is a device on Windows"
