"""Names for members that a schema does not name itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from provisionhub.jsontypes import JsonObject
from provisionhub.matrix.applying import Paths
from provisionhub.matrix.pattern_texts import forms_of, shortest_text, texts_of_length
from provisionhub.values.subschemas import Subschemas

_PLAIN: Final = ("key", "another-key", "a", "b", "c", "x1")
ODD_NAMES: Final = ("a b", "yes", "1", "-x", "a.b/c", "Ünï")
"""Names that templates forget about."""

_OPEN: Final = ("additionalProperties", "unevaluatedProperties", "patternProperties")
_USUAL: Final = 8


def is_open(schemas: list[JsonObject]) -> bool:
    """Tell whether objects are meant to have members that nobody names."""
    meant = any(schema.get(keyword) for schema in schemas for keyword in _OPEN)
    is_map = any("propertyNames" in schema for schema in schemas)
    is_shut = any(
        schema.get(keyword) is False for schema in schemas for keyword in _OPEN
    )
    return (meant or is_map) and not (is_shut and not meant)


def member_names(subschemas: Subschemas, paths: Paths) -> Iterator[str]:
    """Yield plain names that *paths* may allow; the schema has the last word."""
    for path in paths:
        keywords = subschemas.keywords(path)
        patterns = keywords.get("patternProperties", {})
        names = keywords.get("propertyNames", {})
        if isinstance(names, dict):
            yield from map(str, _listed(names))
            if isinstance(names.get("pattern"), str):
                yield from _matching(str(names["pattern"]))
        for pattern in patterns if isinstance(patterns, dict) else ():
            yield from _matching(pattern)
    yield from _PLAIN


def _matching(pattern: str) -> Iterator[str]:
    yield from texts_of_length(pattern, _USUAL)
    shortest = shortest_text(pattern)
    if shortest is not None:
        yield shortest
    yield from forms_of(pattern)


def _listed(names: JsonObject) -> list[str]:
    listed = names.get("enum", [])
    constant = [names["const"]] if "const" in names else []
    named = [*(listed if isinstance(listed, list) else []), *constant]
    return [each for each in named if isinstance(each, str)]
