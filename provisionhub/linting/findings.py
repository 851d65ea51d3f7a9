"""What lint has to say of a blueprint: findings, each with its code and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from provisionhub.errors import PlacedError, UnknownPartialError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.source import Location


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """Some accepted values can't be rendered, or the blueprint not at all."""
    WARNING = "warning"
    """It renders, but hardly what its author means."""


class Code(StrEnum):
    """What kind of finding it is; stable, for scripts to rely on."""

    SYNTAX = "syntax"
    UNDECLARED_VALUE = "undeclared-value"
    UNUSED_VALUE = "unused-value"
    UNGUARDED_OPTIONAL = "unguarded-optional"
    WRONG_TYPE = "wrong-type"
    UNSANITISED_PATH = "unsanitised-path"
    EXPOSED_SECRET = "exposed-secret"  # noqa: S105 - a finding's name
    UNREACHABLE_BRANCH = "unreachable-branch"
    UNREACHABLE_WHEN = "unreachable-when"
    UNMATCHED_RULE = "unmatched-rule"
    PATH_COLLISION = "path-collision"
    UNKNOWN_PARTIAL = "unknown-partial"
    UNUSED_PARTIAL = "unused-partial"


SEVERITIES: Final[Mapping[Code, Severity]] = MappingProxyType(
    {
        Code.SYNTAX: Severity.ERROR,
        Code.UNDECLARED_VALUE: Severity.ERROR,
        Code.UNUSED_VALUE: Severity.WARNING,
        Code.UNGUARDED_OPTIONAL: Severity.ERROR,
        Code.WRONG_TYPE: Severity.ERROR,
        Code.UNSANITISED_PATH: Severity.WARNING,
        Code.EXPOSED_SECRET: Severity.ERROR,
        Code.UNREACHABLE_BRANCH: Severity.WARNING,
        Code.UNREACHABLE_WHEN: Severity.WARNING,
        Code.UNMATCHED_RULE: Severity.ERROR,
        Code.PATH_COLLISION: Severity.WARNING,
        Code.UNKNOWN_PARTIAL: Severity.ERROR,
        Code.UNUSED_PARTIAL: Severity.WARNING,
    }
)
"""How bad each kind is."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a blueprint.

    Attributes:
        code: What kind of thing.
        message: What is wrong: lower case, no full stop.
        at: Where it stands, below the blueprint's label; None of the whole.
        hint: How to mend it.
        pointer: JSON pointer to the value concerned, in the values; None if it is
            about no value.
    """

    code: Code
    message: str
    at: Location | None = None
    hint: str | None = None
    pointer: str | None = None

    @classmethod
    def of(cls, error: PlacedError, code: Code = Code.SYNTAX) -> Finding:
        """Return the finding that *error* is."""
        if isinstance(error, UnknownPartialError):
            code = Code.UNKNOWN_PARTIAL
        return cls(code, error.message, error.at, error.hint)

    def below(self, folder: str) -> Finding:
        """Return this finding with *folder* before the file of its place."""
        if self.at is None:
            return self
        return replace(self, at=replace(self.at, file=f"{folder}/{self.at.file}"))

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return SEVERITIES[self.code]

    def to_json(self) -> JsonObject:
        """Return ``{code, severity, message, hint?, pointer?, file?, line?, …}``."""
        shown: JsonObject = {
            "code": str(self.code),
            "severity": str(self.severity),
            "message": self.message,
        }
        if self.hint is not None:
            shown["hint"] = self.hint
        if self.pointer is not None:
            shown["pointer"] = self.pointer
        if self.at is not None:
            shown |= {
                "file": self.at.file,
                "line": self.at.line,
                "column": self.at.column,
                "excerpt": self.at.show(),
            }
        return shown


@dataclass(frozen=True, slots=True)
class Report:
    """What lint found in one blueprint.

    Attributes:
        findings: In the order of their places.
        affects: By JSON pointer to a value, the template files, by their paths in
            the blueprint, whose content, name or condition it affects.
        is_outlined: Whether its engine tells what a template reads; otherwise only
            its syntax was looked at.
        left_out: How many findings there are beyond those that are listed.
    """

    findings: tuple[Finding, ...]
    affects: Mapping[str, tuple[str, ...]]
    is_outlined: bool = True
    left_out: int = 0

    @classmethod
    def of(cls, error: PlacedError) -> Report:
        """Return the report on a blueprint of which only *error* is known."""
        return cls((Finding.of(error),), {})

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(each.severity is Severity.ERROR for each in self.findings)

    @property
    def warnings(self) -> int:
        """How many of the findings are warnings."""
        return len(self.findings) - self.errors

    def to_json(self) -> JsonObject:
        """Return ``{findings, affects, outlined, left_out}``."""
        findings: list[JsonValue] = [each.to_json() for each in self.findings]
        affects: JsonObject = {name: list(of) for name, of in self.affects.items()}
        return {
            "findings": findings,
            "affects": affects,
            "outlined": self.is_outlined,
            "left_out": self.left_out,
        }
