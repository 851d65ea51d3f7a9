"""The ``local`` provider: bare repositories in a folder on this disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Final

import pygit2

from provisionhub.errors import RepositoryExistsError, TransientError, UnsafePathError
from provisionhub.publishing.objects import init_bare
from provisionhub.repository import Provider, Repository, RepositoryRequest, RunId

_RUN: Final = "provisionhub.run"
_DEFAULT: Final = "repositories"


class LocalProvider:
    """Keeps ``<namespace>/<name>.git`` below ``LOCAL_REPOSITORIES_DIR``.

    A repository comes into being in one step, already marked with its run, so that
    no attempt ever meets a half-made one.

    Args:
        settings: ``LOCAL_REPOSITORIES_DIR``, default ``./repositories``.
    """

    title: ClassVar[str] = "local repositories"

    def __init__(self, settings: Mapping[str, str]) -> None:
        folder = settings.get("LOCAL_REPOSITORIES_DIR", _DEFAULT)
        self._root = Path(folder).absolute()

    def create_repository(
        self, request: RepositoryRequest, *, for_run: RunId
    ) -> Repository:
        """Make the bare repository, or adopt the one that this run made.

        Raises:
            RepositoryExistsError: If anything else is at its path, or at a path that
                differs in case alone.
            TransientError: If the disk won't have it.
        """
        path = self._root / request.namespace / f"{request.name}.git"
        try:
            self._make_folder(path.parent)
            made = self._find(path, request, for_run) or self._make(
                path, request, for_run
            )
        except OSError as error:
            raise TransientError(
                f"can't make `{path}`: {error.strerror}",
                hint="LOCAL_REPOSITORIES_DIR names a folder that may be written to",
            ) from error
        return _described(path, made, request)

    def _make_folder(self, folder: Path) -> None:
        """Make the namespace's folder; never outside the root, links followed."""
        self._root.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self._root.resolve()):
            raise UnsafePathError(
                f"`{folder}` leads out of `{self._root}`", path=str(folder)
            )
        folder.mkdir(parents=True, exist_ok=True)

    def _find(
        self, path: Path, request: RepositoryRequest, run_id: RunId
    ) -> pygit2.Repository | None:
        """Return this run's repository at *path*, or None if there is nothing."""
        namesakes = _namesakes(path)
        if not namesakes:
            return None
        found = _open(path) if namesakes == [path] else None
        if found is not None and _run_of(found) == run_id:
            return found
        raise RepositoryExistsError(
            f"{request.full_path} exists at `{namesakes[0]}`, and this run did not "
            "make it",
            hint="choose another name, or remove what is there",
        )

    def _make(
        self, path: Path, request: RepositoryRequest, run_id: RunId
    ) -> pygit2.Repository:
        building = Path(tempfile.mkdtemp(prefix=".new-", dir=path.parent))
        try:
            bare = building / path.name
            made = init_bare(bare, branch=request.default_branch)
            made.config[_RUN] = run_id
            (bare / "description").write_text(f"{request.description}\n")
            # Fails if somebody else's came first: a folder that is not empty.
            bare.rename(path)
        except OSError:
            if (found := self._find(path, request, run_id)) is None:
                raise
            return found
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return pygit2.Repository(str(path))


def _namesakes(path: Path) -> list[Path]:
    """Return what is at *path*, or at a path that differs from it in case alone."""
    if os.path.lexists(path):
        return [path]
    key = path.name.casefold()
    return [found for found in path.parent.iterdir() if found.name.casefold() == key]


def _open(path: Path) -> pygit2.Repository | None:
    if path.is_symlink():
        return None
    try:
        return pygit2.Repository(str(path), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
    except pygit2.GitError:
        return None


def _run_of(repository: pygit2.Repository) -> str | None:
    try:
        return str(repository.config[_RUN])
    except KeyError:
        return None


def _described(
    path: Path, made: pygit2.Repository, request: RepositoryRequest
) -> Repository:
    # A run that asks anew gets the branch that it asked for first.
    head = str(made.references["HEAD"].target)
    return Repository(
        id=request.full_path,
        full_path=request.full_path,
        web_url=path.as_uri(),
        clone_url=str(path),
        default_branch=head.removeprefix("refs/heads/"),
    )


_: type[Provider] = LocalProvider
