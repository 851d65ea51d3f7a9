"""A bare mirror of a Git repository: the reading side of Git catalogs."""

from __future__ import annotations

import fcntl
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pygit2
import structlog

from provisionhub.blueprint.files import too_large
from provisionhub.blueprint.snapshots import not_plain
from provisionhub.catalog import Mirror
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    TransientError,
    did_you_mean,
)
from provisionhub.publishing.addresses import without_credentials
from provisionhub.publishing.objects import init_bare
from provisionhub.tree import Mode

_FULL_ID: Final = re.compile(r"[0-9a-f]{40}")
_REFSPECS: Final = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
_HEAD: Final = "provisionhub.head"
# Git once wrote group-writable files so; they are plain files.
_GROUP_WRITABLE: Final = 0o100664


class GitMirror:
    """A repository's objects under a cache folder, fetched when they are due.

    Never a work tree, a hook or a filter. Several processes may share a cache.

    Args:
        url: What ``git clone`` takes.
        ref: A branch, a tag or a full commit id; None is the remote's HEAD.
        cache: The folder for all mirrors.
        refresh_seconds: For how long a fetch is good enough.
    """

    def __init__(
        self, url: str, ref: str | None, cache: Path, *, refresh_seconds: float = 60
    ) -> None:
        self.url = without_credentials(url)
        self._remote_url = url
        self._ref = ref
        name = hashlib.sha256(url.encode()).hexdigest()[:16]
        self._path = cache / f"{name}.git"
        self._refresh_seconds = refresh_seconds
        self._repository: pygit2.Repository | None = None

    def resolve(self) -> str:
        """Return the commit id that the ref is at, fetched if that is due.

        A remote that can't be reached is warned of, as long as there is a copy.

        Raises:
            BlueprintNotFoundError: If there is no such ref.
            TransientError: If the remote can't be reached and there is no copy.
        """
        with self._locked():
            repository = self._open()
            if self._is_due(repository):
                self._refresh(repository)
        return self._commit(repository)

    def list_folders(self, commit: str, path: str) -> list[str]:
        """Return the names of the folders in *path* at *commit*, in order."""
        folder = self._tree(commit, path)
        return sorted(str(e.name) for e in folder or () if isinstance(e, pygit2.Tree))

    def read_folder(
        self, commit: str, path: str, *, longest: int
    ) -> dict[str, tuple[Mode, bytes]]:
        """Return all files below *path* at *commit*, by path relative to it.

        Raises:
            LimitExceededError: If they are larger than *longest* bytes together.
            InvalidBlueprintError: If there is a submodule among them.
        """
        found: dict[str, tuple[Mode, bytes]] = {}
        left = longest
        for name, entry in _walk(self._tree(commit, path), ""):
            if not isinstance(entry, pygit2.Blob):
                raise InvalidBlueprintError(
                    f"`{path}/{name}` is a submodule",
                    hint="put the files themselves into the blueprint",
                )
            left -= entry.size
            if left < 0:
                raise too_large(name, longest)
            found[name] = (Mode(_mode(entry)), entry.data)
        return found

    def list_files(self, commit: str, path: str) -> dict[str, str]:
        """Return what lies in the folder *path* at *commit*, folders left out.

        Returns:
            The id of each one's content, by name, in order; links among them.

        Raises:
            InvalidBlueprintError: If *path* is there, and no folder.
        """
        folder = self._tree(commit, path)
        if folder is None:
            self._refuse_in_the_way(commit, path)
        files = (entry for entry in folder or () if not isinstance(entry, pygit2.Tree))
        return dict(sorted((str(entry.name), str(entry.id)) for entry in files))

    def read_file(
        self, commit: str, path: str, *, longest: int
    ) -> tuple[Mode, bytes] | None:
        """Return the file at *path* at *commit*, or None.

        No more than one byte beyond *longest* is read.
        """
        entry = self._find(commit, path)
        if not isinstance(entry, pygit2.Blob):
            return None
        with pygit2.BlobIO(entry) as opened:
            content = opened.read(longest + 1)
        return Mode(_mode(entry)), content

    def history(self, commit: str, path: str) -> Iterator[str]:
        """Yield a commit for each state that *path* was in, newest first.

        Along first parents, and the newest in which it was so: what else was put right
        since is right there too.
        """
        walker = self._repo().walk(pygit2.Oid(hex=commit))
        walker.simplify_first_parent()
        newer: pygit2.Oid | None = None
        for step in walker:
            found = self._tree(str(step.id), path)
            state = None if found is None else found.id
            if state is not None and state != newer:
                yield str(step.id)
            newer = state

    def _commit(self, repository: pygit2.Repository) -> str:
        wanted = self._ref or str(repository.config[_HEAD])
        for name in (f"refs/heads/{wanted}", f"refs/tags/{wanted}", wanted):
            try:
                found = repository.revparse_single(name)
                return str(found.peel(pygit2.Commit).id)
            except (KeyError, ValueError, pygit2.GitError):
                continue
        known = [name.split("/", 2)[2] for name in repository.references]
        raise BlueprintNotFoundError(
            f"catalog {self.url} has no branch, tag or commit `{wanted}`",
            hint=did_you_mean(wanted, known),
        )

    def _is_due(self, repository: pygit2.Repository) -> bool:
        if self._ref and _FULL_ID.fullmatch(self._ref) and self._ref in repository:
            return False
        stamp = self._path / "fetched"
        if not stamp.exists():
            return True
        return time.time() - stamp.stat().st_mtime >= self._refresh_seconds

    def _refresh(self, repository: pygit2.Repository) -> None:
        remote = repository.remotes.create_anonymous(self._remote_url)
        try:
            heads = remote.list_heads()
            remote.fetch(_REFSPECS, prune=pygit2.enums.FetchPrune.PRUNE)
        except pygit2.GitError as error:
            reason = str(error).replace(self._remote_url, self.url)
            if not (self._path / "fetched").exists():
                raise TransientError(
                    f"can't fetch catalog {self.url}: {reason}",
                    hint="check the address in BLUEPRINT_CATALOGS, and the network",
                ) from None
            structlog.stdlib.get_logger("provisionhub").warning(
                f"Catalog {self.url} can't be reached; using the copy: {reason}"
            )
            return
        repository.config[_HEAD] = _default_branch(heads)
        (self._path / "fetched").touch()

    def _tree(self, commit: str, path: str) -> pygit2.Tree | None:
        found = self._find(commit, path)
        return found if isinstance(found, pygit2.Tree) else None

    def _find(self, commit: str, path: str) -> pygit2.Object | None:
        root = self._repo()[commit].peel(pygit2.Tree)
        try:
            return root[path]
        except KeyError:
            return None

    def _refuse_in_the_way(self, commit: str, path: str) -> None:
        parts = path.split("/")
        for length in range(1, len(parts) + 1):
            above = "/".join(parts[:length])
            if not isinstance(self._find(commit, above), pygit2.Tree | None):
                raise not_plain(above, "folder")

    def _repo(self) -> pygit2.Repository:
        if self._repository is None:
            self._repository = self._open()
        return self._repository

    def _open(self) -> pygit2.Repository:
        if (self._path / "HEAD").exists():
            return pygit2.Repository(str(self._path))
        return init_bare(self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes from making or fetching this mirror meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _walk(tree: pygit2.Tree | None, below: str) -> Iterator[tuple[str, pygit2.Object]]:
    for entry in tree or ():
        path = f"{below}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            yield from _walk(entry, f"{path}/")
        else:
            yield path, entry


def _mode(entry: pygit2.Blob) -> int:
    mode = int(entry.filemode)
    return Mode.FILE if mode == _GROUP_WRITABLE else mode


def _default_branch(heads: list[pygit2.remotes.RemoteHead]) -> str:
    """Return the branch that the remote's HEAD leads to, as its reply says."""
    for head in heads:
        if head.name == "HEAD":
            target = head.symref_target
            return target.removeprefix("refs/heads/") if target else str(head.oid)
    return "main"


_: type[Mirror] = GitMirror
