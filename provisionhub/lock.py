"""The lock file: what a repository was made from, so that it can be made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.documents import DocumentError, read_yaml, write_yaml
from provisionhub.engine import Engine
from provisionhub.errors import InvalidLockError, InvalidValuesError
from provisionhub.job import JobType
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.registry import Plugin
from provisionhub.repository import RunId
from provisionhub.tree import Entry
from provisionhub.values import Values, ValueSchema

LOCK_PATH: Final = ".provisionhub.lock.yaml"

_VERSION: Final = 1
_HEADER: Final = (
    "# What this repository was made from; `provisionhub verify` makes it again and\n"
    "# compares. Written by ProvisionHub: do not edit.\n"
)
_LONGEST: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LockedBlueprint:
    """The blueprint that a tree was rendered from."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class LockedEngine:
    """The engine that rendered it, and the distribution that brought the engine."""

    name: str
    distribution: str
    version: str


@dataclass(frozen=True, slots=True)
class LockedFile:
    """One file as it was rendered: Git mode, and SHA-256 of its content."""

    mode: str
    sha256: str

    @classmethod
    def of(cls, entry: Entry) -> LockedFile:
        """Return what is locked of *entry*."""
        return cls(str(entry.mode), entry.sha256)


@dataclass(frozen=True, slots=True)
class Lock:
    """What ``.provisionhub.lock.yaml`` says.

    Attributes:
        values: The values without the secrets, defaults filled in.
        secrets: JSON pointers to the secrets that were given.
        files: Every rendered file by path, this one left out.
    """

    blueprint: LockedBlueprint
    engine: LockedEngine
    subject: Subject
    values: JsonObject = field(repr=False)
    secrets: tuple[str, ...]
    files: Mapping[str, LockedFile] = field(repr=False)

    @classmethod
    def of(
        cls,
        *,
        blueprint: Blueprint,
        engine: Plugin[Engine],
        values: Values,
        subject: Subject,
        tree: Iterable[Entry],
    ) -> Lock:
        """Return the lock of *tree*, rendered from all the rest."""
        return cls(
            LockedBlueprint(blueprint.name, blueprint.version, blueprint.digest),
            LockedEngine(engine.name, engine.distribution, engine.version),
            subject,
            values.public,
            tuple(secret.pointer for secret in values.secrets),
            {entry.path: LockedFile.of(entry) for entry in tree},
        )

    def write(self) -> bytes:
        """Return the lock file's content: equal locks give equal bytes."""
        subject = self.subject
        said: JsonObject = {
            "lock_version": _VERSION,
            "blueprint": {
                "name": self.blueprint.name,
                "version": self.blueprint.version,
                "digest": self.blueprint.digest,
            },
            "engine": {
                "name": self.engine.name,
                "distribution": self.engine.distribution,
                "version": self.engine.version,
            },
            "run": {
                "run_id": subject.run_id,
                "type": str(subject.type),
                "requested_at": subject.timestamp,
                "worker_version": subject.version,
            },
            "name": subject.name,
            "namespace": subject.namespace,
            "values": self.values,
            "secrets": list(self.secrets),
            "files": {path: _file(locked) for path, locked in self.files.items()},
        }
        return (_HEADER + write_yaml(said)).encode("utf-8")


def read_lock(content: bytes, *, file: str = LOCK_PATH) -> Lock:
    """Return the lock written in *content*.

    Raises:
        InvalidLockError: With the place, if it is not a lock file of this version.
    """
    try:
        document = read_yaml(content, file=file, longest=_LONGEST)
    except DocumentError as error:
        raise InvalidLockError(error.message, at=error.at) from None
    if not isinstance(document.value, dict):
        raise InvalidLockError("is not a lock file", at=document.locate(""))
    version = document.value.get("lock_version")
    if version != _VERSION:
        raise InvalidLockError(
            f"is a lock file of version `{version}`, not {_VERSION}",
            at=document.locate("/lock_version"),
            hint="use the ProvisionHub that wrote it, or a newer one",
        )
    try:
        said = _lock_schema().accept(document.value).data
    except InvalidValuesError as error:
        first = error.violations[0]
        raise InvalidLockError(str(first), at=document.locate(first.pointer)) from None
    return _lock(said)


def _file(locked: LockedFile) -> JsonValue:
    return {"mode": locked.mode, "sha256": locked.sha256}


def _lock(said: Mapping[str, Any]) -> Lock:
    run = said["run"]
    return Lock(
        LockedBlueprint(**said["blueprint"]),
        LockedEngine(**said["engine"]),
        Subject(
            name=said["name"],
            namespace=said["namespace"],
            run_id=RunId(run["run_id"]),
            type=JobType(run["type"]),
            timestamp=run["requested_at"],
            version=run["worker_version"],
        ),
        said["values"],
        tuple(said["secrets"]),
        {path: LockedFile(**locked) for path, locked in said["files"].items()},
    )


def _texts(*names: str) -> JsonObject:
    """Return the schema of an object with just these members, all of them text."""
    return {
        "type": "object",
        "required": list(names),
        "additionalProperties": False,
        "properties": {name: {"type": "string"} for name in names},
    }


@cache
def _lock_schema() -> ValueSchema:
    members: JsonObject = {
        "lock_version": {"const": _VERSION},
        "blueprint": _texts("name", "version", "digest"),
        "engine": _texts("name", "distribution", "version"),
        "run": _texts("run_id", "type", "requested_at", "worker_version"),
        "name": {"type": "string"},
        "namespace": {"type": "string"},
        "values": {"type": "object"},
        "secrets": {"type": "array", "items": {"type": "string"}},
        "files": {
            "type": "object",
            "additionalProperties": _texts("mode", "sha256"),
        },
    }
    return ValueSchema(
        {"type": "object", "required": list(members), "properties": members}
    )
