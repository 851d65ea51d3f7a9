"""A blueprint that has been read and checked, ready to take values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from provisionhub.blueprint.files import (
    EXAMPLES,
    PARTIALS,
    TEMPLATE,
    BlueprintFile,
)
from provisionhub.blueprint.manifest import Manifest, hold_to, read_document
from provisionhub.documents import YamlDocument
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidJobError,
    Violation,
    did_you_mean,
)
from provisionhub.job import Job, JobType
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RepositoryRequest
from provisionhub.source import Location
from provisionhub.values import Values, ValueSchema

EXAMPLE_SUFFIXES: Final = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Example:
    """Named inputs: each is a preview and a snapshot case.

    Attributes:
        key: The example's own name, its file's without the suffix.
        name: Name of the repository it pretends to make.
        namespace: The group it pretends to make it in.
        values: What the schema is applied to.
    """

    key: str
    name: str
    namespace: str
    values: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A blueprint whose manifest, schema and rules are sound.

    Attributes:
        label: Where it lies, for error places, such as ``blueprints/go-backend``.
        manifest: What ``blueprint.yaml`` says.
        digest: SHA-256 over all its files; equal blueprints have equal digests.
        files: Every file that makes it up, by path.
        schema: What its values must satisfy.
        document: The manifest as it is written.
    """

    label: str
    manifest: Manifest
    digest: str
    files: Mapping[str, BlueprintFile] = field(repr=False)
    schema: ValueSchema = field(repr=False)
    document: YamlDocument = field(repr=False)

    @property
    def name(self) -> str:
        """The name by which jobs ask for it."""
        return self.manifest.name

    @property
    def version(self) -> str:
        """Its semantic version."""
        return self.manifest.version

    @property
    def template(self) -> dict[str, BlueprintFile]:
        """The template tree: files by path below ``template/``."""
        return self._below(TEMPLATE)

    @property
    def partials(self) -> dict[str, BlueprintFile]:
        """The partials: files by path below ``partials/``."""
        return self._below(PARTIALS)

    def locate(self, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        return self.document.locate(pointer)

    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in, if they satisfy the schema.

        Raises:
            InvalidValuesError: With every violation at once.
        """
        return self.schema.accept(values)

    def check_serves(self, job_type: JobType) -> None:
        """Refuse a job of a type that this blueprint does not serve.

        Raises:
            InvalidJobError: Naming the types that it serves.
        """
        if job_type in self.manifest.types:
            return
        served = ", ".join(f"`{kind}`" for kind in sorted(self.manifest.types))
        raise InvalidJobError(
            f"blueprint `{self.name}` does not serve jobs of type `{job_type}`",
            violations=[Violation("/type", f"must be one of {served}")],
        )

    def repository_for(self, job: Job) -> RepositoryRequest:
        """Return the repository that *job* asks for; what it leaves open is ours."""
        defaults, asked = self.manifest.repository, job.git
        return RepositoryRequest(
            name=job.name,
            namespace=job.namespace,
            group_id=asked.group_id,
            visibility=asked.visibility,
            default_branch=asked.default_branch or defaults.default_branch,
            description=(
                defaults.description if asked.description is None else asked.description
            ),
            topics=defaults.topics if asked.topics is None else asked.topics,
            settings=defaults.settings,
        )

    @property
    def example_names(self) -> list[str]:
        """The names of its examples, in order."""
        return sorted(_stem(path) for path in self._example_files())

    def example(self, key: str) -> Example:
        """Return the example called *key*.

        Raises:
            BlueprintNotFoundError: If there is none of that name.
            InvalidBlueprintError: If it is not written as an example.
        """
        for path in self._example_files():
            if _stem(path) == key:
                return read_example(key, path, self.files[path].content)
        known = ", ".join(f"`{name}`" for name in self.example_names) or "none"
        raise BlueprintNotFoundError(
            f"blueprint `{self.name}` has no example `{key}`; it has {known}",
            hint=did_you_mean(key, self.example_names),
        )

    def _example_files(self) -> list[str]:
        return [path for path in self.files if _is_example(path)]

    def _below(self, folder: str) -> dict[str, BlueprintFile]:
        return {
            path.removeprefix(folder): file
            for path, file in self.files.items()
            if path.startswith(folder)
        }


def read_example(key: str, path: str, content: bytes) -> Example:
    """Return the example (or values file) in *content*.

    Raises:
        InvalidBlueprintError: With the place, if it is not written as one.
    """
    said = hold_to(_example_schema(), read_document(content, file=path))
    return Example(key, said["name"], said["namespace"], said["values"])


def _is_example(path: str) -> bool:
    name = path.removeprefix(EXAMPLES)
    return (
        path.startswith(EXAMPLES)
        and "/" not in name
        and name.endswith(EXAMPLE_SUFFIXES)
    )


def _stem(path: str) -> str:
    return path.removeprefix(EXAMPLES).rpartition(".")[0]


@cache
def _example_schema() -> ValueSchema:
    return ValueSchema(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1, "default": "example"},
                "namespace": {"type": "string", "minLength": 1, "default": "examples"},
                "values": {"type": "object", "default": {}},
            },
        }
    )
