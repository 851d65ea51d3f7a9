"""Merging dictionaries, as the ``mergo`` package does.

The first dictionary is changed, and shares what it takes from the others: a later
merge reaches into them as well, as it does in Go.
"""

from __future__ import annotations

from provisionhub_gotemplate.sprig.limits import spend_depth
from provisionhub_gotemplate.values import Map, go_type

Dict = dict[str, object]


def merge(target: Dict, *sources: Dict) -> object:
    """Fill what *target* lacks, or has empty, from each of *sources* in turn."""
    for source in sources:
        _merge(target, source, 0, overwrite=False)
    return target


def merge_overwrite(target: Dict, *sources: Dict) -> object:
    """Overwrite *target* with each of *sources* in turn, down to single values."""
    for source in sources:
        _merge(target, source, 0, overwrite=True)
    return target


def _merge(target: Dict, source: Dict, depth: int, *, overwrite: bool) -> None:
    spend_depth(depth)
    for key in list(source):
        value, present = source[key], target.get(key)
        if value is None:
            if overwrite:
                target[key] = None
            continue
        if isinstance(value, dict) and isinstance(present, dict):
            if present is not value and _takes(present, value):
                _merge(present, value, depth + 1, overwrite=overwrite)
            if present:
                continue
        if overwrite or not present:
            target[key] = value


def _takes(target: Dict, source: Dict) -> bool:
    """Whether values of *source* can stand in *target*."""
    return not isinstance(target, Map) or go_type(target) == go_type(source)
