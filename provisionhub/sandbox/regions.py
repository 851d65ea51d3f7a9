"""What is told of the regions of a blueprint, in pairs as in ``messages``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from provisionhub.blueprint import BlueprintFile
from provisionhub.coverage import Kind, Region
from provisionhub.errors import LimitExceededError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.renderer import FileRegion, Watched
from provisionhub.sandbox.messages import read_rendered
from provisionhub.sandbox.reading import Reader
from provisionhub.tree import TreeLimits

MOST_REGIONS: Final = 10_000
"""As many as an answer holds, however they are called."""
_LONGEST_WORDS: Final = 60


def write_regions(
    regions: Sequence[FileRegion] | None, files: Iterable[str]
) -> JsonObject:
    """Return the regions of a blueprint whose process watches what it renders.

    Args:
        regions: The regions, in the order of their numbers.
        files: The paths of the blueprint's files.

    Raises:
        LimitExceededError: If there are more than an answer holds.
    """
    if regions is None:
        return {"measured": False}
    if len(regions) > MOST_REGIONS:
        raise LimitExceededError(
            f"the templates have {len(regions)} regions, too many to be measured",
            limit="MOST_REGIONS",
            allowed=MOST_REGIONS,
        )
    index = {path: number for number, path in enumerate(sorted(files))}
    return {
        "measured": True,
        "regions": [_region(found.region, index[found.path]) for found in regions],
    }


def _region(region: Region, file: int) -> list[JsonValue]:
    what = region.what[:_LONGEST_WORDS]
    return [file, str(region.kind), what, region.at, region.start, region.end]


def read_regions(
    said: JsonObject, files: Mapping[str, BlueprintFile]
) -> tuple[FileRegion, ...] | None:
    """Return the regions that *said* lists; None if the engine can't tell them.

    Args:
        said: The answer.
        files: The blueprint's; each region is in one of them.

    Raises:
        BrokenFrameError: If it lists anything else.
    """
    reader = Reader(said)
    if not reader.flag("measured"):
        return None
    listed = reader.items("regions", most=MOST_REGIONS)
    lengths = [(path, len(files[path].content)) for path in sorted(files)]
    return tuple(_read_region(item, lengths) for item in listed)


def _read_region(said: JsonValue, lengths: list[tuple[str, int]]) -> FileRegion:
    match said:
        case [int(file), str(kind), str(what), int(at), int(start), int(end)] if (
            0 <= file < len(lengths)
            and kind in _KINDS
            and len(what) <= _LONGEST_WORDS
            and 0 <= at <= start <= end <= lengths[file][1]
            and not any(isinstance(each, bool) for each in (file, at, start, end))
        ):
            path, _ = lengths[file]
            return FileRegion(path, Region(Kind(kind), what, at, start, end))
        case _:
            raise Reader(said).broken("a region that is none")


_KINDS: Final = frozenset(map(str, Kind))


def read_watched(
    said: JsonObject, read: Callable[[int], bytes], limits: TreeLimits
) -> Watched:
    """Return the tree that *said* lists, and the regions reached; as ``read_rendered``.

    Raises:
        BrokenFrameError: If it is none.
    """
    reader = Reader(said)
    numbers = reader.items("reached", most=MOST_REGIONS)
    reached = frozenset(_read_number(number) for number in numbers)
    return Watched(read_rendered(said, read, limits), reached)


def _read_number(said: JsonValue) -> int:
    match said:
        case int(number) if 0 <= number < MOST_REGIONS and said is not True:
            return number
        case _:
            raise Reader(said).broken("a number of a region that is none")
