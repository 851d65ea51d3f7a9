"""The one error of this package: a document that can't be read."""

from __future__ import annotations

from provisionhub.source import Location


class DocumentError(ValueError):
    """A document is not written as it must be.

    Args:
        message: What is wrong: lower case, no full stop.
        reason: Stable kebab-case name of the fault, such as ``duplicate-key``.
        at: Where it stands, if that is known.
        hint: How to mend it.
    """

    def __init__(
        self,
        message: str,
        reason: str,
        at: Location | None = None,
        hint: str | None = None,
    ) -> None:
        # All four as args, so that the error survives pickling.
        super().__init__(message, reason, at, hint)
        self.message = message
        self.reason = reason
        self.at = at
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.at is None else f"{self.message} ({self.at})"
