"""Schemas and values of every kind, as strategies."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from provisionhub.jsontypes import JsonValue

NAMES = st.sampled_from(["a", "b", "ab"])
SCALARS: st.SearchStrategy[JsonValue] = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 2, -3, 2.5, "", "a", "ab", "1"]
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner),
    max_leaves=6,
)
COUNTS = st.integers(0, 3)
TYPES = st.sampled_from(
    ["array", "boolean", "integer", "null", "number", "object", "string"]
)
# A reference stands inside members or items only, so it never loops.
REFERENCE = st.just({"$ref": "#/$defs/d"})


def keywords(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    """Return a strategy for schemas whose subschemas are from *inner*."""
    forms = st.lists(inner, min_size=1, max_size=3)
    deeper = inner | REFERENCE
    members = st.dictionaries(NAMES, deeper, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "minimum": st.integers(-3, 3),
            "maximum": st.integers(-3, 3),
            "exclusiveMinimum": st.integers(-3, 3),
            "exclusiveMaximum": st.integers(-3, 3),
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "minLength": COUNTS,
            "maxLength": COUNTS,
            "pattern": st.sampled_from(["^a", "b$", "[0-9]"]),
            "minItems": COUNTS,
            "maxItems": COUNTS,
            "uniqueItems": st.booleans(),
            "prefixItems": st.lists(deeper, min_size=1, max_size=2),
            "items": deeper,
            "contains": inner,
            "minContains": COUNTS,
            "maxContains": COUNTS,
            "unevaluatedItems": inner,
            "minProperties": COUNTS,
            "maxProperties": COUNTS,
            "required": st.lists(NAMES, unique=True),
            "properties": members,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b$"]), inner),
            "additionalProperties": deeper,
            "propertyNames": inner,
            "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, unique=True)),
            "dependentSchemas": st.dictionaries(NAMES, inner, max_size=2),
            "unevaluatedProperties": inner,
            "allOf": forms,
            "anyOf": forms,
            "oneOf": forms,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
        },
    ).flatmap(few)


def few(schema: dict[str, Any]) -> st.SearchStrategy[JsonValue]:
    """Return a strategy for *schema* with at most four of its keywords."""
    if len(schema) < 5:
        return st.just(schema)
    names = st.lists(
        st.sampled_from(sorted(schema)), min_size=1, max_size=4, unique=True
    )
    return names.map(lambda kept: {name: schema[name] for name in kept})


SCHEMAS: st.SearchStrategy[JsonValue] = st.recursive(
    st.booleans(), keywords, max_leaves=6
)
