"""Catalogs whose blueprints are tested: where each blueprint's snapshots are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.blueprint.files import MANIFEST
from provisionhub.errors import ProvisionError
from provisionhub.matrix import Case, Matrix
from provisionhub.settings import read_settings
from provisionhub.testing.derived import MatrixOptions, explain_case, file_stem
from provisionhub.tree import Tree
from provisionhub.values import Values


@dataclass(frozen=True)
class TestedBlueprint:
    """A blueprint, and the folder that holds its snapshots.

    Attributes:
        app: What renders it.
        blueprint: The blueprint.
        snapshots: ``snapshots/<name>`` of its catalog; may not be there yet.
        matrix: The cases derived from its schema, or why there are none.
        holds_cases: Whether their trees are held to snapshots as well.
    """

    __test__ = False  # pytest: this is no test

    app: App
    blueprint: Blueprint
    snapshots: Path
    matrix: Matrix | ProvisionError
    holds_cases: bool

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases derived from its schema."""
        return self.matrix.cases if isinstance(self.matrix, Matrix) else ()

    @property
    def example_names(self) -> list[str]:
        """The names of its examples, in order."""
        return self.blueprint.example_names

    def render(self, example: str) -> Tree:
        """Return the tree that *example* makes; fail the test if it makes none."""
        __tracebackhide__ = True
        try:
            inputs = self.blueprint.example(example)
            values = self.blueprint.accept(inputs.values)
            subject = Subject.of_example(inputs, self.blueprint)
            return self.app.renderer.preview(self.blueprint, values, subject).tree
        except ProvisionError as error:
            pytest.fail(error.explain(), pytrace=False)

    def render_case(self, case: Case) -> Tree:
        """Return the tree that a derived *case* makes; fail the test if it makes none.

        What is shown of its values are those that are no secrets.
        """
        __tracebackhide__ = True
        values: Values | None = None
        try:
            values = self.blueprint.accept(case.values)
            return self.app.renderer.preview(self.blueprint, values, self.subject).tree
        except ProvisionError as error:
            pytest.fail(explain_case(error, values), pytrace=False)

    @cached_property
    def subject(self) -> Subject:
        """What derived cases are rendered for: what the first example is."""
        inputs = Example("", "example", "examples", {})
        for name in self.example_names:
            with suppress(ProvisionError):
                inputs = self.blueprint.example(name)
                break
        return Subject.of_example(inputs, self.blueprint)

    @property
    def case_snapshots(self) -> Path:
        """The folder that holds the snapshots of derived cases."""
        return self.snapshots / "matrix"

    def unused_snapshots(self) -> list[Path]:
        """Return the snapshots that belong to no example, nor to a case if held."""
        unused = _others(self.snapshots, self.example_names)
        if self.holds_cases:
            names = [file_stem(case.name) for case in self.cases]
            unused += _others(self.case_snapshots, names)
        return unused


def _others(folder: Path, names: Collection[str]) -> list[Path]:
    files = sorted(folder.glob("*.tree"))
    return [file for file in files if file.stem not in names]


@dataclass(frozen=True)
class TestedCatalogs:
    """Folders that hold ``blueprints/`` and ``snapshots/``.

    Attributes:
        folders: The folders.
        matrix: What of the schemas' cases is tested.
    """

    __test__ = False  # as above

    folders: Iterable[Path]
    matrix: MatrixOptions
    _loaded: dict[Path, TestedBlueprint] = field(default_factory=dict, repr=False)

    @cached_property
    def app(self) -> App:
        """What renders the blueprints; made when the first is loaded."""
        return App(read_settings())

    def is_manifest(self, file: Path) -> bool:
        """Whether *file* is the manifest of a blueprint in one of the catalogs."""
        return file.name == MANIFEST and self._holds(file.parent)

    def is_inside_a_blueprint(self, path: Path) -> bool:
        """Whether *path* is inside a blueprint's folder, but not its manifest."""
        return not self.is_manifest(path) and any(map(self._holds, path.parents))

    def blueprint(self, manifest: Path) -> TestedBlueprint:
        """Return the blueprint that *manifest* begins.

        Raises:
            ProvisionError: If it is broken.
        """
        if manifest not in self._loaded:
            folder = manifest.parent
            snapshots = folder.parent.parent / "snapshots" / folder.name
            blueprint = self.app.load_blueprint(folder)
            self._loaded[manifest] = TestedBlueprint(
                self.app,
                blueprint,
                snapshots,
                self.matrix.derive(blueprint),
                holds_cases=self.matrix.is_recorded,
            )
        return self._loaded[manifest]

    def orphans(self) -> list[Path]:
        """Return the snapshots of blueprints that are not there at all."""
        return [
            file
            for folder in self.folders
            for snapshots in sorted((folder / "snapshots").glob("*/"))
            if not (folder / "blueprints" / snapshots.name / MANIFEST).exists()
            for file in sorted(snapshots.rglob("*.tree"))
        ]

    def _holds(self, blueprint: Path) -> bool:
        above = blueprint.parent
        return above.name == "blueprints" and above.parent in self.folders
