"""Reads a blueprint from its files, and checks it as far as it goes without values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from provisionhub.blueprint.blueprint import Blueprint
from provisionhub.blueprint.files import MANIFEST, TEMPLATE, BlueprintFile, digest_of
from provisionhub.blueprint.loaded import LoadedBlueprint
from provisionhub.blueprint.manifest import (
    Manifest,
    read_document,
    read_manifest,
)
from provisionhub.documents import YamlDocument
from provisionhub.errors import InvalidBlueprintError, did_you_mean
from provisionhub.jsontypes import JsonObject
from provisionhub.tree import Mode
from provisionhub.values import SchemaError, ValueSchema


class LoadBlueprint(Protocol):
    """Makes a blueprint of its files, here or in a process that is locked."""

    def __call__(self, files: Mapping[str, BlueprintFile], *, label: str) -> Blueprint:
        """Return the blueprint made up of *files*; raises as ``load_blueprint``."""
        ...


def load_blueprint(
    files: Mapping[str, BlueprintFile], *, label: str
) -> LoadedBlueprint:
    """Return the blueprint made up of *files*.

    Args:
        files: Its files by path, ``blueprint.yaml`` among them.
        label: Where it lies; it goes before the file in every error place.

    Raises:
        InvalidBlueprintError: With file, line and what is accepted.
    """
    blueprint = read_blueprint(files, label=label)
    for error in (*unmatched_rules(blueprint), *unknown_secrets(blueprint)):
        raise error.below(label)
    return blueprint


def read_blueprint(
    files: Mapping[str, BlueprintFile], *, label: str
) -> LoadedBlueprint:
    """Return what ``load_blueprint`` does, its rules not held to its files.

    Raises:
        InvalidBlueprintError: If the manifest or the schema is wrong.
    """
    try:
        return _read(files, label)
    except InvalidBlueprintError as error:
        raise error.below(label) from None


def unmatched_rules(blueprint: LoadedBlueprint) -> Iterator[InvalidBlueprintError]:
    """Yield the error of each rule that matches no file.

    It is a slip, and would hide one.
    """
    names = list(blueprint.template)
    bare = [name.rpartition(".")[0] for name in names]
    for index, rule in enumerate(blueprint.manifest.rules):
        if not any(rule.matches(name) for name in (*names, *bare)):
            yield InvalidBlueprintError(
                f"no file below `{TEMPLATE}` matches `{rule.path}`",
                at=blueprint.locate(f"/files/{index}/path"),
                hint=did_you_mean(rule.path, names),
            )


def unknown_secrets(blueprint: LoadedBlueprint) -> Iterator[InvalidBlueprintError]:
    """Yield the error of each secret that a rule names and the schema does not."""
    known = blueprint.written_schema.get("properties")
    if not isinstance(known, dict):
        return
    for index, rule in enumerate(blueprint.manifest.rules):
        for place, secret in enumerate(rule.secrets):
            name = secret.split("/")[1].replace("~1", "/").replace("~0", "~")
            if name not in known:
                yield InvalidBlueprintError(
                    f"the schema has no property `{name}`",
                    at=blueprint.locate(f"/files/{index}/secrets/{place}"),
                    hint=did_you_mean(name, known),
                )


def _read(files: Mapping[str, BlueprintFile], label: str) -> LoadedBlueprint:
    document = _read_manifest_file(files)
    manifest = read_manifest(document)
    schema_document, schema = _find_schema(manifest, document, files)
    value_schema = _compile_schema(schema, schema_document, manifest)
    return LoadedBlueprint(
        label=label,
        manifest=manifest,
        digest=digest_of(files),
        files=files,
        schema=value_schema,
        document=document,
        schema_document=schema_document,
    )


def _read_manifest_file(files: Mapping[str, BlueprintFile]) -> YamlDocument:
    return read_document(_regular(files, MANIFEST), file=MANIFEST)


def _regular(files: Mapping[str, BlueprintFile], path: str) -> bytes:
    file = files.get(path)
    if file is None:
        raise InvalidBlueprintError(f"there is no `{path}`")
    if file.mode is Mode.SYMLINK:
        raise InvalidBlueprintError(f"`{path}` is a symbolic link, not a file")
    return file.content


def _find_schema(
    manifest: Manifest, document: YamlDocument, files: Mapping[str, BlueprintFile]
) -> tuple[YamlDocument, JsonObject]:
    """Return the values' schema and the document that it stands in."""
    if not isinstance(manifest.schema, str):
        return document, manifest.schema
    if manifest.schema not in files:
        raise InvalidBlueprintError(
            f"there is no `{manifest.schema}` beside the manifest",
            at=document.locate("/schema"),
            hint=did_you_mean(manifest.schema, files),
        )
    content = _regular(files, manifest.schema)
    found = read_document(content, file=manifest.schema)
    if not isinstance(found.value, dict):
        raise InvalidBlueprintError(
            "a schema must be a mapping of keywords", at=found.locate("")
        )
    return found, found.value


def _compile_schema(
    schema: JsonObject, document: YamlDocument, manifest: Manifest
) -> ValueSchema:
    try:
        return ValueSchema(schema)
    except SchemaError as error:
        above = "" if isinstance(manifest.schema, str) else "/schema"
        at = document.locate(above + error.pointer, key=error.of_name)
        raise InvalidBlueprintError(error.message, at=at, hint=error.hint) from None
