"""Snapshots: what a blueprint renders for each of its examples, as it was recorded.

They lie beside the blueprint, as ``snapshots/<blueprint>/<example>.tree`` of the same
catalog, and are no part of it: they don't change its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from provisionhub.errors import InvalidBlueprintError, LimitExceededError
from provisionhub.source import printable

SNAPSHOTS: Final = "snapshots"
SNAPSHOT_SUFFIX: Final = ".tree"


class Snapshots(Protocol):
    """The recorded snapshots of one blueprint; only ever read, and as data.

    Every method raises ``InvalidBlueprintError`` for what is no plain file or can't
    be read: no link is followed.
    """

    @property
    def version(self) -> str:
        """What tells these snapshots from others; empty if there is none."""
        ...

    def names(self) -> Sequence[str]:
        """Return the examples that have one, in order."""
        ...

    def read(self, example: str) -> str | None:
        """Return the one of *example*, or None.

        Raises:
            LimitExceededError: If it is larger than a blueprint may be.
        """
        ...


class NoSnapshots:
    """What a blueprint has of which nothing is recorded, or nobody looked."""

    version = ""

    def names(self) -> list[str]:
        """Return no name."""
        return []

    def read(self, example: str) -> None:
        """Return none."""


NO_SNAPSHOTS: Final[Snapshots] = NoSnapshots()


def snapshots_folder(blueprint: str) -> str:
    """Return where in a catalog the snapshots of *blueprint* lie."""
    return f"{SNAPSHOTS}/{blueprint}"


def snapshot_text(content: bytes, path: str, *, longest: int) -> str:
    """Return the text of a snapshot, as ``provisionhub test`` reads it.

    Args:
        content: Its bytes; more than *longest* if there are.
        path: Where it lies in its catalog, for the error.
        longest: The most bytes that it may have.

    Raises:
        InvalidBlueprintError: If it is not UTF-8.
        LimitExceededError: If it is too large.
    """
    if len(content) > longest:
        raise LimitExceededError(
            f"the snapshot `{printable(path)}` is larger than {longest} bytes",
            limit="MAX_TEMPLATE_SIZE",
            allowed=longest,
            hint="raise MAX_TEMPLATE_SIZE, or choose an example that makes less",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidBlueprintError(
            f"the snapshot `{printable(path)}` is not UTF-8", hint=_RECORD
        ) from None
    # A tree's text holds no carriage return: what has some was checked out so.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def not_plain(path: str, kind: str) -> InvalidBlueprintError:
    """Return the error of a snapshot (or its folder) at *path* that is no *kind*."""
    return InvalidBlueprintError(
        f"`{printable(path)}` is no {kind}",
        hint=f"among snapshots no link is followed; {_RECORD}",
    )


_RECORD: Final = "remove it, and record it anew: `provisionhub test --update`"
