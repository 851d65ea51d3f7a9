"""Everything that can go wrong with a job, as one tree of exceptions.

::

    ProvisionError
    ├─ PermanentError                  a retry would fail alike
    │  ├─ InvalidJobError(violations)
    │  ├─ UnroutableJobError
    │  ├─ BlueprintNotFoundError
    │  ├─ InvalidBlueprintError(at)
    │  ├─ InvalidLockError(at)
    │  ├─ UnknownEngineError
    │  ├─ UnknownProviderError
    │  ├─ BrokenPluginError
    │  ├─ InvalidValuesError(violations)
    │  ├─ TemplateError(at)
    │  │  ├─ TemplateSyntaxError
    │  │  │  └─ UnknownPartialError
    │  │  ├─ TemplateRuntimeError
    │  │  └─ SandboxViolationError
    │  ├─ LimitExceededError(limit, allowed)
    │  ├─ UnsafePathError(path)
    │  ├─ SecretExposedError(secret, path)
    │  ├─ SnapshotMismatchError(example, diff)
    │  ├─ RepositoryExistsError
    │  ├─ ProviderRefusedError(status)
    │  └─ StatusRefusedError
    └─ TransientError(retry_after)     network, 5xx, 429, not ready yet
       ├─ SandboxUnavailableError      no locked process to render in, here and now
       ├─ BrokerUnavailableError
       ├─ WorkerCrashedError
       └─ JobTimeoutError

Each class has a stable kebab-case ``code``: control planes and scripts may rely
on it. Errors survive pickling, so that they can cross from a job process.
"""

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

    This module's docstring draws the tree of what that can be.

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


class SandboxUnavailableError(TransientError):
    """This machine can't give the locked processes that rendering takes.

    It is the machine's fault and not the job's: another worker may do it.
    """

    code = "sandbox-unavailable"
    remedy = "run `provisionhub doctor` on the worker's machine"


class BrokerUnavailableError(TransientError):
    """The message broker can't be reached, or does not take what is sent."""

    code = "broker-unavailable"
    remedy = "look at the broker, and at `RABBITMQ_URL`"


class WorkerCrashedError(TransientError):
    """The process that did the job died."""

    code = "worker-crashed"
    remedy = "look at the worker's log and the machine's memory"


class JobTimeoutError(TransientError):
    """The job took longer than ``MAX_JOB_DURATION``, and was ended."""

    code = "timeout"
    remedy = "find the step that hangs in log or traces, or raise `MAX_JOB_DURATION`"


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


class InvalidJobError(ViolationsError):
    """The job message can't be read or breaks its schema."""

    code = "invalid-job"
    remedy = "mend the message where the violations point"


class UnroutableJobError(PermanentError):
    """The job is of a type that this queue's workers don't take."""

    code = "unroutable-type"
    remedy = "publish it to the queue of its type, or start workers that take it"


class BlueprintNotFoundError(PermanentError):
    """No catalog has a blueprint of that name and version."""

    code = "blueprint-not-found"
    remedy = "mend name or version, or add its catalog to `BLUEPRINT_CATALOGS`"


class InvalidBlueprintError(PlacedError):
    """The blueprint itself is wrong, whatever the values."""

    code = "invalid-blueprint"
    remedy = "mend the blueprint at the place that is shown"


class InvalidLockError(PlacedError):
    """A repository's lock file is missing or can't be read."""

    code = "invalid-lock"
    remedy = "restore the lock file from the repository's first commit"


class UnknownEngineError(PlacedError):
    """The blueprint names a template engine that is not installed."""

    code = "unknown-engine"
    remedy = "install the engine, or name one that `provisionhub engines` lists"


class UnknownProviderError(PermanentError):
    """The job names a Git provider that is not installed."""

    code = "unknown-provider"
    remedy = "install it, or name one that `provisionhub providers` lists"


class BrokenPluginError(PermanentError):
    """An installed plugin can't be loaded, or two have one name."""

    code = "broken-plugin"
    remedy = "mend, upgrade or remove the plugin's package"


class InvalidValuesError(ViolationsError):
    """The values break the blueprint's schema; all violations at once."""

    code = "invalid-values"
    remedy = "mend the values where the violations point"


