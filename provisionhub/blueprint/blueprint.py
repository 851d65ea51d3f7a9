"""A blueprint as its worker knows it: facts, and what to ask of what it says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from provisionhub.blueprint.examples import Example, example_key, is_example
from provisionhub.blueprint.files import PARTIALS, TEMPLATE, BlueprintFile
from provisionhub.blueprint.manifest import Manifest
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidJobError,
    Violation,
    did_you_mean,
)
from provisionhub.job import Job, JobType
from provisionhub.jsontypes import JsonObject
from provisionhub.matrix import MOST_CASES, Matrix
from provisionhub.repository import RepositoryRequest
from provisionhub.source import Location
from provisionhub.values import Values


@dataclass(frozen=True, slots=True)
class Blueprint(ABC):
    """A blueprint whose manifest, schema and rules are sound.

    What its author wrote is read where an implementation has it read: in this
    process (``LoadedBlueprint``), or in one that is locked.

    Attributes:
        label: Where it lies, for error places, such as ``blueprints/go-backend``.
        manifest: What ``blueprint.yaml`` says.
        digest: SHA-256 over all its files; equal blueprints have equal digests.
        files: Every file that makes it up, by path.
    """

    label: str
    manifest: Manifest
    digest: str
    files: Mapping[str, BlueprintFile] = field(repr=False)

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

    @abstractmethod
    def locate(self, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""

    @abstractmethod
    def accept(self, values: JsonObject) -> Values:
        """Return *values* with defaults filled in, if they satisfy the schema.

        Raises:
            InvalidValuesError: With every violation at once.
            LimitExceededError: If that takes more than is allowed.
        """

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
        return sorted(example_key(path) for path in self._example_files())

    def example(self, key: str) -> Example:
        """Return the example called *key*.

        Raises:
            BlueprintNotFoundError: If there is none of that name.
            InvalidBlueprintError: If it is not written as an example.
        """
        for path in self._example_files():
            if example_key(path) == key:
                return self.read_example(key, path)
        known = ", ".join(f"`{name}`" for name in self.example_names) or "none"
        raise BlueprintNotFoundError(
            f"blueprint `{self.name}` has no example `{key}`; it has {known}",
            hint=did_you_mean(key, self.example_names),
        )

    @abstractmethod
    def read_example(self, key: str, path: str) -> Example:
        """Return the example in the blueprint's file at *path*.

        Raises:
            InvalidBlueprintError: If it is not written as an example.
        """

    @abstractmethod
    def derive_cases(self, *, most: int = MOST_CASES, odd_texts: bool = True) -> Matrix:
        """Return cases derived from the schema, with the examples' values varied.

        Args:
            most: How many there may be.
            odd_texts: Whether texts that templates forget about are among them.

        Raises:
            LimitExceededError: If that takes more than is allowed.
        """

    def _example_files(self) -> list[str]:
        return [path for path in self.files if is_example(path)]

    def _below(self, folder: str) -> dict[str, BlueprintFile]:
        return {
            path.removeprefix(folder): file
            for path, file in self.files.items()
            if path.startswith(folder)
        }
