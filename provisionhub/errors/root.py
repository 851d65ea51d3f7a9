"""What every error has: a code, a hint, a place or violations where there are any."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from provisionhub.jsontypes import JsonObject
from provisionhub.source import Location, printable


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a document breaks its schema.

    Attributes:
        pointer: JSON Pointer (RFC 6901) to the value that is wrong.
        message: What is wrong with it and what is accepted; never a secret.
        at: Where it stands, if the document is a text at hand.
        of_name: Whether it is the value's name that is wrong, and not the value.
    """

    pointer: str
    message: str
    at: Location | None = None
    of_name: bool = False

    def __str__(self) -> str:
        return f"{printable(self.pointer) or '(the whole)'}: {self.message}"

    def to_json(self) -> JsonObject:
        """Return ``{pointer, message, line?, column?}``."""
        shown: JsonObject = {"pointer": self.pointer, "message": self.message}
        if self.at is not None:
            shown |= {"line": self.at.line, "column": self.at.column}
        return shown


class ProvisionError(Exception):
    """A job could not be done.

    The package's docstring draws the tree of what that can be.

    Args:
        message: What went wrong: lower case, no full stop, no secret.
        hint: How to mend it.

    Attributes:
        code: Stable name of the kind of error, kebab-case.
        remedy: What to do about errors of this kind, for the reference; the hint of
            one error says more.
    """

    code: ClassVar[str] = "internal-error"
    remedy: ClassVar[str] = "report it: it is a fault of ProvisionHub or of a plugin"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments live in __dict__, which the default would lose.
        return _revive, (type(self), self.args, self.__dict__)

    def redacted(self, redact: Callable[[str], str]) -> Self:
        """Return this error with *redact* applied to every text that it shows."""
        for name, value in vars(self).items():
            if isinstance(value, str):
                setattr(self, name, redact(value))
        self.args = (self.message,)
        return self

    def details(self) -> JsonObject:
        """Return what a program can use: places, violations, limits."""
        return {} if self.hint is None else {"hint": self.hint}

    def to_json(self) -> JsonObject:
        """Return ``{code, message, details}``, as the control plane gets it."""
        return {"code": self.code, "message": self.message, "details": self.details()}

    def explain(self) -> str:
        """Return the error for a person: message, place with excerpt, hint."""
        parts = [f"error: {self.message}", *self._particulars()]
        shown = "\n".join(parts)
        return shown if self.hint is None else f"{shown}\n\nhint: {self.hint}"

    def _particulars(self) -> Iterable[str]:
        return ()


def _revive(
    cls: type[ProvisionError], args: tuple[object, ...], state: dict[str, object]
) -> ProvisionError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class PermanentError(ProvisionError):
    """A retry would fail alike."""

    remedy = "mend what the message names, then send the job again"


class TransientError(ProvisionError):
    """The same job may well succeed later.

    Attributes:
        retry_after: How long the other side asked us to wait, in seconds.
    """

    code = "temporarily-unavailable"
    remedy = "wait: the job is tried again; look at the other side if it goes on"

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.retry_after = retry_after

    def details(self) -> JsonObject:
        """Add ``retry_after`` in seconds, where it is known."""
        details = super().details()
        return (
            details
            if self.retry_after is None
            else details | {"retry_after": self.retry_after}
        )


class PlacedError(PermanentError):
    """An error that stands at a place in a source text."""

    def __init__(
        self, message: str, *, at: Location | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.at = at

    def located(self, at: Location) -> Self:
        """Return this error with *at* as its place, unless it has one already."""
        if self.at is None:
            self.at = at
        return self

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return this error with its place's file called as *names* has it."""
        if self.at is not None and self.at.file in names:
            self.at = replace(self.at, file=names[self.at.file])
        return self

    def below(self, folder: str) -> Self:
        """Return this error with *folder* before the file of its place."""
        if self.at is not None:
            self.at = replace(self.at, file=f"{folder}/{self.at.file}")
        return self

    def details(self) -> JsonObject:
        """Add ``file``, ``line``, ``column`` and ``excerpt``."""
        details = super().details()
        if self.at is None:
            return details
        return details | {
            "file": self.at.file,
            "line": self.at.line,
            "column": self.at.column,
            "excerpt": self.at.show(),
        }

    def _particulars(self) -> Iterable[str]:
        return () if self.at is None else (self.at.show(),)


class ViolationsError(PermanentError):
    """A document that breaks its schema in one or more places."""

    def __init__(
        self,
        message: str,
        *,
        violations: Sequence[Violation] = (),
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.violations = tuple(violations)

    def details(self) -> JsonObject:
        """Add ``violations``: pointer and message of each."""
        return super().details() | {
            "violations": [violation.to_json() for violation in self.violations]
        }

    def _particulars(self) -> Iterable[str]:
        return (f"  {violation}" for violation in self.violations)


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint if *name* is nearly one of the *known* names."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else None
