"""The GitLab provider: one project a run, whatever GitLab answers.

Numbers in brackets are those of the traps that a naive client falls into.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisionhub.errors import (
    ProviderRefusedError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.publishing.gitlab import GitLabProvider
from provisionhub.repository import (
    AccessLevel,
    ProtectedBranch,
    Repository,
    RepositoryRequest,
    RepositorySettings,
    RunId,
    Visibility,
)
from provisionhub.testing import ProviderContract
from provisionhub.testing.gitlab import Access, Fault, GitLabDouble

TOKEN = "glpat-of-a-maintainer"
RUN = RunId("11111111-1111-4111-8111-111111111111")
OTHER = RunId("22222222-2222-4222-8222-222222222222")
REQUEST = RepositoryRequest("my-service", "shop", description="Orders", topics=("go",))
PATH = "shop/my-service"


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLabDouble]:
    """A GitLab with one group and one token."""
    with GitLabDouble(tmp_path) as double:
        double.add_group("shop")
        double.add_token(TOKEN)
        yield double


def _create(
    gitlab: GitLabDouble,
    request: RepositoryRequest = REQUEST,
    run: RunId = RUN,
    **settings: str,
) -> Repository:
    known = {"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN} | settings
    return GitLabProvider(known).create_repository(request, for_run=run)


def _push(gitlab: GitLabDouble, path: str, message: str, folder: Path) -> None:
    """Push a first commit to *path* as somebody with git would."""
    url = gitlab.url.replace("://", f"://x:{TOKEN}@")
    for command in (
        ["init", "-q", "--initial-branch=main", str(folder)],
        ["-C", str(folder), "commit", "-q", "--allow-empty", "-m", message],
        ["-C", str(folder), "push", "-q", f"{url}/{path}.git", "main"],
    ):
        identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
        subprocess.run(["git", *identity, *command], check=True)


class TestContract(ProviderContract):
    """GitLab keeps the contract that every provider keeps."""

    @pytest.fixture
    def provider(self, gitlab: GitLabDouble) -> GitLabProvider:
        """A provider that reaches the double."""
        gitlab.add_group("my-team").full_path += "/backend"
        return GitLabProvider({"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN})


def test_project_is_as_it_was_asked_for(gitlab: GitLabDouble) -> None:
    """Path, visibility, topics, and a description that ends in the run's mark."""
    made = _create(gitlab, replace(REQUEST, visibility=Visibility.INTERNAL))

    project = gitlab.project(PATH)
    assert made.clone_url == f"{gitlab.url}/shop/my-service.git"
    assert made.id == str(project.id)
    assert (project.visibility, project.topics) == ("internal", ["go"])
    assert project.description == f"Orders\n\nProvisionHub-Run: {RUN}"
    assert project.branches == []


@pytest.mark.parametrize("length", [1945, 1946, 2000])
def test_description_leaves_room_for_the_mark(
    gitlab: GitLabDouble, length: int
) -> None:
    """A description of the greatest length is cut, and the mark is whole."""
    made = _create(gitlab, replace(REQUEST, description="ö" * length))

    description = gitlab.project(PATH).description
    assert len(description) <= 2000
    assert description.startswith("ö" * 1940)
    assert description.endswith(f"\n\nProvisionHub-Run: {RUN}")
    assert _create(gitlab).id == made.id


@pytest.mark.parametrize("by", ["number", "digits", "path", "default", "namespace"])
def test_group_is_found(gitlab: GitLabDouble, by: str) -> None:
    """[11] A group is found by number, digits or path; else by setting, namespace."""
    group = gitlab.add_group("platform/teams")
    asked = {"number": str(group.id), "digits": str(group.id), "path": group.full_path}
    namespace = group.full_path if by == "namespace" else "shop"
    request = replace(REQUEST, group_id=asked.get(by), namespace=namespace)
    default = str(group.id) if by == "default" else ""

    made = _create(gitlab, request, GITLAB_GROUP_ID=default)

    assert made.full_path == "platform/teams/my-service"


def test_lost_answer_makes_no_second_project(gitlab: GitLabDouble) -> None:
    """[2, 3] A creation whose answer is lost is found again at once."""
    gitlab.plan(Fault(on="POST /api/v4/projects$", reset=True, late=True))

    made = _create(gitlab)

    assert [project.full_path for project in gitlab.projects] == [made.full_path]
    creations = [a for a in gitlab.requests if (a.method, a.path) == _CREATION]
    assert len(creations) == 1


