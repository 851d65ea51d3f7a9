"""Coverage of blueprints written as literals, rendered in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from provisionhub.blueprint import Example, Subject
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.testing.coverage.figures import BlueprintCoverage, Coverage, count
from provisionhub.tree import TreeLimits
from support.blueprints import MANIFEST, Files, blueprint, blueprint_files

MUSTACHE: Final = (
    MANIFEST.replace("jinja2", "mustache") + "engine_options: {missing: empty}\n"
)
_LIMITS: Final = TreeLimits(files=50, file_bytes=10_000, total_bytes=20_000)


def covered(
    files: Files,
    cases: Mapping[str, JsonObject],
    *,
    manifest: str = MUSTACHE,
    folder: str = "/catalog/blueprints/sample",
) -> BlueprintCoverage:
    """Return how much of a blueprint *cases* reach."""
    found = blueprint(files, manifest=manifest)
    renderer = Renderer(engine_plugins(), _LIMITS)
    reached = {}
    for name, values in cases.items():
        subject = Subject.of_example(Example(name, "a", "b", values), found)
        watched = renderer.watch(found, found.accept(values), subject)
        reached[name] = watched.reached
    regions = renderer.regions(found)
    assert regions is not None
    given = blueprint_files(files, manifest)
    return count(Path(folder), given, regions, reached)


def only(*blueprints: BlueprintCoverage) -> Coverage:
    """Return the coverage of *blueprints* and no others."""
    return Coverage(blueprints)
