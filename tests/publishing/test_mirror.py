"""Mirrors of real Git repositories, read at one commit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    LimitExceededError,
    TransientError,
)
from provisionhub.publishing import GitMirror
from provisionhub.tree import Mode
from support.git_server import git_over_http


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder* and return what it prints."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", *identity, "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, path: str, text: str) -> str:
    """Commit *text* as the file at *path*; return the commit's id."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", text)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a repository with one commit on its branch ``trunk``."""
    folder = tmp_path / "upstream"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "trunk")
    commit(folder, "blueprints/a/f", "one")
    return folder


def mirror(upstream: Path, ref: str | None = None, refresh: float = 0) -> GitMirror:
    """Return a mirror of *upstream* beside it."""
    cache = upstream.parent / "cache"
    return GitMirror(upstream.as_uri(), ref, cache, refresh_seconds=refresh)


def test_remote_head_is_the_default(upstream: Path) -> None:
    """Without a ref the remote's own default branch is read."""
    head = git(upstream, "rev-parse", "trunk")

    assert mirror(upstream).resolve() == head
    assert (upstream.parent / "cache").is_dir()


@pytest.mark.parametrize("kind", ["branch", "tag", "annotated tag", "commit"])
def test_ref_may_be_branch_tag_or_commit(kind: str, upstream: Path) -> None:
    """A branch, either kind of tag and a full commit id are found."""
    first = git(upstream, "rev-parse", "trunk")
    git(upstream, "branch", "feature/x")
    git(upstream, "tag", "v1")
    git(upstream, "tag", "-a", "v2", "-m", "two")
    commit(upstream, "blueprints/a/f", "two")
    refs = {"branch": "feature/x", "tag": "v1", "annotated tag": "v2", "commit": first}

    assert mirror(upstream, refs[kind]).resolve() == first


def test_unknown_ref_is_told_with_near_ones(upstream: Path) -> None:
    """A ref that is not there is refused with a hint."""
    with pytest.raises(BlueprintNotFoundError, match="`trnk`") as caught:
        mirror(upstream, "trnk").resolve()

    assert caught.value.hint == "did you mean `trunk`?"


def test_fetch_is_good_for_a_while(upstream: Path) -> None:
    """A mirror that was just fetched is not fetched again."""
    first = mirror(upstream, refresh=60).resolve()
    second = commit(upstream, "blueprints/a/f", "two")

    assert mirror(upstream, refresh=60).resolve() == first
    assert mirror(upstream, refresh=0).resolve() == second


def test_copy_serves_while_the_remote_is_away(upstream: Path) -> None:
    """A remote that can't be reached is warned of, and the copy read."""
    first = mirror(upstream).resolve()
    shutil.rmtree(upstream)

    with capture_logs() as logs:
        assert mirror(upstream).resolve() == first

    assert [(log["log_level"], "can't be reached" in log["event"]) for log in logs] == [
        ("warning", True)
    ]


def test_remote_that_was_never_reached_may_be_tried_again(tmp_path: Path) -> None:
    """Without a copy a remote that can't be reached is a transient error."""
    url = "http://user:hunter2@127.0.0.1:1/c.git"

    with pytest.raises(TransientError, match="can't fetch") as caught:
        GitMirror(url, None, tmp_path).resolve()

    assert "hunter2" not in caught.value.explain()


def test_folder_is_read_with_modes(upstream: Path) -> None:
    """Files are read as they were committed, with exec bits and links."""
    (upstream / "blueprints/a/run").write_text("x")
    (upstream / "blueprints/a/run").chmod(0o755)
    (upstream / "blueprints/a/link").symlink_to("../f")
    head = commit(upstream, "blueprints/a/deep/er", "d")
    read = mirror(upstream)
    read.resolve()

    assert read.read_folder(head, "blueprints/a", longest=100) == {
        "deep/er": (Mode.FILE, b"d"),
        "f": (Mode.FILE, b"one"),
        "link": (Mode.SYMLINK, b"../f"),
        "run": (Mode.EXECUTABLE, b"x"),
    }
    assert read.list_folders(head, "blueprints") == ["a"]
    assert read.list_folders(head, "absent") == []


def test_large_folder_is_refused(upstream: Path) -> None:
    """Files that are too large together are refused."""
    read = mirror(upstream)

    with pytest.raises(LimitExceededError):
        read.read_folder(read.resolve(), "blueprints", longest=2)


def test_submodule_is_refused(upstream: Path) -> None:
    """A submodule in a blueprint is refused."""
    git(upstream, "submodule", "--quiet", "add", str(upstream), "blueprints/a/sub")
    git(upstream, "commit", "-qm", "sub")
    read = mirror(upstream)

    with pytest.raises(InvalidBlueprintError, match="submodule"):
        read.read_folder(read.resolve(), "blueprints/a", longest=1000)


def test_history_is_that_of_the_folder(upstream: Path) -> None:
    """History names, newest first, the last commit of each state of a folder."""
    first = git(upstream, "rev-parse", "HEAD")
    commit(upstream, "blueprints/a/f", "two")
    second = commit(upstream, "blueprints/b/f", "elsewhere")
    git(upstream, "rm", "-rq", "blueprints/a")
    git(upstream, "commit", "-qm", "gone")
    back = commit(upstream, "blueprints/a/f", "three")
    read = mirror(upstream)

    assert list(read.history(read.resolve(), "blueprints/a")) == [back, second, first]


@pytest.mark.integration
def test_catalog_over_http(upstream: Path) -> None:
    """A catalog is mirrored over smart HTTP as well."""
    head = git(upstream, "rev-parse", "HEAD")

    with git_over_http(upstream.parent) as url:
        read = GitMirror(f"{url}/upstream/.git", None, upstream.parent / "cache")
        found = read.resolve()

    assert found == head
