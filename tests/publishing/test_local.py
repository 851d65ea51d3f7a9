"""The local provider: one repository a run, nobody else's ever touched."""

from __future__ import annotations

import subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from provisionhub.errors import RepositoryExistsError, TransientError, UnsafePathError
from provisionhub.publishing import LocalProvider
from provisionhub.repository import Repository, RepositoryRequest, RunId

REQUEST = RepositoryRequest("my-service", "my-team/backend", default_branch="trunk")


def create(root: Path, run_id: str, request: RepositoryRequest = REQUEST) -> Repository:
    """Create *request* below *root* for *run_id*."""
    provider = LocalProvider({"LOCAL_REPOSITORIES_DIR": str(root)})
    return provider.create_repository(request, for_run=RunId(run_id))


def try_create(root: Path, run_id: str) -> str | None:
    """Create as ``create``; return the run's id if it got the repository."""
    try:
        create(root, run_id)
    except RepositoryExistsError:
        return None
    return run_id


def test_repository_is_bare_and_empty(tmp_path: Path) -> None:
    """What is made is an empty bare repository at namespace and name."""
    made = create(tmp_path, "run-1")

    path = tmp_path / "my-team/backend/my-service.git"
    head = subprocess.run(
        ["git", "--git-dir", path, "symbolic-ref", "HEAD"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert made.clone_url == str(path)
    assert made.web_url == path.as_uri()
    assert made.full_path == "my-team/backend/my-service"
    assert head == "refs/heads/trunk\n"
    assert sorted(item.name for item in path.parent.iterdir()) == ["my-service.git"]


def test_same_run_adopts_its_own(tmp_path: Path) -> None:
    """The same run again gets the repository that it made."""
    assert create(tmp_path, "run-1") == create(tmp_path, "run-1")


def _file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("mine")


def _folder(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "x").touch()


def _unmarked(path: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", path], check=True)


def _namesake(path: Path) -> None:
    _folder(path.with_name("My-Service.git"))


def _link(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to("/nonexistent")


@pytest.mark.parametrize("arrange", [_file, _folder, _unmarked, _namesake, _link])
def test_what_is_somebody_elses_is_refused(arrange: object, tmp_path: Path) -> None:
    """Whatever this run did not make is refused and left as it is."""
    assert callable(arrange)
    arrange(tmp_path / "my-team/backend/my-service.git")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(RepositoryExistsError, match="my-team/backend/my-service"):
        create(tmp_path, "run-1")

    assert sorted(tmp_path.rglob("*")) == before


def test_another_run_is_refused(tmp_path: Path) -> None:
    """A repository that another run made is refused."""
    create(tmp_path, "run-1")

    with pytest.raises(RepositoryExistsError):
        create(tmp_path, "run-2")


def test_link_out_of_the_root_is_refused(tmp_path: Path) -> None:
    """A namespace that is a link out of the root leads nowhere."""
    (tmp_path / "root").mkdir()
    (tmp_path / "root/my-team").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnsafePathError):
        create(tmp_path / "root", "run-1")

    assert not (tmp_path / "elsewhere").exists()


def test_disk_that_refuses_is_told(tmp_path: Path) -> None:
    """A root that can't be a folder is an error that a retry may mend."""
    (tmp_path / "root").write_text("a file")

    with pytest.raises(TransientError, match="can't make"):
        create(tmp_path / "root", "run-1")


def test_race_has_one_winner(tmp_path: Path) -> None:
    """Of several runs that race for one path exactly one gets it."""
    runs = [f"run-{number % 4}" for number in range(16)]
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        got = set(pool.map(try_create, [tmp_path] * len(runs), runs))

    assert len(got - {None}) == 1
    assert list(tmp_path.rglob(".new-*")) == []
