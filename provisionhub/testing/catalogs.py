"""Catalogs whose blueprints are tested: where each blueprint's snapshots are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Subject
from provisionhub.blueprint.files import MANIFEST
from provisionhub.errors import ProvisionError
from provisionhub.settings import read_settings
from provisionhub.testing.coverage.measuring import Measuring
from provisionhub.tree import Tree


@dataclass(frozen=True)
class TestedBlueprint:
    """A blueprint, and the folder that holds its snapshots.

    Attributes:
        app: What renders it.
        blueprint: The blueprint.
        snapshots: ``snapshots/<name>`` of its catalog; may not be there yet.
        measuring: What takes down how much of it is reached, if that is asked for.
    """

    __test__ = False  # pytest: this is no test

    app: App
    blueprint: Blueprint
    snapshots: Path
    measuring: Measuring | None = None

    @property
    def manifest(self) -> Path:
        """Its manifest's file."""
        catalog = self.snapshots.parent.parent
        return catalog / "blueprints" / self.snapshots.name / MANIFEST

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
            tree = self.app.renderer.preview(self.blueprint, values, subject).tree
            if self.measuring is not None:
                self.measuring.measure(self, f"example {example}", values, subject)
        except ProvisionError as error:
            pytest.fail(error.explain(), pytrace=False)
        return tree

    def unused_snapshots(self) -> list[Path]:
        """Return the snapshots that belong to no example."""
        return [
            file
            for file in sorted(self.snapshots.glob("*.tree"))
            if file.stem not in self.example_names
        ]


@dataclass
class TestedCatalogs:
    """Folders that hold ``blueprints/`` and ``snapshots/``.

    Attributes:
        folders: The folders.
        measuring: What takes down how much of the blueprints is reached, if anything.
    """

    __test__ = False  # as above

    folders: Iterable[Path]
    measuring: Measuring | None = None
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
            self._loaded[manifest] = TestedBlueprint(
                self.app, self.app.load_blueprint(folder), snapshots, self.measuring
            )
        return self._loaded[manifest]

    def orphans(self) -> list[Path]:
        """Return the snapshots of blueprints that are not there at all."""
        return [
            file
            for folder in self.folders
            for file in sorted((folder / "snapshots").glob("*/*.tree"))
            if not (folder / "blueprints" / file.parent.name / MANIFEST).exists()
        ]

    def _holds(self, blueprint: Path) -> bool:
        above = blueprint.parent
        return above.name == "blueprints" and above.parent in self.folders
