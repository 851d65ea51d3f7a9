"""Values in file names that may hold anything: ``unsanitised-path``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from provisionhub.linting.context import VALUES, Context, Meaning, shown, value_pointer
from provisionhub.linting.file_names import faults_at
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import Kind, Surveyed
from provisionhub.outline import NamePath, Read, Use
from provisionhub.source import Location

_KEEPING: Final = frozenset(
    {
        *("print", "toString", "string", "default", "d", "required", "trim", "strip"),
        *("lower", "upper", "title", "capitalize", "untitle", "swapcase", "casefold"),
        *("coalesce", "trimAll", "trimPrefix", "trimSuffix", "safe", "quote", "squote"),
    }
)
"""Functions and filters that leave in a text what no name may hold.

All others may well make a name of it; nothing is said of their results.
"""

_MOST_SHOWN: Final = 3


def unsanitised_paths(linted: Linted) -> Iterator[Finding]:
    """Find values that may put into a file's name what no name may hold."""
    told: set[tuple[Location, NamePath]] = set()
    for template in linted.survey.templates():
        for read in template.outline.reads if template.kind is Kind.NAME else ():
            meaning = _written(linted.context, read)
            if meaning is None or (read.at, meaning.path) in told:
                continue
            told.add((read.at, meaning.path))
            is_whole = is_single_tag(template)
            faults = faults_at(linted.context, meaning.path, is_whole=is_whole)
            if faults:
                yield _finding(read, meaning, faults)


def is_single_tag(template: Surveyed) -> bool:
    """Tell whether *template* is, by all appearances, one tag and no text."""
    text = template.text
    is_enclosed = not text[:1].isalnum() and not text[-1:].isalnum()
    has_dots = text[:1] in {".", "-", "_"} or text[-1:] in {".", "-", "_"}
    return len(template.outline.reads) == 1 and is_enclosed and not has_dots


def _written(context: Context, read: Read) -> Meaning | None:
    """Return which of the values *read* writes into the name as it is, if it does."""
    if read.use is not Use.PRINTED or not _KEEPING.issuperset(read.through):
        return None
    meaning = context.meanings(read).only
    if meaning is None or meaning.path[:1] != (VALUES,):
        return None
    return meaning if "string" in meaning.declared.domain.types else None


def _finding(read: Read, meaning: Meaning, faults: list[str]) -> Finding:
    name = shown(meaning.path)
    *first, last = faults[:_MOST_SHOWN] + ["more"] * (len(faults) > _MOST_SHOWN)
    listed = f"{', '.join(first)} or {last}" if first else last
    return Finding(
        Code.UNSANITISED_PATH,
        f"`{name}` goes into a file's name, and the schema lets it hold {listed}",
        at=read.at,
        hint="give it a `pattern` such as `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, an `enum` "
        "or a `format`, or pass it through a filter that makes a name of it",
        pointer=value_pointer(meaning.path),
    )
