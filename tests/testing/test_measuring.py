"""What each case reaches is taken down, in several processes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.coverage import Kind, Region
from provisionhub.errors import InvalidBlueprintError, LimitExceededError
from provisionhub.renderer import FileRegion, Rendered, Renderer, Watched
from provisionhub.testing.catalogs import TestedBlueprint
from provisionhub.testing.coverage.measuring import NO_COVERAGE, Measuring
from provisionhub.tree import Tree
from provisionhub.values import Values
from support.blueprints import blueprint

MANIFEST = Path("/catalog/blueprints/sample/blueprint.yaml")
FILES = {"template/a.j2": "{{ Name }}"}
REGIONS = (
    FileRegion("template/a.j2", Region(Kind.TEXT, "the whole file", 0, 0, 10)),
    FileRegion("template/a.j2", Region(Kind.OUTPUT, "{{ Name }}", 0, 0, 10)),
)


@dataclass
class Telling:
    """Renders nothing, and tells what a test wants."""

    regions_told: tuple[FileRegion, ...] | Exception | None = REGIONS
    reached: list[frozenset[int]] = field(default_factory=list)

    def regions(self, _: Blueprint) -> tuple[FileRegion, ...] | None:
        """Tell the regions, or fail."""
        if isinstance(self.regions_told, Exception):
            raise self.regions_told
        return self.regions_told

    def watch(self, *_: object) -> Watched:
        """Tell what the next case reaches."""
        return Watched(Rendered(Tree([]), ""), self.reached.pop(0))


@dataclass
class Stage:
    """An application with one blueprint, as far as measuring asks for one."""

    renderer: Telling
    failure: InvalidBlueprintError | None = None

    def load_blueprint(self, _: Path) -> Blueprint:
        """Return the blueprint, or fail."""
        if self.failure is not None:
            raise self.failure
        return blueprint(FILES)


@dataclass
class Collected:
    """A tested blueprint, as far as measuring asks for one."""

    app: Stage
    blueprint: Blueprint
    manifest: Path = MANIFEST


def measure(measuring: Measuring, stage: Stage, *cases: str) -> None:
    """Have each of *cases* measured."""
    tested = cast("TestedBlueprint", Collected(stage, blueprint(FILES)))
    for case in cases:
        subject = Subject.of_example(Example(case, "a", "b", {}), tested.blueprint)
        measuring.measure(tested, case, Values({}, {}, ()), subject)


def figures(measuring: Measuring, stage: Stage) -> tuple[int, int, int, str]:
    """Return regions reached, regions, cases, and why nothing was measured."""
    coverage = measuring.coverage(cast("App", stage))
    (found,) = coverage.blueprints
    assert coverage.is_measured is not bool(found.unmeasured)
    return found.share.reached, found.share.total, found.cases, found.unmeasured


def test_case_is_measured_once() -> None:
    """A case that several tests render counts once."""
    stage = Stage(Telling(reached=[frozenset({0}), frozenset({0, 1})]))
    measuring = Measuring()

    measure(measuring, stage, "one", "one", "one")

    assert figures(measuring, stage) == (1, 2, 1, "")


def test_processes_add_up() -> None:
    """What others have measured, told as JSON, is added; numbers of nothing are not."""
    stage = Stage(Telling(reached=[frozenset({0}), frozenset({0, 1, 77})]))
    first, second, whole = Measuring(), Measuring(), Measuring()
    measure(first, stage, "one")
    measure(second, stage, "two")

    for each in (first, second, first):
        whole.add(json.loads(json.dumps(each.told())))

    assert figures(whole, stage) == (2, 2, 2, "")


def test_blueprint_without_cases_was_not_reached() -> None:
    """A blueprint that was collected counts, though nothing was rendered of it."""
    measuring = Measuring()
    measuring.collected(MANIFEST)

    assert figures(measuring, Stage(Telling())) == (0, 2, 0, "")


def test_engine_that_cant_tell_is_not_measured() -> None:
    """A blueprint of an engine without coverage is told as not measured."""
    stage = Stage(Telling(regions_told=None))
    measuring = Measuring()

    measure(measuring, stage, "one")

    assert figures(measuring, stage) == (0, 0, 0, NO_COVERAGE)


@pytest.mark.parametrize(
    "stage",
    [
        Stage(Telling(LimitExceededError("too many", limit="MOST_REGIONS", allowed=1))),
        Stage(Telling(), InvalidBlueprintError("too many")),
    ],
    ids=["regions", "blueprint"],
)
def test_blueprint_that_cant_be_measured_says_why(stage: Stage) -> None:
    """A blueprint that can't be loaded, or has too many regions, is told as such."""
    measuring = Measuring()
    measuring.collected(MANIFEST)

    assert figures(measuring, stage) == (0, 0, 0, "too many")


def test_renderer_is_what_is_asked() -> None:
    """What tells here has the methods that renderers have."""
    for name in ("regions", "watch"):
        assert callable(getattr(Renderer, name))
        assert callable(getattr(Telling, name))
