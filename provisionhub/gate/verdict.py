"""What the gate found: remembered by a worker, told from process to process."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import cast

from provisionhub.errors import SnapshotMismatchError
from provisionhub.jsontypes import JsonObject


class Result(StrEnum):
    """How a blueprint compares with its snapshots."""

    PASSED = "passed"
    MISMATCHED = "mismatched"
    SKIPPED = "skipped"
    """There was nothing to compare: no snapshot, or no example."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """In what a blueprint differs; the parts of a ``SnapshotMismatchError``.

    Attributes:
        message: The error's.
        blueprint: Name and version.
        example: The first that differs.
        diff: Short, and without the example's secrets.
        hint: How to mend it.
    """

    message: str
    blueprint: str
    example: str
    diff: str
    hint: str

    def error(self) -> SnapshotMismatchError:
        """Return the error that says so; a new one each time, for it may be changed."""
        return SnapshotMismatchError(
            self.message,
            blueprint=self.blueprint,
            example=self.example,
            diff=self.diff,
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comparing all examples of a blueprint came to.

    Attributes:
        result: In a word.
        seconds: What that took; None where there was nothing to compare.
        mismatch: In what it differs, if it does.
    """

    result: Result
    seconds: float | None = None
    mismatch: Mismatch | None = None

    def to_json(self) -> JsonObject:
        """Return it as JSON."""
        return {
            "result": str(self.result),
            "seconds": self.seconds,
            "mismatch": None if self.mismatch is None else asdict(self.mismatch),
        }

    @classmethod
    def from_json(cls, said: JsonObject) -> Verdict:
        """Return the verdict that ``to_json`` wrote."""
        told = cast("dict[str, str] | None", said["mismatch"])
        return cls(
            result=Result(cast("str", said["result"])),
            seconds=cast("float | None", said["seconds"]),
            mismatch=None if told is None else Mismatch(**told),
        )
