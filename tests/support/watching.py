"""Templates rendered twice: as ever, and watched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisionhub.coverage import Covers, Kind, Region
from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject

NOTHING: JsonObject = {}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a watched rendering came to.

    Attributes:
        outcome: The text, or the whole error as a person sees it.
        reached: The numbers of the text's regions that were reached.
        partials: The same of each partial of which any was.
    """

    outcome: str
    reached: set[int] = field(default_factory=set)
    partials: dict[str, set[int]] = field(default_factory=dict)


def watch(
    engine: Engine,
    text: str,
    context: JsonObject = NOTHING,
    partials: Mapping[str, str] | None = None,
) -> Seen:
    """Return what a watched rendering of *text* comes to."""
    assert isinstance(engine, Covers)
    reached: set[int] = set()
    inside: dict[str, set[int]] = {}
    try:
        template = engine.compile_watched(
            text,
            name="case",
            partials=partials or {},
            reached=reached.add,
            reached_in=lambda key, number: inside.setdefault(key, set()).add(number),
        )
        outcome = template.render(context)
    except ProvisionError as error:
        outcome = error.explain()
    return Seen(outcome, reached, inside)


def render(
    engine: Engine,
    text: str,
    context: JsonObject = NOTHING,
    partials: Mapping[str, str] | None = None,
) -> str:
    """Return what a rendering as ever comes to."""
    try:
        template = engine.compile(text, name="case", partials=partials or {})
        return template.render(context)
    except ProvisionError as error:
        return error.explain()


def missed(
    engine: Engine,
    text: str,
    context: JsonObject = NOTHING,
    partials: Mapping[str, str] | None = None,
) -> list[str]:
    """Return how the regions are called that a rendering of *text* misses."""
    assert isinstance(engine, Covers)
    seen = watch(engine, text, context, partials)
    regions = engine.regions(text, name="case")
    return [r.what for number, r in enumerate(regions) if number not in seen.reached]


def check_regions(engine: Engine, text: str, seen: Seen) -> None:
    """Assert that the regions of *text* make sense, and those reached among them."""
    assert isinstance(engine, Covers)
    try:
        regions = engine.regions(text, name="case")
    except ProvisionError:
        assert seen.reached == set()
        return
    whole = regions[0]
    assert (whole.kind, whole.at, whole.start, whole.end) == (
        Kind.TEXT,
        0,
        0,
        len(text),
    )
    for region in regions:
        assert 0 <= region.at <= region.start <= region.end <= len(text)
        assert "\n" not in region.what
    assert seen.reached <= set(range(len(regions)))
    for number in seen.reached:
        around = _around(regions, number)
        assert around is None or around in seen.reached, regions[number]


def _around(regions: tuple[Region, ...], number: int) -> int | None:
    """Return the region around another that must be reached before it can be."""
    inner = regions[number]
    if inner.kind in (Kind.DEFINITION, Kind.TEXT):
        return None  # what calls it may stand anywhere
    holding = [
        other
        for other, region in enumerate(regions)
        if other != number
        and region.start < region.end
        and region.start <= inner.at
        and inner.end <= region.end
    ]
    return max(holding, key=lambda other: regions[other].start)