_CREATION = ("POST", "/api/v4/projects")


def test_broken_connection_before_the_effect_is_transient(gitlab: GitLabDouble) -> None:
    """A connection that breaks before anything was made may be tried again."""
    gitlab.plan(Fault(on="POST /api/v4/projects$", reset=True))

    with pytest.raises(TransientError, match="broke"):
        _create(gitlab)

    assert gitlab.projects == []
    assert _create(gitlab).full_path == PATH


def test_taken_name_may_be_the_runs_own(gitlab: GitLabDouble) -> None:
    """[2] "has already been taken" is the retry's own project, if it bears the mark."""
    gitlab.plan(Fault(on=f"GET .*{PATH.replace('/', '%2F')}", status=404, body=b"{}"))
    made = _create(gitlab)
    gitlab.plan(Fault(on=f"GET .*{PATH.replace('/', '%2F')}", status=404, body=b"{}"))

    again = _create(gitlab)

    assert again == made
    assert len(gitlab.projects) == 1


_HTML = b"<html><head><style>b{}</style></head><h1>502 Bad Gateway</h1></html>"


def test_somebody_elses_project_is_refused(gitlab: GitLabDouble) -> None:
    """[4, 10] A project at that path that another made is left as it is."""
    gitlab.add_project(gitlab.add_group("team"), "My-Service")

    with pytest.raises(RepositoryExistsError, match="team/my-service exists at"):
        _create(gitlab, replace(REQUEST, namespace="team"))


def test_subgroup_takes_a_path_too(gitlab: GitLabDouble) -> None:
    """[10] A path that a subgroup has is taken, though no project is found there."""
    gitlab.add_group("shop/my-service")

    with pytest.raises(RepositoryExistsError) as caught:
        _create(gitlab)

    assert "a group" in str(caught.value.hint)


def test_edited_description_does_not_disown(
    gitlab: GitLabDouble, tmp_path: Path
) -> None:
    """[4] Whoever edits the description leaves the first commit's trailer."""
    _create(gitlab)
    _push(gitlab, PATH, f"Start\n\nProvisionHub-Run: {RUN}", tmp_path / "clone")
    gitlab.project(PATH).description = "Somebody's words"

    assert _create(gitlab).full_path == PATH
    with pytest.raises(RepositoryExistsError):
        _create(gitlab, run=OTHER)


def test_path_of_a_dying_project_is_free(gitlab: GitLabDouble) -> None:
    """[7] A project marked for deletion still answers at its old path; it is not it."""
    first = _create(gitlab)
    _call(gitlab, "delete", first.id)

    second = _create(gitlab)

    assert second.id != first.id
    assert second.full_path == PATH


def test_moved_project_of_the_run_is_its_own(gitlab: GitLabDouble) -> None:
    """[8] A project of this run that was renamed since is adopted where it is."""
    first = _create(gitlab)
    _call(gitlab, "put", first.id, path="renamed")

    again = _create(gitlab)

    assert (again.id, again.full_path) == (first.id, "shop/renamed")


def test_path_that_another_project_left_is_free(gitlab: GitLabDouble) -> None:
    """[7, 8] A path that only leads on to another's project can be taken."""
    other = _create(gitlab, run=OTHER)
    _call(gitlab, "put", other.id, path="renamed", name="renamed")

    made = _create(gitlab)

    assert made.id != other.id


def test_name_without_its_path_is_taken(gitlab: GitLabDouble) -> None:
    """[10] A project that kept the name and changed its path is in the way."""
    other = _create(gitlab, run=OTHER)
    _call(gitlab, "put", other.id, path="renamed")

    with pytest.raises(RepositoryExistsError):
        _create(gitlab)


