"""Catalogs whose blueprints are tested: where each blueprint's snapshots are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.blueprint.files import MANIFEST
from provisionhub.errors import ProvisionError
from provisionhub.matrix import Case, Matrix
from provisionhub.settings import read_settings
from provisionhub.testing.ahead import Ahead, Piece
from provisionhub.testing.coverage.measuring import Measuring
from provisionhub.testing.derived import MatrixOptions, file_stem
from provisionhub.testing.outcome import Outcome, render_twice

_KEPT: Final = 32
"""All blueprints of most catalogs: each is loaded for its cases, then for its tests."""


@dataclass(frozen=True)
class TestedBlueprint:
    """A blueprint, and the folder that holds its snapshots.

    Attributes:
        app: What renders it.
        blueprint: The blueprint.
        snapshots: ``snapshots/<name>`` of its catalog; may not be there yet.
        matrix: The cases derived from its schema, or why there are none.
        ahead: What renders examples and cases before they are asked for.
        holds_cases: Whether the trees of cases are held to snapshots as well.
        measuring: What takes down how much of it is reached, if that is asked for.
    """

    __test__ = False  # pytest: this is no test

    app: App
    blueprint: Blueprint
    snapshots: Path
    matrix: Matrix | ProvisionError
    ahead: Ahead[Outcome]
    holds_cases: bool
    measuring: Measuring | None
    _faults: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def manifest(self) -> Path:
        """Its manifest's file."""
        catalog = self.snapshots.parent.parent
        return catalog / "blueprints" / self.snapshots.name / MANIFEST

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases derived from its schema."""
        return self.matrix.cases if isinstance(self.matrix, Matrix) else ()

    @property
    def has_matrix(self) -> bool:
        """Whether there is anything to say of such cases."""
        return self.matrix != Matrix()

    @property
    def example_names(self) -> list[str]:
        """The names of its examples, in order."""
        return self.blueprint.example_names

    def render(self, example: str) -> Outcome:
        """Return what *example* comes to."""
        return self.ahead.take(self.example_piece(example))

    def render_case(self, case: Case) -> Outcome:
        """Return what a derived *case* comes to."""
        return self.ahead.take(self.case_piece(case))

    def failed_before(self, outcome: Outcome, case: Case) -> str | None:
        """Return the name of another case that failed as *case* does, if one did.

        One fault of a template fails every case that comes to it; one report of it
        is enough.
        """
        if not outcome.fault:
            return None
        first = self._faults.setdefault(outcome.fault, case.name)
        return None if first == case.name else first

    def example_piece(self, name: str) -> Piece[Outcome]:
        """Return the work of rendering the example called *name*."""
        return Piece((self.snapshots, "example", name), partial(self._example, name))

    def case_piece(self, case: Case) -> Piece[Outcome]:
        """Return the work of rendering a derived *case*."""
        return Piece((self.snapshots, "case", case.name), partial(self._case, case))

    def _example(self, name: str) -> Outcome:
        try:
            inputs = self.blueprint.example(name)
        except ProvisionError as error:
            return Outcome(failure=error.explain())
        subject = Subject.of_example(inputs, self.blueprint)
        outcome = render_twice(
            self.app, self.blueprint, inputs.values, subject, is_derived=False
        )
        return self._measured(f"example {name}", outcome)

    def _case(self, case: Case) -> Outcome:
        outcome = render_twice(
            self.app, self.blueprint, case.values, self._subject, is_derived=True
        )
        return self._measured(f"case {case.name}", outcome)

    def _measured(self, case: str, outcome: Outcome) -> Outcome:
        """Return *outcome*; what of the blueprint it reaches is taken down."""
        values, subject = outcome.values, outcome.subject
        if self.measuring is None or not (outcome.trees and values and subject):
            return outcome
        try:
            self.measuring.measure(self, case, values, subject)
        except ProvisionError as error:
            return Outcome(failure=error.explain())
        return outcome

    @cached_property
    def _subject(self) -> Subject:
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
        jobs: How many are rendered at a time.
        measuring: What takes down how much of the blueprints is reached, if anything.
    """

    __test__ = False  # as above

    folders: Iterable[Path]
    matrix: MatrixOptions
    jobs: int
    measuring: Measuring | None = None

    @cached_property
    def app(self) -> App:
        """What renders the blueprints; made when the first is loaded."""
        return App(read_settings(), kept=_KEPT)

    def is_manifest(self, file: Path) -> bool:
        """Whether *file* is the manifest of a blueprint in one of the catalogs."""
        return file.name == MANIFEST and self._holds(file.parent)

    def is_inside_a_blueprint(self, path: Path) -> bool:
        """Whether *path* is inside a blueprint's folder, but not its manifest."""
        return not self.is_manifest(path) and any(map(self._holds, path.parents))

    @cached_property
    def renderings(self) -> Ahead[Outcome]:
        """Renders examples and cases."""
        return Ahead(self.jobs)

    @cached_property
    def _loadings(self) -> Ahead[TestedBlueprint]:
        return Ahead(self.jobs)

    def start_loading(self, manifest: Path) -> None:
        """Have the blueprint loaded that *manifest* begins."""
        self._loadings.begin(self._loading(manifest))

    def blueprint(self, manifest: Path) -> TestedBlueprint:
        """Return the blueprint that *manifest* begins.

        Raises:
            ProvisionError: If it is broken.
        """
        return self._loadings.take(self._loading(manifest))

    def close(self) -> None:
        """End what was started."""
        for name in ("renderings", "_loadings", "app"):
            if name in vars(self):
                vars(self)[name].close()

    def _loading(self, manifest: Path) -> Piece[TestedBlueprint]:
        return Piece(manifest, partial(self._load, manifest))

    def _load(self, manifest: Path) -> TestedBlueprint:
        folder = manifest.parent
        blueprint = self.app.load_blueprint(folder)
        return TestedBlueprint(
            self.app,
            blueprint,
            folder.parent.parent / "snapshots" / folder.name,
            self.matrix.derive(blueprint),
            self.renderings,
            holds_cases=self.matrix.is_recorded,
            measuring=self.measuring,
        )

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
