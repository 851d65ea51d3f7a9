"""Values that nobody reads: ``unused-value``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from provisionhub.jsontypes import json_pointer
from provisionhub.linting.context import (
    VALUES,
    Context,
    Meanings,
    near_name,
    shown,
    value_pointer,
)
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.outline import NamePath, Read, Use
from provisionhub.values.declarations import Standing
from provisionhub.values.properties import Property

_WHOLLY: Final = frozenset({Use.PRINTED, Use.PASSED, Use.COMPARED})


def unused_values(linted: Linted) -> Iterator[Finding]:
    """Find what the schema declares and no template reads.

    A definition that several references lead to is unused if none of its uses is.
    """
    if linted.survey.faults or not linted.survey.is_outlined:
        return
    read = _reads(linted)
    if read is None:
        return
    properties = linted.properties
    used = {each.schema for each in properties if read.touches((VALUES, *each.path))}
    told: set[NamePath] = set()
    for each in properties:
        if (
            not each.is_named
            or each.schema in used
            or each.is_deprecated
            or each.is_condition
        ):
            continue
        if not any(each.path[:length] in told for length in range(len(each.path))):
            yield _finding(linted, each)
        told.add(each.path)


@dataclass(frozen=True, slots=True)
class _Reads:
    """What templates read.

    Attributes:
        through: Every value on the way to one that is read.
        wholly: Values that are read with all that is below them.
    """

    through: set[NamePath] = field(default_factory=set)
    wholly: set[NamePath] = field(default_factory=set)

    def touches(self, path: NamePath) -> bool:
        """Tell whether *path* may be read, or lies below what is read as a whole."""
        if path in self.through:
            return True
        return any(path[:length] in self.wholly for length in range(len(path) + 1))


def _reads(linted: Linted) -> _Reads | None:
    """Return what all templates read; None if anything at all may be.

    Partials that nobody includes count, too: they are a finding of their own.
    """
    found = _Reads()
    templates = (each.outline for each in linted.survey.templates())
    for outline in (*templates, *linted.survey.partials.values()):
        for read in outline.reads:
            meanings = linted.context.meanings(read)
            if meanings.is_open:
                return None
            meant = tuple(_meant(meanings))
            found.wholly.update(meant)
            for path in (*meant, *(each.path for each in meanings.found)):
                found.through.update(path[:end] for end in range(len(path) + 1))
                found.wholly.update(_wholly(linted.context, path, read))
    return found


def _meant(meanings: Meanings) -> Iterator[NamePath]:
    """Yield what a name was to mean that is misspelled, or looked into in vain.

    That is a finding of its own: that nobody reads the value is none beside it.
    """
    for astray in () if meanings.found else meanings.astray:
        holder = astray.path[: astray.declared.reached]
        if astray.declared.standing is Standing.BELOW:
            yield holder
        elif (near := near_name(astray)) is not None:
            yield (*holder, near)


def _wholly(context: Context, path: NamePath, read: Read) -> Iterator[NamePath]:
    """Yield what is read with all that is below it, where *path* is read."""
    for length, step in enumerate(path):
        if step is None and "object" in context.at(path[:length]).domain.types:
            yield path[:length]  # any of its members
    is_looped = read.use is Use.LOOPED and "object" in context.at(path).domain.types
    if read.use in _WHOLLY or read.through or is_looped:
        yield path


def _finding(linted: Linted, each: Property) -> Finding:
    path = (VALUES, *each.path)
    return Finding(
        Code.UNUSED_VALUE,
        f"`{shown(path)}` is declared, and no template reads it",
        at=linted.blueprint.locate_in_schema(json_pointer(each.schema)),
        hint="remove it from the schema, or read it; `deprecated: true` keeps it",
        pointer=value_pointer(path),
    )