def _call(gitlab: GitLabDouble, method: str, number: str, **said: str) -> None:
    client = GitLabProvider({"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN})
    http = client._gitlab  # noqa: SLF001 - the same client, for what it never does
    if method == "delete":
        http.http_delete(f"/projects/{number}")
    else:
        http.http_put(f"/projects/{number}", post_data=said)


def test_lowered_visibility_is_noted(gitlab: GitLabDouble) -> None:
    """[13] What GitLab lowers in silence is told."""
    gitlab.add_group("secret", visibility="private")
    request = replace(REQUEST, namespace="secret", visibility=Visibility.PUBLIC)

    made = _create(gitlab, request)

    assert made.notes == (
        "GitLab made secret/my-service private, not public: its group allows no more",
    )


@pytest.mark.parametrize(
    "name",
    ["a--b", "app-", "_app", "files", "New", "a.git", "x.atom", "日本", "a" * 256, "-"],
)
def test_name_is_checked_before_the_call(gitlab: GitLabDouble, name: str) -> None:
    """[12] A name that GitLab would refuse is refused before it is asked."""
    with pytest.raises(ProviderRefusedError, match="takes no project called"):
        _create(gitlab, replace(REQUEST, name=name))

    assert gitlab.requests == []


@pytest.mark.parametrize("name", ["a", "Foo_Bar", "v1.0-beta", "a.b_c-d", "a" * 255])
def test_name_that_gitlab_takes_is_taken(gitlab: GitLabDouble, name: str) -> None:
    """[12] A name within GitLab's rules passes ours and GitLab's."""
    assert _create(gitlab, replace(REQUEST, name=name)).full_path == f"shop/{name}"


@pytest.mark.parametrize(
    ("status", "body", "headers", "wait"),
    [
        pytest.param(
            429, b"Retry later\n", {"Retry-After": "7"}, 7.0, id="rack, with a time"
        ),
        pytest.param(429, b"Retry later\n", {}, 60.0, id="rack, without"),
        pytest.param(
            429,
            b'{"message":{"error":"This endpoint has been requested too many times."}}',
            {"Retry-After": "60"},
            60.0,
            id="application",
        ),
        pytest.param(
            500, b'{"message":"500 Internal Server Error"}', {}, None, id="500"
        ),
        pytest.param(502, _HTML, {}, None, id="HTML"),
        pytest.param(503, b"", {"Retry-After": "5"}, 5.0, id="503"),
        pytest.param(
            503,
            b"",
            {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"},
            0.0,
            id="503, until a date",
        ),
        pytest.param(
            403,
            b'{"message":"You cannot perform write operations on a read-only "}',
            {},
            None,
            id="read-only",
        ),
        pytest.param(
            400,
            b'{"message":{"base":["The project is still being deleted. Please try '
            b'again later."]}}',
            {},
            60.0,
            id="[9] still being deleted",
        ),
    ],
)
def test_what_may_pass_is_transient(
    gitlab: GitLabDouble,
    status: int,
    body: bytes,
    headers: dict[str, str],
    wait: float | None,
) -> None:
    """[19] An answer that may be another next time says how long to wait."""
    fault = Fault(
        on="POST /api/v4/projects$",
        status=status,
        body=body,
        headers=tuple(headers.items()),
    )
    gitlab.plan(fault)

    with pytest.raises(TransientError) as caught:
        _create(gitlab)

    assert caught.value.retry_after == wait
    assert f"GitLab answers {status}" in caught.value.message
    assert "<" not in caught.value.message
    assert len(gitlab.requests) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"message":"400 Bad request - no"}', "400 Bad request - no"),
        (b'{"message":{"name":["is bad"],"path":["a","b"]}}', "name is bad; path a, b"),
        (b'{"error":"namespace_id is invalid"}', "namespace_id is invalid"),
        (b'{"error":["Personal project creation is not allowed."]}', "is not allowed"),
        (b"plain words\nin two lines", "plain words in two lines"),
        (b"<html><style>x</style><h1>Bad\x1b[31m</h1></html>", "Bad"),
        (b'"a text"', "a text"),
        (b"", "400"),
    ],
)
def test_every_shape_of_error_is_told(
    gitlab: GitLabDouble, body: bytes, said: str
) -> None:
    """[19] Whatever shape an error has, its words are in ours, on one line."""
    gitlab.plan(Fault(on="POST /api/v4/projects$", status=400, body=body))

    with pytest.raises(ProviderRefusedError) as caught:
        _create(gitlab)

    assert said in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("arrange", "status", "said"),
    [
        pytest.param({"state": "expired"}, 401, "Token is expired", id="expired"),
        pytest.param({"state": "revoked"}, 401, "Token was revoked", id="revoked"),
        pytest.param(
            {"scopes": frozenset({"read_user"})}, 403, "higher privileges", id="scope"
        ),
        pytest.param({"access": Access.REPORTER}, 400, "is not valid", id="role"),
    ],
)
def test_token_that_will_not_do_is_told_apart(
    gitlab: GitLabDouble, arrange: dict[str, object], status: int, said: str
) -> None:
    """[5, 11, 19] What is wrong with a token is told, with the remedy, never it."""
    token = gitlab.add_token(TOKEN)
    for name, value in arrange.items():
        setattr(token, name, value)

    with pytest.raises(ProviderRefusedError, match=said) as caught:
        _create(gitlab)

    assert caught.value.status == status
    assert caught.value.hint
    assert TOKEN not in caught.value.explain()


