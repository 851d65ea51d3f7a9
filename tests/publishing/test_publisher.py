"""The first commit's way into a repository: on disk, and over smart HTTP."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisionhub.errors import (
    ProviderRefusedError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.job import Job
from provisionhub.publishing import Publisher, write_tree
from provisionhub.publishing.addresses import without_credentials
from provisionhub.repository import Repository
from provisionhub.tree import Entry, Tree
from provisionhub.workspace import Workspaces
from support.git_server import git_over_http
from support.jobs import job as make_job

JOB = make_job()
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["disk", pytest.param("http", marks=pytest.mark.integration)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Repository]:
    """Yield an empty bare repository that can be pushed to."""
    bare = tmp_path / "target.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    git(tmp_path, "config", "http.receivepack", "true")
    made = Repository("1", "my-team/my-service", bare.as_uri(), str(bare), "main")
    if request.param == "disk":
        yield made
        return
    with git_over_http(tmp_path) as url:
        yield replace(made, clone_url=f"{url}/target.git")


def git(folder: Path, *arguments: str) -> str:
    """Return what git prints about the target below *folder*."""
    return subprocess.run(
        ["git", "--git-dir", folder / "target.git", *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def publish(folder: Path, target: Repository, job: Job = JOB) -> str:
    """Publish one file for *job*."""
    with Workspaces(folder / "w", write_tree=write_tree).prepare(job.run_id) as space:
        space.write(Tree([Entry("a", b"x")]))
        return Publisher().commit_and_push(space, target, job=job, message="Make it")


def add_commit(folder: Path) -> str:
    """Push one more commit to the target, as somebody else; return its id."""
    tree = git(folder, "rev-parse", "main^{tree}")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    commit = git(folder, *identity, "commit-tree", tree, "-p", "main", "-m", "more")
    git(folder, "update-ref", "refs/heads/main", commit)
    return commit


def test_commit_arrives(target: Repository, tmp_path: Path) -> None:
    """The commit is the branch's only one, and can be cloned."""
    commit = publish(tmp_path, target)

    assert git(tmp_path, "rev-list", "--all") == commit
    assert git(tmp_path, "show", "main:a") == "x"


def test_same_commit_again_is_no_push(target: Repository, tmp_path: Path) -> None:
    """Publishing the same job again changes nothing."""
    first = publish(tmp_path, target)

    assert publish(tmp_path, target) == first
    assert git(tmp_path, "rev-list", "--all") == first


def test_own_work_under_another_id_is_found(target: Repository, tmp_path: Path) -> None:
    """A run whose commit would now differ reports the one that is there."""
    first = publish(tmp_path, target)

    assert publish(tmp_path, target, replace(JOB, requested_at=LATER)) == first


def test_branch_that_moved_is_left(target: Repository, tmp_path: Path) -> None:
    """A branch that moved since stays, and the run reports its first commit."""
    first = publish(tmp_path, target)
    head = add_commit(tmp_path)

    assert publish(tmp_path, target) == first
    assert git(tmp_path, "rev-parse", "main") == head


def test_somebody_elses_branch_is_refused(target: Repository, tmp_path: Path) -> None:
    """A branch whose first commit is another run's is refused and left."""
    first = publish(tmp_path, target, make_job(run_id="run-2"))

    with pytest.raises(RepositoryExistsError, match="left as it is"):
        publish(tmp_path, target)

    assert git(tmp_path, "rev-parse", "main") == first


def test_other_branches_do_not_matter(target: Repository, tmp_path: Path) -> None:
    """Only the default branch is looked at."""
    publish(tmp_path, replace(target, default_branch="other"), make_job(run_id="run-2"))

    commit = publish(tmp_path, target)

    assert git(tmp_path, "rev-parse", "main") == commit


@pytest.mark.integration
def test_refused_push_gives_the_servers_reason(tmp_path: Path) -> None:
    """A push that a hook refuses is an error with the hook's own words."""
    bare = tmp_path / "target.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    git(tmp_path, "config", "http.receivepack", "true")
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'GitLab: not on a Monday' >&2\nexit 1\n")
    hook.chmod(0o755)

    with git_over_http(tmp_path) as url, pytest.raises(ProviderRefusedError) as caught:
        publish(tmp_path, Repository("1", "a/b", url, f"{url}/target.git", "main"))

    assert "pre-receive hook declined" in caught.value.message
    assert "GitLab: not on a Monday" in caught.value.message
    assert git(tmp_path, "for-each-ref") == ""


@pytest.mark.integration
@pytest.mark.parametrize(
    ("run_id", "is_ours"),
    [("run-1", True), ("run-2", False)],
    ids=["own", "other"],
)
def test_branch_that_comes_first_is_looked_at_again(
    run_id: str, is_ours: bool, tmp_path: Path
) -> None:
    """A branch that comes into being during the push is adopted or refused."""
    bare = tmp_path / "target.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", bare], check=True)
    git(tmp_path, "config", "http.receivepack", "true")
    on_disk = Repository("1", "a/b", bare.as_uri(), str(bare), "main")
    first = replace(make_job(run_id=run_id), requested_at=LATER)

    def come_first() -> None:
        publish(tmp_path, on_disk, first)

    with git_over_http(tmp_path, before_push=come_first) as url:
        target = replace(on_disk, clone_url=f"{url}/target.git")
        if is_ours:
            assert publish(tmp_path, target) == git(tmp_path, "rev-parse", "main")
        else:
            with pytest.raises(RepositoryExistsError):
                publish(tmp_path, target)

    assert len(git(tmp_path, "rev-list", "--all").split()) == 1


def test_workspace_without_a_tree_is_a_mistake(tmp_path: Path) -> None:
    """Publishing before anything was written is the caller's mistake."""
    nowhere = Repository("1", "a/b", "", "/nonexistent", "main")

    with (
        Workspaces(tmp_path, write_tree=write_tree).prepare(JOB.run_id) as space,
        pytest.raises(ValueError, match="no tree"),
    ):
        Publisher().commit_and_push(space, nowhere, job=JOB, message="x")


def test_unreachable_repository_may_be_tried_again(tmp_path: Path) -> None:
    """A repository that can't be reached is an error that a retry may mend."""
    gone = Repository("1", "a/b", "", "http://user:hunter2@127.0.0.1:1/x.git", "main")

    with pytest.raises(TransientError, match="can't reach") as caught:
        publish(tmp_path, gone)

    assert "hunter2" not in caught.value.explain()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:secret@host:8443/a.git", "https://host:8443/a.git"),
        ("https://token@host/a.git", "https://host/a.git"),
        ("https://host/a@b.git", "https://host/a@b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
    ],
)
def test_addresses_are_shown_without_credentials(url: str, expected: str) -> None:
    """User and password are taken out of an address, and nothing else."""
    assert without_credentials(url) == expected
