"""A job: the message that asks for a repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RunId, Visibility


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
