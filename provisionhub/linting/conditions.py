"""Under which conditions a file is made, as far as its ``when`` says so plainly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from provisionhub.linting.survey import Survey, Surveyed, SurveyedFile
from provisionhub.outline import Guard, NamePath, Use

_TRUE: Final = re.compile(r"\b(?:true|yes|on|1)\b", re.IGNORECASE)
_FALSE: Final = re.compile(r"\b(?:false|no|off|0)\b", re.IGNORECASE)


def guards_of(condition: Surveyed) -> tuple[Guard, ...] | None:
    """Return what has to hold for *condition* to render to true; None if unknown.

    A condition is a text like any other; some forms of it say plainly what they mean:
    a single expression that is printed, and a single part that says ``true``.
    """
    outline = condition.outline
    if outline.condition is not None:
        return outline.condition
    match outline.reads, outline.branches:
        case (read,), () if read.use is Use.PRINTED and not read.through:
            return (Guard(read.path, read.at, otherwise=read.otherwise),)
        case _, (branch,) if _says_true(condition.text):
            return branch.guards
        case _:
            return None


def is_plain(condition: Surveyed) -> bool:
    """Tell whether all that *condition* asks is among its guards."""
    guards = guards_of(condition)
    asked = {(read.path, read.at) for read in condition.outline.reads}
    said = {(guard.path, guard.at) for guard in guards or ()}
    return guards is not None and asked <= said


def guards_of_file(survey: Survey, file: SurveyedFile) -> tuple[Guard, ...]:
    """Return what has to hold, as far as is known, for *file* to be made."""
    known = (guards_of(each) for each in conditions_of(survey, file))
    return tuple(guard for guards in known if guards is not None for guard in guards)


def conditions_of(survey: Survey, file: SurveyedFile) -> Iterator[Surveyed]:
    """Yield the conditions of *file*, those that can be read."""
    for index in file.treatment.conditions:
        if index in survey.conditions:
            yield survey.conditions[index]


def mentioned(survey: Survey, file: SurveyedFile) -> frozenset[NamePath]:
    """Return every value that the conditions of *file* ask about."""
    return frozenset(
        path
        for condition in conditions_of(survey, file)
        for read in condition.outline.reads
        for path in (read.path, *read.otherwise)
    )


def _says_true(text: str) -> bool:
    return bool(_TRUE.search(text)) and not _FALSE.search(text)
