"""A catalog in a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provisionhub.blueprint import (
    Blueprint,
    LoadBlueprint,
    load_blueprint,
    read_folder,
)
from provisionhub.blueprint.files import MANIFEST
from provisionhub.catalog.catalogs import check_named
from provisionhub.catalog.folder_snapshots import FolderSnapshots
from provisionhub.catalog.source import BlueprintSource
from provisionhub.errors import BlueprintNotFoundError, InvalidBlueprintError
from provisionhub.job import BlueprintRef


class FolderCatalog:
    """A folder that holds ``blueprints/<name>/blueprint.yaml``, and snapshots.

    Args:
        root: The folder.
        longest: The most bytes that one blueprint's files may have together, and
            one of its snapshots.
        load: Makes a blueprint of its files.
    """

    def __init__(
        self, root: Path, *, longest: int, load: LoadBlueprint = load_blueprint
    ) -> None:
        self._root = root
        self._longest = longest
        self._load = load

    @property
    def origin(self) -> str:
        """The folder."""
        return str(self._root)

    def names(self) -> list[str]:
        """Return the names of the folders that hold a manifest, in order."""
        manifests = self._blueprints.glob(f"*/{MANIFEST}")
        return sorted(manifest.parent.name for manifest in manifests)

    def read(self, name: str) -> BlueprintSource | None:
        """Return the files of the blueprint called *name*, if it is here."""
        # Only a name that the folder itself lists: never a path made of one.
        if name not in self.names():
            return None
        return read_source(self._blueprints / name, longest=self._longest)

    def find(self, ref: BlueprintRef) -> Blueprint | None:
        """Return the blueprint, if it is here and in the version asked for."""
        source = self.read(ref.name)
        if source is None:
            return None
        blueprint = check_named(self._load(source.files, label=source.label), ref.name)
        if ref.version not in (None, blueprint.version):
            return None
        snapshots = FolderSnapshots(self._root, ref.name, longest=self._longest)
        return replace(blueprint, snapshots=snapshots)

    @property
    def _blueprints(self) -> Path:
        return self._root / "blueprints"


def load_folder(
    folder: Path, *, longest: int, load: LoadBlueprint = load_blueprint
) -> Blueprint:
    """Return the blueprint in *folder*.

    Raises:
        BlueprintNotFoundError: If there is no manifest.
        InvalidBlueprintError: If it is wrong, with file and line.
        LimitExceededError: If its files are larger than *longest* bytes.
    """
    source = read_source(folder, longest=longest)
    return load(source.files, label=source.label)


def read_source(folder: Path, *, longest: int) -> BlueprintSource:
    """Return the files of the blueprint in *folder*, of which nothing is read yet.

    Raises:
        BlueprintNotFoundError: If there is no manifest.
        InvalidBlueprintError: If they can't be read.
        LimitExceededError: If they are larger than *longest* bytes.
    """
    if not (folder / MANIFEST).exists():
        raise BlueprintNotFoundError(
            f"`{folder}` holds no `{MANIFEST}`",
            hint="name a blueprint of a catalog, or a folder that holds one",
        )
    try:
        files = read_folder(folder, longest=longest)
    except OSError as error:
        raise InvalidBlueprintError(
            f"can't read `{error.filename}`: {error.strerror}"
        ) from None
    is_in_catalog = folder.absolute().parent.name == "blueprints"
    return BlueprintSource(
        str(folder), files, folder.absolute().name if is_in_catalog else None
    )
