"""Takes down what each case reaches, in this process and in others'."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Subject
from provisionhub.errors import ProvisionError
from provisionhub.renderer import FileRegion, Renderer
from provisionhub.testing.coverage.figures import BlueprintCoverage, Coverage, count
from provisionhub.values import Values

if TYPE_CHECKING:
    from provisionhub.testing.catalogs import TestedBlueprint

Told: TypeAlias = dict[str, dict[str, list[int]]]
"""By a manifest's path and a case's name, the numbers of the regions reached."""

NO_COVERAGE = "its engine can't tell what it reaches"


class Measuring:
    """What was measured so far, by blueprint and case.

    Blueprints count from the moment that they are collected: one that nothing was
    rendered of was not reached at all.
    """

    def __init__(self) -> None:
        self._cases: dict[Path, dict[str, frozenset[int]]] = {}
        self._regions: dict[Path, tuple[FileRegion, ...] | str] = {}

    def collected(self, manifest: Path) -> None:
        """Take down that the blueprint of *manifest* is tested."""
        self._cases.setdefault(manifest, {})

    def measure(
        self, tested: TestedBlueprint, case: str, values: Values, subject: Subject
    ) -> None:
        """Render a case once more, watched, and take down what it reaches.

        Args:
            tested: The blueprint.
            case: The case's name; the first of a name is measured.
            values: Its values.
            subject: Whom it is rendered for.

        Raises:
            ProvisionError: If it can't be rendered.
        """
        manifest = tested.manifest
        cases = self._cases.setdefault(manifest, {})
        renderer = tested.app.renderer
        regions = self._regions_of(manifest, renderer, tested.blueprint)
        if case in cases or isinstance(regions, str):
            return
        cases[case] = renderer.watch(tested.blueprint, values, subject).reached

    def told(self) -> Told:
        """Return what was taken down, as JSON."""
        return {
            str(manifest): {case: sorted(reached) for case, reached in cases.items()}
            for manifest, cases in self._cases.items()
        }

    def add(self, told: Mapping[str, Mapping[str, list[int]]]) -> None:
        """Add what another process has taken down."""
        for manifest, cases in told.items():
            known = self._cases.setdefault(Path(manifest), {})
            for case, reached in cases.items():
                known[case] = known.get(case, frozenset()) | frozenset(reached)

    def coverage(self, app: App) -> Coverage:
        """Return how much of every blueprint that was tested was reached."""
        return Coverage(
            tuple(self._count(app, manifest) for manifest in sorted(self._cases))
        )

    def _count(self, app: App, manifest: Path) -> BlueprintCoverage:
        folder, cases = manifest.parent, self._cases[manifest]
        try:
            blueprint = app.load_blueprint(folder)
        except ProvisionError as error:
            return BlueprintCoverage(folder, len(cases), unmeasured=error.message)
        regions = self._regions_of(manifest, app.renderer, blueprint)
        if isinstance(regions, str):
            return BlueprintCoverage(folder, len(cases), unmeasured=regions)
        return count(folder, blueprint.files, regions, cases)

    def _regions_of(
        self, manifest: Path, renderer: Renderer, blueprint: Blueprint
    ) -> tuple[FileRegion, ...] | str:
        """Return the blueprint's regions, or why they can't be told."""
        if manifest not in self._regions:
            try:
                found = renderer.regions(blueprint)
            except ProvisionError as error:
                self._regions[manifest] = error.message
            else:
                self._regions[manifest] = NO_COVERAGE if found is None else found
        return self._regions[manifest]
