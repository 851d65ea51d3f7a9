"""What the blueprint says of its projects, applied so that it can be applied again."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project

from provisionhub.errors import ProviderRefusedError
from provisionhub.repository import AccessLevel, RepositorySettings

_LEVELS: Final = {
    AccessLevel.NO_ONE: 0,
    AccessLevel.GUEST: 10,
    AccessLevel.REPORTER: 20,
    AccessLevel.DEVELOPER: 30,
    AccessLevel.MAINTAINER: 40,
}
_ONCE: Final[dict[str, Any]] = {"retry_transient_errors": False}


def configure(project: Project, settings: RepositorySettings) -> None:
    """Apply *settings* to *project*; what an earlier attempt applied stays.

    Raises:
        ProviderRefusedError: If a member is nobody that GitLab knows.
    """
    if settings.merge:
        client = project.manager.gitlab
        client.http_put(f"/projects/{project.id}", post_data=settings.merge, **_ONCE)
    for variable in settings.variables:
        _create(project.variables.create, dict(variable))
    for branch in settings.protected_branches:
        _create(
            project.protectedbranches.create,
            {
                "name": branch.name,
                "push_access_level": _LEVELS[branch.push],
                "merge_access_level": _LEVELS[branch.merge],
            },
        )
    for username, role in settings.members:
        member = {"user_id": _user(project, username), "access_level": _LEVELS[role]}
        _create(project.members.create, member)


def _create(create: Callable[..., object], what: dict[str, Any]) -> None:
    try:
        create(what, **_ONCE)
    except GitlabError as error:
        if not _is_there(error):
            raise


def _is_there(error: GitlabError) -> bool:
    """Whether an earlier attempt had made it: GitLab has two ways to say so."""
    if error.response_code == HTTPStatus.CONFLICT:
        return True
    is_refused = error.response_code == HTTPStatus.BAD_REQUEST
    return is_refused and "has already been taken" in str(error)


def _user(project: Project, username: str) -> int:
    found = project.manager.gitlab.users.list(username=username, get_all=False, **_ONCE)
    for user in found:
        if user.username.casefold() == username.casefold():
            return int(user.id)
    raise ProviderRefusedError(
        f"GitLab knows no user `{username}`, a member that the blueprint names",
        hint="correct `repository.members` in the manifest",
    )
