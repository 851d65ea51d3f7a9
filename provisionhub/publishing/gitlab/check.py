"""Whether GitLab would let a job through, asked before the first one comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Group

from provisionhub.errors import ProvisionError
from provisionhub.publishing.gitlab.answers import LastAnswer, error_of, mapped_errors
from provisionhub.publishing.gitlab.provider import connect

_DEVELOPER: Final = 30
_MAINTAINER: Final = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        ok: Whether it is as it must be.
        what: What was found.
        hint: How to mend it, where it is not.
    """

    ok: bool
    what: str
    hint: str | None = None


def check_access(settings: Mapping[str, str]) -> list[Finding]:
    """Return what GitLab says of the token, its scopes, the group and the role in it.

    Args:
        settings: As ``GitLabProvider`` takes them.
    """
    token = settings.get("GITLAB_TOKEN", "")
    if not token:
        return [Finding(ok=False, what="there is no token", hint="set GITLAB_TOKEN")]
    last = LastAnswer()
    client = connect(settings.get("GITLAB_URL") or "https://gitlab.com", token, last)
    try:
        return list(_findings(client, settings.get("GITLAB_GROUP_ID", ""), last))
    except ProvisionError as error:
        return [Finding(ok=False, what=error.message, hint=error.hint)]


def _findings(client: Gitlab, group_id: str, last: LastAnswer) -> Iterator[Finding]:
    with mapped_errors("see whose the token is", last):
        client.auth()
    user = client.user
    name = user.username if user is not None else "nobody"
    yield Finding(ok=True, what=f"the token is {name}'s")
    yield _scopes(client, last)
    if not group_id:
        yield Finding(
            ok=True, what="GITLAB_GROUP_ID is not set: each job must name its group"
        )
        return
    with mapped_errors(f"find the group `{group_id}`", last):
        wanted = int(group_id) if group_id.isdecimal() else group_id
        group = client.groups.get(wanted, with_projects=False)
    yield Finding(ok=True, what=f"the group is {group.full_path}")
    yield _role(group, user.id if user is not None else 0, last)


def _scopes(client: Gitlab, last: LastAnswer) -> Finding:
    try:
        token = client.personal_access_tokens.get("self")
    except GitlabError as error:
        if error.response_code == HTTPStatus.UNAUTHORIZED:
            raise error_of(error, "read the token's scopes", last) from error
        return Finding(ok=True, what="GitLab does not tell the token's scopes")
    except OSError:
        return Finding(ok=False, what="no answer about the token's scopes")
    scopes = ", ".join(token.scopes)
    ok = "api" in token.scopes
    hint = None if ok else "the token needs scope `api`"
    return Finding(ok=ok, what=f"the token's scopes are {scopes}", hint=hint)


def _role(group: Group, user_id: int, last: LastAnswer) -> Finding:
    try:
        level = int(group.members_all.get(user_id).access_level)
    except GitlabError as error:
        if error.response_code != HTTPStatus.NOT_FOUND:
            raise error_of(error, "see the role in the group", last) from error
        level = 0
    if level >= _MAINTAINER:
        return Finding(ok=True, what="the token's role allows the first push")
    lack = "creates projects, but may not push first to their default branch"
    return Finding(
        ok=False,
        what="the token's role in the group is "
        + (f"Developer: it {lack}" if level == _DEVELOPER else "too low to create"),
        hint="make the token's owner a Maintainer of the group",
    )
