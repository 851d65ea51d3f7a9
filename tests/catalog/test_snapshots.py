"""What is recorded of a blueprint is read beside it, as data, and of the same state."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from provisionhub.blueprint import Snapshots
from provisionhub.catalog import Catalogs, FolderCatalog, GitCatalog
from provisionhub.errors import InvalidBlueprintError, LimitExceededError
from provisionhub.job import BlueprintRef
from provisionhub.publishing import GitMirror
from support.blueprints import MANIFEST
from support.snapshots import LARGE, RECORDED, SCHEMA, SMALL, record, write_catalog


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder* and return what it prints."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path) -> None:
    """Commit all that lies in *folder*."""
    git(folder, "add", "--all")
    git(folder, "commit", "-qm", "x")


def from_folder(root: Path, ref: str = "sample", *, longest: int = 1000) -> Snapshots:
    """Return what is recorded of the blueprint *ref* in the folder *root*."""
    catalog = FolderCatalog(root, longest=longest)
    return Catalogs([catalog]).find(BlueprintRef.parse(ref)).snapshots


def from_git(root: Path, ref: str = "sample", *, longest: int = 1000) -> Snapshots:
    """Return what is recorded of the blueprint *ref* in the repository *root*."""
    cache = root.parent / f"{root.name}-cache"
    mirror = GitMirror(root.as_uri(), None, cache, refresh_seconds=0)
    catalog = GitCatalog("upstream", mirror, longest=longest)
    return Catalogs([catalog]).find(BlueprintRef.parse(ref)).snapshots


@pytest.fixture(params=["folder", "git"])
def kind(request: pytest.FixtureRequest) -> str:
    """Return the kind of catalog."""
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path, kind: str) -> Path:
    """A catalog of that kind, with a sample blueprint and its snapshots."""
    folder = write_catalog(tmp_path / "catalog")
    (folder / "snapshots/sample/notes.md").write_text("no snapshot\n")
    if kind == "git":
        git(folder, "init", "-q")
        commit(folder)
    return folder


def found(root: Path, kind: str, *, longest: int = 1000) -> Snapshots:
    """Return what is recorded of the sample blueprint."""
    if kind == "folder":
        return from_folder(root, longest=longest)
    if git(root, "status", "--porcelain"):
        commit(root)
    return from_git(root, longest=longest)


def test_snapshots_are_found_beside_the_blueprint(root: Path, kind: str) -> None:
    """Each has its example's name; other files are passed over."""
    snapshots = found(root, kind)

    assert list(snapshots.names()) == ["large", "small"]
    assert snapshots.read("small") == SMALL
    assert snapshots.read("other") is None
    assert snapshots.read("../sample/small") is None


def test_version_changes_with_any_snapshot_and_with_nothing_else(
    root: Path, kind: str
) -> None:
    """It stays while nothing changes, and is another after any change."""
    versions = [found(root, kind).version]
    assert found(root, kind).version == versions[0]

    record(root, {"small": SMALL.replace("1", "2")})
    versions.append(found(root, kind).version)
    record(root, {"new": SMALL})
    versions.append(found(root, kind).version)
    (root / "snapshots/sample/new.tree").unlink()
    (root / "snapshots/sample/notes.md").write_text("still none\n")
    versions.append(found(root, kind).version)

    assert len(set(versions[:3])) == 3
    assert versions[3] == versions[1]


def test_blueprint_may_have_none(root: Path, kind: str) -> None:
    """Without a folder, or with an empty one, nothing is recorded."""
    for file in (root / "snapshots/sample").iterdir():
        file.unlink()
    (root / "snapshots/sample").rmdir()

    snapshots = found(root, kind)

    assert (list(snapshots.names()), snapshots.version) == ([], "")
    assert snapshots.read("small") is None


@pytest.mark.parametrize("path", ["snapshots", "snapshots/sample"])
def test_folder_behind_a_link_is_refused(path: str, root: Path, kind: str) -> None:
    """A link in a snapshot's place leads nowhere, and is told."""
    (root / path).rename(root / "elsewhere")
    (root / path).symlink_to(root / "elsewhere")

    with pytest.raises(InvalidBlueprintError, match="is no folder"):
        found(root, kind).names()


def test_snapshot_behind_a_link_is_refused(
    root: Path, kind: str, tmp_path: Path
) -> None:
    """A link is not followed: what it leads to would be shown in a diff."""
    (tmp_path / "shadow").write_text("root:secret")
    (root / "snapshots/sample/small.tree").unlink()
    (root / "snapshots/sample/small.tree").symlink_to(tmp_path / "shadow")

    with pytest.raises(InvalidBlueprintError, match=r"small\.tree` is no plain file"):
        found(root, kind).read("small")


def test_snapshot_that_is_too_large_is_refused(root: Path, kind: str) -> None:
    """A snapshot is read up to the largest size of a blueprint, and no further."""
    record(root, {"small": "x" * 1001})

    with pytest.raises(LimitExceededError, match=r"snapshots/sample/small\.tree"):
        found(root, kind).read("small")
    assert found(root, kind).read("large") == LARGE


def test_pipe_in_a_snapshots_place_holds_nobody_up(tmp_path: Path) -> None:
    """What is no file is refused, and not waited for."""
    write_catalog(tmp_path)
    (tmp_path / "snapshots/sample/small.tree").unlink()
    os.mkfifo(tmp_path / "snapshots/sample/small.tree")

    with pytest.raises(InvalidBlueprintError, match="no plain file"):
        from_folder(tmp_path).read("small")


def test_pinned_version_has_the_snapshots_of_its_commit(tmp_path: Path) -> None:
    """An older version is held to what was recorded then, not to what is now."""
    root = write_catalog(tmp_path / "catalog")
    git(root, "init", "-q")
    commit(root)
    write_catalog(
        root,
        {**RECORDED, "small": "newer"},
        manifest=MANIFEST.replace("1.2.0", "1.3.0") + SCHEMA,
    )
    commit(root)

    assert from_git(root, "sample@1.2.0").read("small") == SMALL
    assert from_git(root, "sample@1.3.0").read("small") == "newer"


def test_snapshot_that_was_put_right_later_is_the_pinned_versions(
    tmp_path: Path,
) -> None:
    """A commit that mends snapshots alone mends them for who pins the version too."""
    root = write_catalog(tmp_path / "catalog", {**RECORDED, "small": "wrong"})
    git(root, "init", "-q")
    commit(root)
    record(root, {"small": SMALL})
    commit(root)
    write_catalog(root, {}, manifest=MANIFEST.replace("1.2.0", "1.3.0") + SCHEMA)
    commit(root)

    assert from_git(root, "sample@1.2.0").read("small") == SMALL
