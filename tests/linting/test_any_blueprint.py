"""Lint never fails of a blueprint's doing: whatever it holds, a report comes of it."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.jsontypes import JsonValue
from provisionhub.linting import lint
from support.blueprints import blueprint_files
from support.languages import LANGUAGES, Language
from support.linting import ENGINES

NAMES = st.sampled_from(["a", "b", "c", "Values", "x-y"])
SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "b"])
)


def _schemas(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    """Return schemas whose subschemas are *inner* ones."""
    members = st.dictionaries(NAMES, inner, max_size=3)
    several = st.lists(inner, min_size=1, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(
                ["object", "array", "string", "integer", ["string", "null"]]
            ),
            "properties": members,
            "patternProperties": st.dictionaries(
                st.sampled_from(["^a", "b$", "."]), inner, max_size=1
            ),
            "additionalProperties": inner,
            "unevaluatedProperties": inner,
            "required": st.lists(NAMES, unique=True, max_size=2),
            "items": inner,
            "prefixItems": several,
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "if": inner,
            "then": inner,
            "else": inner,
            "not": inner,
            "$ref": st.sampled_from(["#", "#/$defs/d", "#/properties/a"]),
            "enum": st.lists(SCALARS, min_size=1, max_size=3),
            "const": SCALARS,
            "pattern": st.sampled_from(["^a*$", "/", "^[^/]+$"]),
            "writeOnly": st.booleans(),
            "dependentRequired": st.dictionaries(
                NAMES, st.lists(NAMES, unique=True, max_size=2), max_size=1
            ),
            "default": SCALARS,
        },
    )


SCHEMAS: st.SearchStrategy[JsonValue] = st.recursive(
    st.booleans() | st.just({}), _schemas, max_leaves=8
)
PATHS = st.lists(NAMES, max_size=3).map(lambda names: ".".join(["Values", *names]))


@st.composite
def templates(draw: st.DrawFn, language: Language, depth: int = 2) -> str:
    """Draw a template that reads values in conditions, loops and texts."""
    path = draw(PATHS)
    if depth == 0:
        return language.show(path)
    body = draw(templates(language, depth - 1))
    pieces = [
        language.show(path) + body,
        language.when(path, body),
        language.unless(path, body),
        language.each(path, language.member(draw(NAMES)) + body),
        language.equal(path, draw(st.sampled_from(["", "a"])), body),
        language.include("p") + body,
    ]
    return draw(st.sampled_from(pieces))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), language=st.sampled_from(LANGUAGES), schema=SCHEMAS)
def test_any_schema_and_templates_get_a_report(
    data: st.DataObject, language: Language, schema: JsonValue
) -> None:
    """Whatever schema and templates say, lint returns findings that can be shown."""
    template = data.draw(templates(language))
    said = dict(schema) if isinstance(schema, dict) else {}
    manifest = {
        "apiVersion": "provisionhub.io/v1",
        "name": "sample",
        "version": "1.0.0",
        "engine": language.engine,
        "schema": said | {"type": "object", "$defs": {"d": schema}},
        "files": [{"path": "*", "when": data.draw(templates(language, 1))}],
    }
    files = {
        f"template/{language.show('Values.a')}.txt": "",
        f"template/b{language.suffix}": template,
        f"partials/p{language.suffix}": data.draw(templates(language, 1)),
    }

    report = lint(blueprint_files(files, json.dumps(manifest)), ENGINES, label="sample")

    assert json.dumps(report.to_json())


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    text=st.text(alphabet=" {}%#/^.|ab0\"'\n-=>VN", max_size=40) | st.text(max_size=20),
)
def test_any_text_gets_a_report(language: Language, text: str) -> None:
    """Whatever stands in a template or a partial, lint returns a report."""
    files = {
        f"template/b{language.suffix}": text,
        f"template/c{language.suffix}": language.include("p"),
        f"partials/p{language.suffix}": text,
    }
    manifest = {
        "apiVersion": "provisionhub.io/v1",
        "name": "sample",
        "version": "1.0.0",
        "engine": language.engine,
    }

    report = lint(blueprint_files(files, json.dumps(manifest)), ENGINES, label="sample")

    assert json.dumps(report.to_json())
