"""Proves that a folder is what its lock file says, by making it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisionhub.blueprint import Blueprint
from provisionhub.catalog import Catalogs
from provisionhub.errors import BlueprintNotFoundError, InvalidLockError
from provisionhub.job import BlueprintRef
from provisionhub.jsontypes import JsonObject
from provisionhub.lock import LOCK_PATH, Lock, LockedFile, read_lock
from provisionhub.renderer import Renderer
from provisionhub.tree import Entry, read_files
from provisionhub.values import with_stand_ins

_STAND_IN: Final = "provisionhub-verify-stands-in-for-a-secret"


@dataclass(frozen=True, slots=True)
class Verification:
    """How a folder compares with what its blueprint makes of its lock file.

    Attributes:
        lock: What the folder says of itself.
        changed: Files whose content or mode differs, in order.
        missing: Files that are gone, in order.
        added: Files that the blueprint did not make, in order.
        unproven: Files that may hold secrets: they were compared with the hashes
            in the lock file, and not made again.
    """

    lock: Lock
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    unproven: tuple[str, ...]

    @property
    def is_equal(self) -> bool:
        """Whether folder, lock file and blueprint agree."""
        return not (self.changed or self.missing or self.added)

    def to_json(self) -> JsonObject:
        """Return ``{equal, blueprint, changed, missing, added, unproven}``."""
        blueprint = self.lock.blueprint
        return {
            "equal": self.is_equal,
            "blueprint": {
                "name": blueprint.name,
                "version": blueprint.version,
                "digest": blueprint.digest,
            },
            "changed": list(self.changed),
            "missing": list(self.missing),
            "added": list(self.added),
            "unproven": list(self.unproven),
        }


def verify(folder: Path, catalog: Catalogs, renderer: Renderer) -> Verification:
    """Compare *folder* with what its blueprint makes of its lock file.

    Raises:
        InvalidLockError: If there is no lock file, or it can't be read.
        BlueprintNotFoundError: If no catalog has the very blueprint.
        ProvisionError: If the blueprint can't be rendered.
    """
    lock = _read_lock(folder)
    blueprint = _find_blueprint(lock, catalog)
    values = with_stand_ins(lock.values, lock.secrets, _STAND_IN)
    rendered = renderer.lock(blueprint, values, lock.subject)
    guarded = rendered.guarded if lock.secrets else frozenset()
    made = {entry.path: LockedFile.of(entry) for entry in rendered.tree}
    made |= {path: lock.files[path] for path in guarded & lock.files.keys()}
    if guarded or lock.secrets:
        # The lock file made here holds the hashes of stand-ins.
        made[LOCK_PATH] = LockedFile.of(Entry(LOCK_PATH, lock.write()))
    found = {entry.path: LockedFile.of(entry) for entry in read_files(folder)}
    return Verification(
        lock,
        changed=_changed(made, found),
        missing=tuple(sorted(made.keys() - found.keys())),
        added=tuple(sorted(found.keys() - made.keys())),
        unproven=tuple(sorted(guarded)),
    )


def _changed(
    made: Mapping[str, LockedFile], found: Mapping[str, LockedFile]
) -> tuple[str, ...]:
    common = made.keys() & found.keys()
    return tuple(sorted(path for path in common if made[path] != found[path]))


def _read_lock(folder: Path) -> Lock:
    file = folder / LOCK_PATH
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidLockError(
            f"can't read `{file}`: {error.strerror}",
            hint="name a folder that ProvisionHub made, such as a clone",
        ) from None
    return read_lock(content, file=str(file))


def _find_blueprint(lock: Lock, catalog: Catalogs) -> Blueprint:
    locked = lock.blueprint
    blueprint = catalog.find(BlueprintRef(locked.name, locked.version))
    if blueprint.digest == locked.digest:
        return blueprint
    raise BlueprintNotFoundError(
        f"blueprint `{locked.name}` {locked.version} has changed since: its digest "
        f"is {blueprint.digest[:12]}, the lock file says {locked.digest[:12]}",
        hint="set BLUEPRINT_CATALOGS to a catalog that has it as it was",
    )
