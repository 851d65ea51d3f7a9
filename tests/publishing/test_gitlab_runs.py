"""Whole runs against GitLab: one project, one commit, whatever breaks in between.

Numbers in brackets are those of the traps that a naive client falls into.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.errors import (
    ProviderRefusedError,
    ProvisionError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.job import Job
from provisionhub.pipeline import Pipeline
from provisionhub.publishing.gitlab import check_access
from provisionhub.settings import Settings
from provisionhub.status import LogReporter, Provisioned
from provisionhub.testing.gitlab import Access, Fault, GitLabDouble
from support.blueprints import MANIFEST, write_blueprint
from support.jobs import job as make_job

TOKEN = "glpat-of-a-maintainer"
PATH = "my-team/my-service"
FILES = {
    "template/README.md.j2": "# {{ Name }}\n",
    "template/.gitlab-ci.yml": "test: {script: [make]}\n",
}
PUSH = r"POST .*/git-receive-pack"
REFS = r"GET .*/info/refs"
SETTINGS = """\
repository:
  protected_branches: [{name: main, push: no-one}]
  variables: [{key: REGION, value: eu}]
  members: {ann: developer}
  merge: {merge_method: ff}
"""


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLabDouble]:
    """A GitLab with one group and one token."""
    folder = tmp_path / "gitlab"
    folder.mkdir()
    with GitLabDouble(folder) as double:
        double.add_group("my-team")
        double.add_token(TOKEN)
        yield double


@pytest.fixture
def job() -> Job:
    """A job for GitLab."""
    return make_job(provider="gitlab")


@pytest.fixture
def pipeline(gitlab: GitLabDouble, tmp_path: Path) -> Pipeline:
    """A pipeline with one blueprint."""
    return _pipeline(gitlab, tmp_path)


def _pipeline(
    gitlab: GitLabDouble, folder: Path, *, token: str = TOKEN, more: str = ""
) -> Pipeline:
    write_blueprint(folder / "blueprints/sample", FILES, MANIFEST + more)
    settings = Settings.model_validate(
        {
            "blueprint_catalogs": str(folder),
            "workspace_dir": str(folder / "workspaces"),
            "gitlab_url": gitlab.url,
            "gitlab_token": token,
        }
    )
    return App(settings).pipeline(LogReporter())


def _run(pipeline: Pipeline, job: Job) -> Provisioned:
    done = pipeline.run(job)
    assert isinstance(done, Provisioned)
    return done


def test_run_makes_a_project_with_one_commit(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job, tmp_path: Path
) -> None:
    """What a job asks for can be cloned, and its pipeline has started."""
    done = _run(pipeline, job)

    url = gitlab.url.replace("://", f"://any:{TOKEN}@")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", f"{url}/{PATH}.git", clone], check=True)
    assert (clone / "README.md").read_text(encoding="utf-8") == "# my-service\n"
    assert gitlab.project(PATH).commits == [done.commit]
    assert [one["sha"] for one in gitlab.project(PATH).pipelines] == [done.commit]


def test_same_run_again_changes_nothing(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[6] A second run finds its project and its commit, and pushes nothing."""
    first = _run(pipeline, job)
    second = _run(pipeline, job)

    pushes = [a for a in gitlab.requests if a.path.endswith("/git-receive-pack")]
    assert second == first
    assert len(gitlab.projects) == 1
    assert len(pushes) == 1


def test_everything_is_set_up_before_the_first_pipeline(
    gitlab: GitLabDouble, tmp_path: Path, job: Job
) -> None:
    """Variables, members and protection are there when the push starts a pipeline."""
    gitlab.add_user("ann")

    _run(_pipeline(gitlab, tmp_path, more=SETTINGS), job)

    (started,) = gitlab.project(PATH).pipelines
    assert started["variables"] == [{"key": "REGION", "value": "eu"}]
    assert (started["protected_branches"], started["members"]) == (1, 1)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(
            Fault(on="POST /api/v4/projects$", reset=True, late=True), id="creation"
        ),
        pytest.param(Fault(on=PUSH, reset=True), id="push, before its effect"),
        pytest.param(Fault(on=PUSH, reset=True, late=True), id="push, after it"),
        pytest.param(Fault(on=REFS, reset=True), id="first look"),
        pytest.param(Fault(on=REFS, after=1, status=502, body=b""), id="second look"),
        pytest.param(Fault(on=PUSH, status=503, body=b""), id="push unavailable"),
        pytest.param(Fault(on="GET /api/v4/groups", status=500), id="group"),
    ],
)
def test_retry_after_a_fault_ends_in_one_commit(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job, fault: Fault
) -> None:
    """[2, 6] Whatever breaks, before or after its effect, a retry mends it."""
    gitlab.plan(fault)
    try:
        _run(pipeline, job)
    except ProvisionError as error:
        assert isinstance(error, TransientError)  # noqa: PT017 - it need not be raised

    done = _run(pipeline, job)

    assert [project.commits for project in gitlab.projects] == [[done.commit]]


