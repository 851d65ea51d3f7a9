"""A catalog in a Git repository, read from its objects at one resolved commit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol
from urllib.parse import urlsplit

from provisionhub.blueprint import (
    Blueprint,
    BlueprintFile,
    LoadBlueprint,
    load_blueprint,
)
from provisionhub.blueprint.files import MANIFEST, is_part
from provisionhub.blueprint.snapshots import (
    SNAPSHOT_SUFFIX,
    not_plain,
    snapshot_text,
    snapshots_folder,
)
from provisionhub.catalog.catalogs import check_named
from provisionhub.catalog.source import BlueprintSource
from provisionhub.errors import InvalidBlueprintError
from provisionhub.job import BlueprintRef
from provisionhub.tree import Mode

_PREFIX: Final = "git+"


class Mirror(Protocol):
    """A local copy of a Git repository's objects, kept fresh."""

    def resolve(self) -> str:
        """Return the commit that the catalog is read at, refreshed if it is due."""
        ...

    def list_folders(self, commit: str, path: str) -> Sequence[str]:
        """Return the names of the folders in *path* at *commit*, in order."""
        ...

    def read_folder(
        self, commit: str, path: str, *, longest: int
    ) -> Mapping[str, tuple[Mode, bytes]]:
        """Return all files below *path* at *commit*, by path relative to it.

        Raises:
            LimitExceededError: If they are larger than *longest* bytes together.
        """
        ...

    def list_files(self, commit: str, path: str) -> Mapping[str, str]:
        """Return what lies in the folder *path* at *commit*, folders left out.

        Returns:
            The id of each one's content, by name, in order; links among them.

        Raises:
            InvalidBlueprintError: If *path* is there, and no folder.
        """
        ...

    def read_file(
        self, commit: str, path: str, *, longest: int
    ) -> tuple[Mode, bytes] | None:
        """Return the file at *path* at *commit*, or None.

        No more than one byte beyond *longest* is read.
        """
        ...

    def history(self, commit: str, path: str) -> Iterator[str]:
        """Yield a commit for each state that *path* was in, newest first.

        Along first parents, and the newest in which it was so.
        """
        ...


@dataclass(frozen=True, slots=True)
class GitSource:
    """Where a Git catalog comes from.

    Attributes:
        url: What ``git clone`` takes.
        ref: A branch, a tag or a full commit id; None is the remote's HEAD.
    """

    url: str
    ref: str | None = None

    @classmethod
    def parse(cls, text: str) -> GitSource | None:
        """Return the source written as ``git+URL[@REF]``, or None if it is no such.

        An ``@`` before the host, as in ``git+ssh://git@host/x.git``, starts no ref.
        """
        if not text.startswith(_PREFIX):
            return None
        url = text.removeprefix(_PREFIX)
        path = urlsplit(url).path
        before, at, ref = path.rpartition("@")
        if not at or "/" not in before:
            return cls(url)
        return cls(url.removesuffix(f"@{ref}"), ref)


class GitCatalog:
    """A Git repository that holds ``blueprints/<name>/blueprint.yaml``.

    A version pin is met by the newest commit, along first parents, in which the
    blueprint has that version. Snapshots are read at the very same commit.

    Args:
        origin: Where it comes from, for people.
        mirror: Its objects.
        longest: The most bytes that one blueprint's files may have together, and
            one of its snapshots.
        load: Makes a blueprint of its files.
    """

    def __init__(
        self,
        origin: str,
        mirror: Mirror,
        *,
        longest: int,
        load: LoadBlueprint = load_blueprint,
    ) -> None:
        self._origin = origin
        self._mirror = mirror
        self._longest = longest
        self._load_files = load

    @property
    def origin(self) -> str:
        """The repository's address."""
        return self._origin

    def names(self) -> Sequence[str]:
        """Return the names of the blueprints at the resolved commit, in order."""
        return self._mirror.list_folders(self._mirror.resolve(), "blueprints")

    def read(self, name: str) -> BlueprintSource | None:
        """Return the files of the blueprint called *name* at the resolved commit."""
        commit = self._mirror.resolve()
        if name not in self._mirror.list_folders(commit, "blueprints"):
            return None
        return self._read(commit, name)

    def find(self, ref: BlueprintRef) -> Blueprint | None:
        """Return the blueprint at the resolved commit, or at the pinned version's."""
        commit = self._mirror.resolve()
        if ref.version is not None:
            return self._find_version(commit, ref.name, ref.version)
        if ref.name not in self._mirror.list_folders(commit, "blueprints"):
            return None
        return self._load(commit, ref.name)

    def _find_version(self, newest: str, name: str, version: str) -> Blueprint | None:
        for commit in self._mirror.history(newest, f"blueprints/{name}"):
            try:
                blueprint = self._load(commit, name)
            except InvalidBlueprintError:
                continue  # a version that was never sound can't be pinned
            if blueprint.version == version:
                return blueprint
        return None

    def _load(self, commit: str, name: str) -> Blueprint:
        source = self._read(commit, name)
        blueprint = check_named(
            self._load_files(source.files, label=source.label), name
        )
        snapshots = GitSnapshots(self._mirror, commit, name, longest=self._longest)
        return replace(blueprint, snapshots=snapshots)

    def _read(self, commit: str, name: str) -> BlueprintSource:
        path = f"blueprints/{name}"
        found = self._mirror.read_folder(commit, path, longest=self._longest)
        files = {
            inner: BlueprintFile(content, mode)
            for inner, (mode, content) in found.items()
            if is_part(inner)
        }
        if MANIFEST not in files:
            raise InvalidBlueprintError(f"`{path}` holds no `{MANIFEST}`")
        return BlueprintSource(path, files, name)


class GitSnapshots:
    """What lies in ``snapshots/<blueprint>/`` of a repository at one commit.

    Args:
        mirror: The repository's objects.
        commit: The one that the blueprint was read at.
        blueprint: The blueprint's name.
        longest: The most bytes that one snapshot may have.
    """

    def __init__(
        self, mirror: Mirror, commit: str, blueprint: str, *, longest: int
    ) -> None:
        self._mirror = mirror
        self._commit = commit
        self._folder = snapshots_folder(blueprint)
        self._longest = longest

    @property
    def version(self) -> str:
        """A hash over names and contents, of which Git knows the hashes already."""
        found = self._list()
        return hashlib.sha256(repr(found).encode()).hexdigest() if found else ""

    def names(self) -> list[str]:
        """Return the examples that have a snapshot, in order."""
        return [name.removesuffix(SNAPSHOT_SUFFIX) for name in self._list()]

    def read(self, example: str) -> str | None:
        """Return the snapshot of *example*, or None."""
        name = example + SNAPSHOT_SUFFIX
        path = f"{self._folder}/{name}"
        if name not in self._list():
            return None
        found = self._mirror.read_file(self._commit, path, longest=self._longest)
        if found is None or found[0] is Mode.SYMLINK:
            raise not_plain(path, "plain file")
        return snapshot_text(found[1], path, longest=self._longest)

    def _list(self) -> dict[str, str]:
        files = self._mirror.list_files(self._commit, self._folder)
        return {k: v for k, v in files.items() if k.endswith(SNAPSHOT_SUFFIX)}
