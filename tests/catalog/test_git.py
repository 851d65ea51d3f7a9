"""Catalogs in Git repositories, made with real Git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from provisionhub.catalog import Catalogs, GitCatalog, GitSource
from provisionhub.errors import BlueprintNotFoundError
from provisionhub.job import BlueprintRef
from provisionhub.publishing import GitMirror
from support.blueprints import MANIFEST, write_blueprint


def git(folder: Path, *arguments: str) -> str:
    """Run git in *folder* and return what it prints."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    command = ["git", *identity, "-c", "init.defaultBranch=main", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """Return a repository whose sample blueprint went from 1.0.0 to 1.1.0."""
    folder = tmp_path / "catalog"
    folder.mkdir()
    git(folder, "init", "-q")
    for version, text in (("1.0.0", "a"), ("1.0.0", "b"), ("1.1.0", "c")):
        manifest = MANIFEST.replace("1.2.0", version)
        write_blueprint(folder / "blueprints/sample", {"template/f": text}, manifest)
        git(folder, "add", "--all")
        git(folder, "commit", "-qm", f"{version}: {text}")
    return folder


def catalog(upstream: Path, cache: Path, ref: str | None = None) -> Catalogs:
    """Return the catalog in *upstream*, mirrored under *cache*."""
    mirror = GitMirror(upstream.as_uri(), ref, cache, refresh_seconds=0)
    return Catalogs([GitCatalog(str(upstream), mirror, longest=10_000)])


def test_blueprint_is_read_at_the_newest_commit(upstream: Path, tmp_path: Path) -> None:
    """Without a pin the blueprint is what the remote's HEAD has."""
    found = catalog(upstream, tmp_path / "cache").find(BlueprintRef("sample"))

    assert found.version == "1.1.0"
    assert found.template["f"].content == b"c"


def test_files_are_read_without_being_loaded(upstream: Path, tmp_path: Path) -> None:
    """The files of a blueprint are had as bytes, whatever is in them."""
    (upstream / "blueprints/sample/blueprint.yaml").write_text("name: [", "utf-8")
    git(upstream, "commit", "-qam", "broken")

    source = catalog(upstream, tmp_path / "cache").read("sample")

    assert (source.label, source.name) == ("blueprints/sample", "sample")
    assert source.files["template/f"].content == b"c"
    with pytest.raises(BlueprintNotFoundError):
        catalog(upstream, tmp_path / "cache").read("other")


def test_pin_finds_the_last_state_of_a_version(upstream: Path, tmp_path: Path) -> None:
    """A version pin finds the newest commit in which the blueprint had it."""
    pinned = BlueprintRef("sample", "1.0.0")

    found = catalog(upstream, tmp_path / "cache").find(pinned)

    assert found.version == "1.0.0"
    assert found.template["f"].content == b"b"


def test_digest_is_that_of_a_folder(upstream: Path, tmp_path: Path) -> None:
    """A blueprint read from Git objects has the digest that it has in a folder."""
    from provisionhub.catalog import load_folder  # noqa: PLC0415 - used here alone

    found = catalog(upstream, tmp_path / "cache").find(BlueprintRef("sample"))
    folder = load_folder(upstream / "blueprints/sample", longest=10_000)

    assert found.digest == folder.digest


def test_new_commits_are_seen(upstream: Path, tmp_path: Path) -> None:
    """A mirror that is due is refreshed before a blueprint is looked up."""
    catalogs = catalog(upstream, tmp_path / "cache")
    catalogs.find(BlueprintRef("sample"))
    write_blueprint(upstream / "blueprints/sample", {"template/f": "d"})
    git(upstream, "commit", "-qam", "1.2.0")

    assert catalogs.find(BlueprintRef("sample")).version == "1.2.0"


def test_ref_holds_the_catalog_where_it_is(upstream: Path, tmp_path: Path) -> None:
    """A catalog at a commit stays there, whatever comes after it."""
    first = git(upstream, "rev-list", "--max-parents=0", "HEAD")

    found = catalog(upstream, tmp_path / "cache", first).find(BlueprintRef("sample"))

    assert found.template["f"].content == b"a"


@pytest.mark.parametrize(
    "ref", [BlueprintRef("other"), BlueprintRef("sample", "9.9.9")]
)
def test_what_is_not_there_is_not_found(
    ref: BlueprintRef, upstream: Path, tmp_path: Path
) -> None:
    """Neither another name nor a version that never was is found."""
    with pytest.raises(BlueprintNotFoundError):
        catalog(upstream, tmp_path / "cache").find(ref)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("./catalog", None, id="folder"),
        pytest.param(
            "git+https://host/group/catalog.git@v1",
            GitSource("https://host/group/catalog.git", "v1"),
            id="ref",
        ),
        pytest.param(
            "git+https://host/group/catalog.git",
            GitSource("https://host/group/catalog.git"),
            id="no ref",
        ),
        pytest.param(
            "git+ssh://git@host/catalog.git@feature/x",
            GitSource("ssh://git@host/catalog.git", "feature/x"),
            id="user and branch with a slash",
        ),
        pytest.param(
            "git+file:///srv/c", GitSource("file:///srv/c"), id="local repository"
        ),
    ],
)
def test_sources_are_parsed(text: str, expected: GitSource | None) -> None:
    """``git+URL@REF`` is taken apart, a user before the host left where it is."""
    assert GitSource.parse(text) == expected
