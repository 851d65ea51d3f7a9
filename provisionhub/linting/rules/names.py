"""Names that mean nothing: ``undeclared-value``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from provisionhub.linting.context import (
    Meaning,
    Meanings,
    near_name,
    shown,
    value_pointer,
)
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.guarding import is_guarded
from provisionhub.linting.reading import faulty
from provisionhub.linting.subject import Linted
from provisionhub.outline import NamePath, Read
from provisionhub.values.declarations import Standing

_MOST_SHOWN: Final = 8


def undeclared_values(linted: Linted) -> Iterator[Finding]:
    """Find names that neither the schema nor the context gives, once in each file."""
    told: set[tuple[str, NamePath]] = set()
    for template in linted.survey.templates():
        for read, stray in faulty(template.outline, partial(_undeclared, linted)):
            place = read.at.file, stray.path[: stray.declared.reached + 1]
            if place not in told:
                told.add(place)
                yield _finding(read, stray)


def _undeclared(linted: Linted, read: Read) -> tuple[Read, Meaning] | None:
    stray = _stray(linted.context.meanings(read))
    if stray is None or _is_provided_for(read, stray):
        return None
    return read, stray


def _stray(meanings: Meanings) -> Meaning | None:
    """Return which name is not known, if none of those that may be meant is."""
    if meanings.found or meanings.is_open:
        return None
    named = [m for m in meanings.astray if m.declared.standing is not Standing.BELOW]
    return max(named, key=lambda m: m.declared.reached, default=None)


def _is_provided_for(read: Read, stray: Meaning) -> bool:
    """Tell whether a name that values may have is read with care, and no slip."""
    if stray.declared.standing is Standing.REFUSED or near_name(stray) is not None:
        return False
    return read.has_default or is_guarded(read, stray.path)


def _finding(read: Read, stray: Meaning) -> Finding:
    name, known = _name(stray), stray.declared.known
    holder = stray.path[: stray.declared.reached]
    there = "the context" if not holder else f"`{shown(holder)}`"
    near = near_name(stray)
    hint = None if near is None else f"did you mean `{near}`?"
    if hint is None and known:
        names = ", ".join(f"`{each}`" for each in known[:_MOST_SHOWN])
        hint = f"known here are {names}" + ("…" if len(known) > _MOST_SHOWN else "")
    return Finding(
        Code.UNDECLARED_VALUE,
        f"`{shown((*holder, name))}` is not declared: {there} has no `{name}`",
        at=read.at,
        hint=hint,
        pointer=value_pointer((*holder, name)),
    )


def _name(stray: Meaning) -> str:
    return str(stray.path[stray.declared.reached])
