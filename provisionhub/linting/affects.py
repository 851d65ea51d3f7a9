"""Which files each value affects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from provisionhub.blueprint.files import MANIFEST, TEMPLATE
from provisionhub.linting.context import value_pointer
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import Kind, Surveyed


def affected_files(linted: Linted) -> Mapping[str, tuple[str, ...]]:
    """Return, by JSON pointer to a value, the files that are rendered of it.

    A file is affected by what its content, its name or its condition reads; the
    manifest by what the commit message does. The pointer to all values is empty.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for template in linted.survey.templates():
        files = set(_files(linted, template))
        for read in template.outline.reads:
            for path, _ in linted.context.meanings(read).found:
                pointer = value_pointer(path)
                if pointer is not None:
                    found[pointer] |= files
    return {pointer: tuple(sorted(found[pointer])) for pointer in sorted(found)}


def _files(linted: Linted, template: Surveyed) -> Iterator[str]:
    match template.kind:
        case Kind.CONTENT | Kind.NAME:
            yield TEMPLATE + template.file
        case Kind.COMMIT_MESSAGE:
            yield MANIFEST
        case Kind.WHEN:
            for file in linted.survey.files:
                if template.rule in file.treatment.conditions:
                    yield TEMPLATE + file.path
