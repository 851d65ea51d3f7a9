"""What a Git provider is asked for, and what it gives.

A provider is a plugin: a class registered under the entry-point group
``provisionhub.providers``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

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
    """

    name: str
    namespace: str
    group_id: str | None = None
    visibility: Visibility = Visibility.PRIVATE
    default_branch: str = "main"
    description: str = ""
    topics: tuple[str, ...] = ()

    @property
    def full_path(self) -> str:
        """Namespace and name, ``/`` between them."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that exists.

    Attributes:
        id: The provider's own identifier, as text.
        full_path: Namespace and name, ``/`` between them.
        web_url: Where a person looks at it.
        clone_url: What ``git clone`` takes; never holds a credential.
        default_branch: The branch that the first commit goes to.
    """

    id: str
    full_path: str
    web_url: str
    clone_url: str
    default_branch: str

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
    ``title``, such as ``GitLab``, is what the lines for people call it.
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


def provider_title(provider: Provider, name: str) -> str:
    """Return what people call *provider*: its ``title`` if it has one, else *name*."""
    title = getattr(provider, "title", None)
    return title if isinstance(title, str) else name
