"""The manifest, ``blueprint.yaml``, held to its published schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from provisionhub.blueprint.rules import FileRule
from provisionhub.documents import DocumentError, YamlDocument, read_yaml
from provisionhub.errors import InvalidBlueprintError, InvalidValuesError
from provisionhub.job import JobType
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import AccessLevel, ProtectedBranch, RepositorySettings
from provisionhub.values import ValueSchema

_LONGEST: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RepositoryDefaults:
    """What the blueprint says of its repositories; a job's own words go first.

    Attributes:
        default_branch: The branch that the first commit goes to.
        description: One line for people.
        topics: Labels, in order.
        commit_message: A template in the blueprint's engine, or None.
        settings: How the repository is set up.
    """

    default_branch: str = "main"
    description: str = ""
    topics: tuple[str, ...] = ()
    commit_message: str | None = None
    settings: RepositorySettings = field(default_factory=RepositorySettings)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``blueprint.yaml`` says; see ``schemas/blueprint.schema.json``."""

    name: str
    version: str
    title: str
    description: str
    engine: str
    engine_options: JsonObject
    types: frozenset[JobType]
    schema: JsonObject | str
    rules: tuple[FileRule, ...]
    repository: RepositoryDefaults
    lint_ignores: frozenset[str] = frozenset()


def read_document(content: bytes, *, file: str) -> YamlDocument:
    """Return the YAML or JSON document in *content*.

    Raises:
        InvalidBlueprintError: With the place, if it can't be read.
    """
    try:
        return read_yaml(content, file=file, longest=_LONGEST)
    except DocumentError as error:
        raise InvalidBlueprintError(
            error.message, at=error.at, hint=error.hint
        ) from None


def read_manifest(document: YamlDocument) -> Manifest:
    """Return the manifest that *document* holds.

    Raises:
        InvalidBlueprintError: With the place of the first violation, and all of them.
    """
    return _manifest(hold_to(_manifest_schema(), document))


def manifest_of(said: JsonObject) -> Manifest:
    """Return the manifest that *said*, the value of a manifest's document, holds.

    Raises:
        InvalidValuesError: If it breaks the schema of manifests.
    """
    return _manifest(_manifest_schema().accept(said).data)


def hold_to(schema: ValueSchema, document: YamlDocument) -> dict[str, Any]:
    """Return the object in *document* with the schema's defaults filled in.

    Raises:
        InvalidBlueprintError: With the place of the first violation, and all of them.
    """
    if not isinstance(document.value, dict):
        raise InvalidBlueprintError(
            "must be a mapping of names to values", at=document.locate("")
        )
    try:
        return schema.accept(document.value).data
    except InvalidValuesError as error:
        first = error.violations[0]
        said = "; ".join(str(violation) for violation in error.violations)
        raise InvalidBlueprintError(
            said, at=document.locate(first.pointer, key=first.of_name)
        ) from None


def _manifest(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        name=said["name"],
        version=said["version"],
        title=said.get("title", said["name"]),
        description=said.get("description", ""),
        engine=said["engine"],
        engine_options=said["engine_options"],
        types=frozenset(JobType(kind) for kind in said["types"]),
        schema=said["schema"],
        rules=tuple(_rule(rule) for rule in said["files"]),
        repository=_repository(said["repository"]),
        lint_ignores=frozenset(said["lint"]["ignore"]),
    )


def _repository(said: Mapping[str, Any]) -> RepositoryDefaults:
    return RepositoryDefaults(
        default_branch=said.get("default_branch", "main"),
        description=said.get("description", ""),
        topics=tuple(said.get("topics", ())),
        commit_message=said.get("commit_message"),
        settings=RepositorySettings(
            protected_branches=tuple(
                ProtectedBranch(
                    branch["name"],
                    push=AccessLevel(branch["push"]),
                    merge=AccessLevel(branch["merge"]),
                )
                for branch in said.get("protected_branches", ())
            ),
            variables=tuple(said.get("variables", ())),
            members=tuple(
                (name, AccessLevel(level))
                for name, level in said.get("members", {}).items()
            ),
            merge=said.get("merge", {}),
        ),
    )


def _rule(said: Mapping[str, Any]) -> FileRule:
    return FileRule(
        path=said["path"],
        when=said.get("when"),
        verbatim=said["verbatim"],
        secrets=tuple(map(_secret_pointer, said["secrets"])),
    )


def _secret_pointer(name: str) -> str:
    return name if name.startswith("/") else f"/{name}"


@cache
def _manifest_schema() -> ValueSchema:
    published = files("provisionhub") / "schemas" / "blueprint.schema.json"
    return ValueSchema(json.loads(published.read_text(encoding="utf-8")))
