"""What a Git provider is asked for, and what it gives.

A provider is a plugin: a class registered under the entry-point group
``provisionhub.providers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol, runtime_checkable

from provisionhub.jsontypes import JsonObject

RunId = NewType("RunId", str)
"""Identifies one provisioning run, whatever the number of its attempts."""

CommitId = NewType("CommitId", str)
"""A Git commit's SHA-1, 40 lower-case hexadecimal digits."""


class Visibility(StrEnum):
    """Who may see a repository, in GitLab's terms."""

    PRIVATE = "private"
    INTERNAL = "internal"
    PUBLIC = "public"


class AccessLevel(StrEnum):
    """What a member may do, in GitLab's terms, lowest first."""

    NO_ONE = "no-one"
    GUEST = "guest"
    REPORTER = "reporter"
    DEVELOPER = "developer"
    MAINTAINER = "maintainer"


@dataclass(frozen=True, slots=True)
class ProtectedBranch:
    """A branch, or a pattern of branches, that not everybody may change.

    Attributes:
        name: The branch; ``*`` stands for any characters.
        push: Who may push to it, and those above.
        merge: Who may merge into it, and those above.
    """

    name: str
    push: AccessLevel = AccessLevel.MAINTAINER
    merge: AccessLevel = AccessLevel.MAINTAINER


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """How a repository is set up before its first pipeline can start.

    Attributes:
        protected_branches: Branches that not everybody may change.
        variables: CI variables, each as the provider's API takes it.
        members: User names and what each may do.
        merge: How merge requests are merged, as the provider's API takes it.
    """

    protected_branches: tuple[ProtectedBranch, ...] = ()
    variables: tuple[JsonObject, ...] = field(default=(), repr=False)
    members: tuple[tuple[str, AccessLevel], ...] = ()
    merge: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RepositoryRequest:
    """The repository that a job asks for.

    Attributes:
        name: Last part of its path.
        namespace: The group or groups that hold it, ``/`` between them.
        group_id: The provider's own id or full path of the group, if the job
            names one.
        visibility: Who may see it.
        default_branch: The branch that the first commit goes to.
        description: One line for people; may be empty.
        topics: Labels, in order.
        settings: How it is set up.
    """

    name: str
    namespace: str
    group_id: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    default_branch: str = "main"
    description: str = ""
    topics: tuple[str, ...] = ()
    settings: RepositorySettings = field(default_factory=RepositorySettings)

    @property
    def full_path(self) -> str:
        """Namespace and name, ``/`` between them."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What Git presents to the repository's server, and to no other.

    Attributes:
        user: A user name.
        password: A password, or a token in its place.
    """

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that exists.

    Attributes:
        id: The provider's own identifier, as text.
        full_path: Namespace and name, ``/`` between them.
        web_url: Where a person looks at it.
        clone_url: What ``git clone`` takes; never holds a credential.
        default_branch: The branch that the first commit goes to.
        notes: What is other than was asked for, for people.
        credentials: What Git presents when it pushes, if it is asked; never shown.
    """

    id: str
    full_path: str
    web_url: str
    clone_url: str
    default_branch: str
    notes: tuple[str, ...] = field(default=(), compare=False)
    credentials: Credentials | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> JsonObject:
        """Return ``{id, web_url, clone_url, default_branch}``."""
        return {
            "id": self.id,
            "web_url": self.web_url,
            "clone_url": self.clone_url,
            "default_branch": self.default_branch,
        }


class Provider(Protocol):
    """A place where repositories live.

    Constructed with the settings by their documented names, the process's
    environment among them: a third party's provider reads names of its own. A
    process makes one, and uses it for one run after the other, never two at a time.
    A ``title``, such as ``GitLab``, is what the lines for people call it.
    """

    def __init__(self, settings: Mapping[str, str]) -> None: ...

    def create_repository(
        self, request: RepositoryRequest, *, for_run: RunId
    ) -> Repository:
        """Create the repository, or adopt the one an earlier attempt made.

        Idempotent per run: a repository that carries *for_run* is returned as it
        is; one that carries anything else is never written to.

        Raises:
            RepositoryExistsError: If the path is taken by anybody else's.
            ProviderRefusedError: If the provider won't have it.
            TransientError: If the same call may succeed later.
        """
        ...


@runtime_checkable
class LooksAhead(Protocol):
    """A provider that can begin to look for what it needs before it is asked to create.

    It is told what will be asked for, and changes nothing. What it finds may be out
    of date by then; ``create_repository`` is as careful as without it.
    """

    def look_ahead(self, request: RepositoryRequest, *, for_run: RunId) -> None:
        """Begin to look, in the background; never raises."""
        ...


def provider_title(provider: Provider, name: str) -> str:
    """Return what people call *provider*: its ``title`` if it has one, else *name*."""
    title = getattr(provider, "title", None)
    return title if isinstance(title, str) else name
