"""A job: the message that asks for a repository.

The message is held to ``schemas/job.schema.json``, which is also what others read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final, TypeAlias, cast

from provisionhub.documents import DocumentError, read_json
from provisionhub.errors import InvalidJobError, InvalidValuesError, Violation
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RunId, Visibility
from provisionhub.values import ValueSchema

_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2100
_FRACTION: Final = re.compile(r"\.[0-9]+")


class JobType(StrEnum):
    """What is provisioned; a blueprint says which it serves."""

    SYSTEM = "system"
    COMPONENT = "component"


@dataclass(frozen=True, slots=True)
class BlueprintRef:
    """A blueprint's name, pinned to a version or not.

    Attributes:
        name: The blueprint's name in its catalog.
        version: The exact version wanted; None takes what the catalog has.
    """

    name: str
    version: str | None = None

    @classmethod
    def parse(cls, text: str) -> BlueprintRef:
        """Return the reference written as ``name`` or ``name@version``."""
        name, _, version = text.partition("@")
        return cls(name, version or None)

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"


@dataclass(frozen=True, slots=True)
class GitConfig:
    """Where the repository goes, and how it is made.

    Attributes:
        provider: Name of the Git provider, an entry point.
        group_id: The provider's number (as text) or full path of the group.
        visibility: Who may see the repository.
        default_branch: None leaves it to the blueprint, then ``main``.
        description: None leaves it to the blueprint.
        topics: None leaves them to the blueprint.
    """

    provider: str
    group_id: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    default_branch: str | None = None
    description: str | None = None
    topics: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One provisioning run, as its message asks for it.

    Attributes:
        run_id: Identifies the run on every attempt.
        type: What is provisioned.
        blueprint: Which blueprint.
        name: Name of the repository.
        namespace: The group that holds it.
        values: What the blueprint's schema is applied to, as it came.
        git: Where it goes.
        requested_at: When it was asked for, UTC, whole seconds; the commit's date.
    """

    run_id: RunId
    type: JobType
    blueprint: BlueprintRef
    name: str
    namespace: str
    git: GitConfig
    requested_at: datetime
    values: JsonObject = field(default_factory=dict, repr=False)

    @property
    def timestamp(self) -> str:
        """``requested_at`` in RFC 3339, such as ``2026-01-31T12:00:00Z``."""
        return self.requested_at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def to_json(self) -> JsonObject:
        """Return the job as a message that ``read_job`` would accept, all said."""
        git: JsonObject = {
            "provider": self.git.provider,
            "group_id": self.git.group_id,
            "visibility": str(self.git.visibility),
            "default_branch": self.git.default_branch,
            "description": self.git.description,
            "topics": None if self.git.topics is None else list(self.git.topics),
        }
        return {
            "run_id": self.run_id,
            "type": str(self.type),
            "blueprint": {
                "template": str(self.blueprint),
                "name": self.name,
                "namespace": self.namespace,
                "values": self.values,
            },
            "git_config": {
                name: said for name, said in git.items() if said is not None
            },
            "requested_at": self.timestamp,
        }

    @classmethod
    def from_json(cls, message: JsonObject) -> Job:
        """Return the job that ``to_json`` wrote: it was held to its schema before."""
        requested_at = _date(str(message["requested_at"]))
        return _job(message, requested_at)


def read_job(data: bytes, *, received_at: datetime) -> Job:
    """Return the job that a message asks for.

    Args:
        data: The message's body: JSON in UTF-8, at most 1 MiB.
        received_at: When it was first received, aware; what counts where the
            message does not say when it was requested.

    Raises:
        InvalidJobError: If it can't be read, or breaks its schema; with every
            violation.
    """
    message = _read(data)
    violations: list[Violation] = []
    try:
        message = _schema().accept(message).data
    except InvalidValuesError as error:
        violations += error.violations
    if not any(violation.pointer == "/requested_at" for violation in violations):
        violations += _check_date(message)
    if violations:
        raise _invalid(violations)
    return _job(message, received_at)


_Checked: TypeAlias = Any
"""Part of a message that its schema has accepted."""


def _read(data: bytes) -> JsonObject:
    try:
        message = read_json(data, file="job.json")
    except DocumentError as error:
        # Without the excerpt: the lines around may hold a secret.
        at = None if error.at is None else replace(error.at, excerpt=None)
        violation = Violation("", error.message, at)
        text = f"the job can't be read: {error}"
        raise InvalidJobError(text, violations=[violation], hint=error.hint) from None
    if not isinstance(message, dict):
        raise _invalid([Violation("", "must be an object")])
    return message


@cache
def _schema() -> ValueSchema:
    path = files("provisionhub") / "schemas" / "job.schema.json"
    return ValueSchema(cast("JsonObject", read_json(path.read_bytes(), file=str(path))))


def _invalid(violations: list[Violation]) -> InvalidJobError:
    number = len(violations)
    places = "1 place" if number == 1 else f"{number} places"
    return InvalidJobError(
        f"the job breaks its schema in {places}",
        violations=sorted(violations, key=lambda violation: violation.pointer),
    )


def _check_date(message: JsonObject) -> list[Violation]:
    # Git can't hold times before 1970, and not every tool those far ahead.
    text = message.get("requested_at")
    if not isinstance(text, str) or _FIRST_YEAR <= _date(text).year <= _LAST_YEAR:
        return []
    between = f"must lie between {_FIRST_YEAR} and {_LAST_YEAR}"
    return [Violation("/requested_at", f"{between}, not `{text}`")]


def _date(text: str) -> datetime:
    """Return an RFC 3339 time in UTC, whole seconds."""
    whole = datetime.fromisoformat(_FRACTION.sub("", text.upper()))
    return _in_utc(whole)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        # The first and last hours of the calendar, moved beyond it by their offset.
        return moment.replace(tzinfo=UTC)


def _job(message: JsonObject, received_at: datetime) -> Job:
    blueprint: _Checked = message["blueprint"]
    requested_at: _Checked = message.get("requested_at")
    return Job(
        run_id=RunId(str(message["run_id"])),
        type=JobType(str(message["type"])),
        blueprint=BlueprintRef.parse(blueprint["template"]),
        name=blueprint["name"],
        namespace=blueprint["namespace"],
        git=_git(message["git_config"]),
        requested_at=_in_utc(received_at)
        if requested_at is None
        else _date(requested_at),
        values=blueprint["values"],
    )


def _git(config: _Checked) -> GitConfig:
    group: str | float | None = config.get("group_id")
    topics: list[str] | None = config.get("topics")
    return GitConfig(
        provider=config["provider"],
        group_id=group if group is None or isinstance(group, str) else str(int(group)),
        visibility=Visibility(config["visibility"]),
        default_branch=config.get("default_branch"),
        description=config.get("description"),
        topics=None if topics is None else tuple(topics),
    )