def test_repository_that_is_not_ready_is_waited_for(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[18] A 404 of Git right after creation passes within the run."""
    gitlab.start_unready(2)

    done = _run(pipeline, job)

    assert gitlab.project(PATH).commits == [done.commit]


def test_refused_push_gives_the_servers_reason(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[1, 5] A push that a Developer may not make first is told with GitLab's words."""
    gitlab.add_token(TOKEN, access=Access.DEVELOPER)

    with pytest.raises(ProviderRefusedError, match="not allowed to push code"):
        pipeline.run(job)

    assert gitlab.project(PATH).branches == []


def test_wrong_credentials_are_shown_once(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[16, 17] A token that Git does not take is not tried fifteen times."""
    gitlab.plan(Fault(on=REFS, times=99, status=401, body=b"", headers=_LOGIN))

    with pytest.raises(ProviderRefusedError, match="credentials") as caught:
        pipeline.run(job)

    asked = [a for a in gitlab.requests if "/info/refs" in a.path]
    assert caught.value.status == 401
    assert len(asked) == 2


_LOGIN = (("WWW-Authenticate", 'Basic realm="GitLab"'),)


def test_token_that_expires_on_the_way_is_told(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[19] A token that expires between creation and push ends the run, clearly."""
    gitlab.plan(Fault(on=REFS, status=403, body=b"expired"))

    with pytest.raises(ProviderRefusedError, match="answers 403"):
        pipeline.run(job)


def test_branch_that_moved_is_left(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job, tmp_path: Path
) -> None:
    """[6] Work that was added since is kept, and the run is done all the same."""
    first = _run(pipeline, job)
    _add_commit(gitlab, tmp_path / "work")

    again = _run(pipeline, job)

    assert again.commit == first.commit
    assert len(gitlab.project(PATH).commits) == 2


def test_role_that_was_lowered_since_does_not_matter(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """A run whose push was done before is done, though it may push no more."""
    first = _run(pipeline, job)
    gitlab.add_token(TOKEN, access=Access.REPORTER)

    assert _run(pipeline, job) == first


def test_push_looks_and_writes_over_one_connection(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """Git's way is as short as it can be: asked for a login, then look and push."""
    _run(pipeline, job)

    asked = [f"{a.method} {a.status}" for a in gitlab.requests if ".git/" in a.path]
    assert asked == ["GET 401", "GET 200", "POST 200"]


def _add_commit(gitlab: GitLabDouble, folder: Path) -> None:
    url = gitlab.url.replace("://", f"://any:{TOKEN}@")
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    for command in (
        ["clone", "-q", f"{url}/{PATH}.git", str(folder)],
        ["-C", str(folder), "commit", "-q", "--allow-empty", "-m", "More"],
        ["-C", str(folder), "push", "-q"],
    ):
        subprocess.run(["git", *identity, *command], check=True)


def test_another_run_is_refused(
    gitlab: GitLabDouble, pipeline: Pipeline, job: Job
) -> None:
    """[4] Another run's job for the same path changes nothing."""
    first = _run(pipeline, job)

    with pytest.raises(RepositoryExistsError):
        pipeline.run(replace(job, run_id=make_job(run_id="run-2").run_id))

    assert gitlab.project(PATH).commits == [first.commit]


def test_token_stands_nowhere(
    gitlab: GitLabDouble,
    pipeline: Pipeline,
    job: Job,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The token is in no error, no log line, no file and no description."""
    _run(pipeline, job)
    gitlab.plan(Fault(on=REFS, times=2, status=403, body=b""))
    with pytest.raises(ProviderRefusedError) as caught:
        pipeline.run(job)

    said = "".join(capfd.readouterr()) + caught.value.explain() + repr(pipeline)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert TOKEN not in said + json.dumps(caught.value.to_json())
    assert [path for path in files if TOKEN.encode() in path.read_bytes()] == []


@pytest.mark.parametrize(
    ("arrange", "group", "said"),
    [
        pytest.param({}, "my-team", None, id="well"),
        pytest.param({"state": "expired"}, "my-team", "expired", id="expired"),
        pytest.param(
            {"scopes": frozenset({"read_api"})}, "my-team", "scopes", id="scope"
        ),
        pytest.param({"access": Access.DEVELOPER}, "my-team", "Developer", id="role"),
        pytest.param({"access": Access.NONE}, "my-team", "too low", id="no member"),
        pytest.param({}, "nowhere", "group `nowhere`", id="group"),
    ],
)
def test_doctor_finds_it_before_the_first_job(
    gitlab: GitLabDouble, arrange: dict[str, object], group: str, said: str | None
) -> None:
    """A token, scope, role or group that will not do is found, and only that."""
    token = gitlab.add_token(TOKEN)
    for name, value in arrange.items():
        setattr(token, name, value)

    findings = check_access(
        {"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN, "GITLAB_GROUP_ID": group}
    )

    wrong = [finding for finding in findings if not finding.ok]
    assert [said in finding.what for finding in wrong if said] == [True] * len(wrong)
    assert bool(wrong) is (said is not None)
    assert all(finding.hint for finding in wrong)
