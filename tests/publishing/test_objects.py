"""Blobs, trees and commits: the same wherever they are made."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisionhub.publishing.objects import create_commit, write_tree
from provisionhub.publishing.trailer import run_of, with_trailer
from provisionhub.repository import RunId
from provisionhub.tree import Entry, Mode, Tree

TREE = Tree(
    [
        Entry("README.md", b"# x\r\n"),
        Entry("a.b", b""),
        Entry("a/b", b"\0\xff"),
        Entry("a/run.sh", b"#!/bin/sh\n", Mode.EXECUTABLE),
        Entry("link", b"a/b", Mode.SYMLINK),
        Entry("über/日本", "é".encode()),
    ]
)
AT = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)

SCRIPT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from provisionhub.publishing.objects import create_commit, write_tree
from provisionhub.tree import Entry, Tree
path = Path(sys.argv[1])
tree = write_tree(path, Tree([Entry("a/b", b"x\\r\\n"), Entry("\\u00e9", b"")]))
at = datetime(2026, 1, 31, 12, tzinfo=UTC)
print(create_commit(path, tree_id=tree, message="M\\u00e9", run_id="r", at=at))
"""
CONFIGURATION = """
[core]
  autocrlf = true
  quotePath = false
[user]
  name = Somebody
[commit]
  gpgsign = true
[i18n]
  commitEncoding = latin1
[init]
  defaultBranch = trunk
  templateDir = ~/template
"""


def git(repository: Path, *arguments: str) -> str:
    """Return what git prints about *repository*."""
    return subprocess.run(
        ["git", "-c", "core.quotePath=false", "--git-dir", repository, *arguments],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_objects_are_what_git_reads(tmp_path: Path) -> None:
    """Git itself reads the tree, its modes and contents, and finds nothing amiss."""
    repository = tmp_path / "r.git"
    tree = write_tree(repository, TREE)

    listed = git(repository, "ls-tree", "-r", tree).splitlines()
    assert [(line[:6], line.partition("\t")[2]) for line in listed] == [
        ("100644", "README.md"),
        ("100644", "a.b"),
        ("100644", "a/b"),
        ("100755", "a/run.sh"),
        ("120000", "link"),
        ("100644", "über/日本"),
    ]
    assert git(repository, "fsck", "--strict", "--no-dangling") == ""


def test_commit_says_who_when_and_for_which_run(tmp_path: Path) -> None:
    """The commit takes author, dates and trailer from the job alone."""
    repository = tmp_path / "r.git"
    tree = write_tree(repository, TREE)
    commit = create_commit(
        repository, tree_id=tree, message="Make it", run_id=RunId("run-1"), at=AT
    )

    assert git(repository, "cat-file", "commit", commit) == (
        f"tree {tree}\n"
        "author ProvisionHub <noreply@provisionhub.io> 1769860800 +0000\n"
        "committer ProvisionHub <noreply@provisionhub.io> 1769860800 +0000\n"
        "\n"
        "Make it\n"
        "\n"
        "ProvisionHub-Run: run-1\n"
    )


@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"TZ": "Pacific/Kiritimati"}, id="time zone"),
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0"}, id="locale"),
        pytest.param({"HOME": "home"}, id="git configuration"),
        pytest.param({"HOME": "/nonexistent"}, id="no home"),
        pytest.param({"GIT_AUTHOR_NAME": "x", "GIT_COMMITTER_DATE": "1"}, id="git"),
    ],
)
def test_commit_id_is_the_same_anywhere(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """Equal input gives an equal commit id, whatever the machine is set to."""
    (tmp_path / "home/template/hooks").mkdir(parents=True)
    (tmp_path / "home/.gitconfig").write_text(CONFIGURATION)

    def make(name: str, **extra: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, name],
            cwd=tmp_path,
            env=os.environ | extra,
            check=True,
            capture_output=True,
            text=True,
            umask=0o077 if extra else 0o002,
        ).stdout

    if "HOME" in environment:
        environment = {"HOME": str(tmp_path / environment["HOME"])}

    assert make("two.git", **environment) == make("one.git")


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("Make it", id="subject"),
        pytest.param("Make it\n\nBecause.\n\n", id="body"),
        pytest.param("Make it\r\n\r\nBecause.", id="carriage returns"),
        pytest.param("Make it\n\nProvisionHub-Run: other", id="with another's trailer"),
        pytest.param("Make it\n\nSigned-off-by: a", id="with trailers"),
    ],
)
def test_trailer_is_read_back_as_git_reads_it(message: str) -> None:
    """A message's trailer is the last one, and Git's own reading agrees."""
    text = with_trailer(message, RunId("run-1"))

    parsed = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=text,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert run_of(text) == "run-1"
    assert parsed.splitlines()[-1:] in (["ProvisionHub-Run: run-1"], [])


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("ProvisionHub-Run: run-1", id="as subject"),
        pytest.param("a\n\nProvisionHub-Run: run-1\n\nb", id="in the middle"),
        pytest.param("a\n\nb\nProvisionHub-Run: run-1", id="below text"),
        pytest.param("a\n\nProvisionHub-Run: run-1\nOther: x", id="not last"),
        pytest.param("", id="empty"),
    ],
)
def test_what_only_looks_like_the_trailer_is_none(message: str) -> None:
    """A line elsewhere in a message claims nothing."""
    assert run_of(message) is None