def test_unknown_group_is_refused(gitlab: GitLabDouble) -> None:
    """[11] A group that is not there, or not to be seen, is named in the error."""
    with pytest.raises(
        ProviderRefusedError, match="find the group `nowhere`"
    ) as caught:
        _create(gitlab, replace(REQUEST, group_id="nowhere"))

    assert caught.value.status == 404


def test_no_token_is_told() -> None:
    """Without a token nothing is tried."""
    with pytest.raises(ProviderRefusedError, match="no GitLab token"):
        GitLabProvider({"GITLAB_TOKEN": ""})


def test_nobody_there_is_transient(gitlab: GitLabDouble) -> None:
    """A GitLab that does not answer may do so later."""
    with pytest.raises(TransientError, match="no answer from GitLab"):
        _create(gitlab, GITLAB_URL="http://127.0.0.1:9")


def test_archived_project_of_the_run_is_told(gitlab: GitLabDouble) -> None:
    """A project that was archived since takes no push, and none is tried."""
    _create(gitlab)
    gitlab.project(PATH).archived = True

    with pytest.raises(ProviderRefusedError, match="was archived"):
        _create(gitlab)


SETTINGS = RepositorySettings(
    protected_branches=(ProtectedBranch("main", push=AccessLevel.NO_ONE),),
    variables=({"key": "REGION", "value": "eu"},),
    members=(("ann", AccessLevel.DEVELOPER),),
    merge={"merge_method": "ff"},
)


def test_settings_are_applied_once(gitlab: GitLabDouble) -> None:
    """Branches, variables, members and merging are set up, by a retry as well."""
    ann = gitlab.add_user("ann")
    request = replace(REQUEST, settings=SETTINGS)

    _create(gitlab, request)
    _create(gitlab, request)

    project = gitlab.project(PATH)
    assert project.variables == [{"key": "REGION", "value": "eu"}]
    assert project.protected_branches == [
        {"name": "main", "push_access_level": 0, "merge_access_level": 40}
    ]
    assert project.members == [{"user_id": ann, "access_level": 30}]
    assert project.merge == {"merge_method": "ff"}


def test_unknown_member_is_refused(gitlab: GitLabDouble) -> None:
    """A member whom GitLab does not know is named in the error."""
    with pytest.raises(ProviderRefusedError, match="no user `ann`"):
        _create(gitlab, replace(REQUEST, settings=SETTINGS))


def test_another_projects_settings_are_left(gitlab: GitLabDouble) -> None:
    """Nothing is set up in a project that another run made."""
    gitlab.add_user("ann")
    _create(gitlab, run=OTHER)

    with pytest.raises(RepositoryExistsError):
        _create(gitlab, replace(REQUEST, settings=SETTINGS))

    assert gitlab.project(PATH).variables == []


def test_token_is_not_taken_to_another_host(
    gitlab: GitLabDouble, tmp_path: Path
) -> None:
    """An answer that leads to another host does not take the token there."""
    (tmp_path / "other").mkdir()
    with GitLabDouble(tmp_path / "other") as other:
        other.add_token(TOKEN)
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        where = (("Location", f"{elsewhere}/api/v4/user"),)
        gitlab.plan(Fault(on="GET /api/v4/groups", status=302, body=b"", headers=where))

        with pytest.raises(ProviderRefusedError, match="401"):
            _create(gitlab)

    assert [asked.status for asked in other.requests] == [401]
