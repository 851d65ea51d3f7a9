"""Errors in what people wrote: jobs, blueprints, values and templates."""

from __future__ import annotations

from collections.abc import Iterable

from provisionhub.errors.root import (
    PermanentError,
    PlacedError,
    ViolationsError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.source import Location


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