class TemplateError(PlacedError):
    """A template can't be compiled or rendered."""

    code = "template-error"
    remedy = "mend the template at the place that is shown"


class TemplateSyntaxError(TemplateError):
    """The template is not written in its language."""

    code = "template-syntax"
    remedy = "mend the template at the place that is shown"


class UnknownPartialError(TemplateSyntaxError):
    """The template includes what is not there, by a name that no value decides."""


class TemplateRuntimeError(TemplateError):
    """The template failed while it was rendered."""

    code = "template-runtime"
    remedy = "mend the template at the place that is shown, or the values"


class SandboxViolationError(TemplateError):
    """The template reached for something that no template may have."""

    code = "sandbox-violation"
    remedy = "take it out of the template: no setting allows it"


class LimitExceededError(PlacedError):
    """Something is larger, longer or deeper than allowed.

    Attributes:
        limit: The limit's name, such as ``MAX_TEMPLATE_SIZE``.
        allowed: Its value as a person would write it, such as ``10MB``.
    """

    code = "limit-exceeded"
    remedy = "make it smaller; raise the limit if it is a setting"

    def __init__(
        self,
        message: str,
        *,
        limit: str,
        allowed: str | float,
        at: Location | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, at=at, hint=hint)
        self.limit = limit
        self.allowed = allowed

    def details(self) -> JsonObject:
        """Add ``limit`` and ``allowed``."""
        return super().details() | {"limit": self.limit, "allowed": self.allowed}


class UnsafePathError(PermanentError):
    """A rendered path could leave the tree, hide, or mislead.

    Attributes:
        path: The path as it was rendered.
    """

    code = "unsafe-path"
    remedy = "mend the file's name in the blueprint, or the value in it"

    def __init__(self, message: str, *, path: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path

    def details(self) -> JsonObject:
        """Add ``path``."""
        return super().details() | {"path": self.path}


class SecretExposedError(PermanentError):
    """A secret's value stands in a file that may not hold it.

    Attributes:
        secret: JSON Pointer to the secret in the values.
        path: The file in which it appeared.
    """

    code = "secret-exposed"
    remedy = "name the secret in the file's rule, or keep it out of the file"

    def __init__(
        self, message: str, *, secret: str, path: str, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.secret = secret
        self.path = path

    def details(self) -> JsonObject:
        """Add ``secret`` (its pointer, never its value) and ``path``."""
        return super().details() | {"secret": self.secret, "path": self.path}


class SnapshotMismatchError(PermanentError):
    """A blueprint does not render what its recorded snapshots say.

    Attributes:
        blueprint: Its name and version.
        example: The first of its examples that differs.
        diff: A short unified diff from what is recorded to what is rendered, or
            where rendering failed; empty where nothing is recorded.
    """

    code = "snapshot-mismatch"
    remedy = "run `provisionhub test`, then mend the blueprint or record anew"

    def __init__(
        self,
        message: str,
        *,
        blueprint: str,
        example: str,
        diff: str = "",
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.blueprint = blueprint
        self.example = example
        self.diff = diff

    def details(self) -> JsonObject:
        """Add ``blueprint``, ``example``, and ``diff`` where there is one."""
        told = {"blueprint": self.blueprint, "example": self.example}
        return super().details() | told | ({"diff": self.diff} if self.diff else {})

    def _particulars(self) -> Iterable[str]:
        return (self.diff,) if self.diff else ()


class RepositoryExistsError(PermanentError):
    """Somebody else's repository is in the way; it is left untouched."""

    code = "repository-exists"
    remedy = "choose another name, or move the other repository away"


class ProviderRefusedError(PermanentError):
    """The Git provider said no, and would say so again.

    Attributes:
        status: The provider's status code, where it has one.
    """

    code = "provider-refused"
    remedy = "mend what the provider says, such as the token's rights"

    def __init__(
        self, message: str, *, status: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status

    def details(self) -> JsonObject:
        """Add ``status``, where there is one."""
        details = super().details()
        return details if self.status is None else details | {"status": self.status}


class StatusRefusedError(PermanentError):
    """The control plane won't have the run's final status, for as long as was tried."""

    code = "status-refused"


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint if *name* is nearly one of the *known* names."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean `{near[0]}`?" if near else None
