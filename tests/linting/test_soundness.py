"""What lint says can't be is held against values: they never show otherwise."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.blueprint import Example, LoadedBlueprint, Subject, load_blueprint
from provisionhub.errors import InvalidValuesError, TemplateError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.linting import Code, lint
from provisionhub.renderer import Renderer
from provisionhub.tree import TreeLimits
from support.blueprints import blueprint_files
from support.languages import LANGUAGES, Language
from support.linting import ENGINES

LIMITS = TreeLimits(files=10, file_bytes=10_000, total_bytes=10_000)
MARK = "REACHED"

SCHEMAS: list[JsonValue] = [
    {"type": "boolean"},
    {"const": True},
    {"const": False},
    {"type": "string"},
    {"type": "string", "minLength": 1},
    {"enum": ["x", "y"]},
    {"enum": ["", "x"]},
    {"enum": ["x", None]},
    {"enum": [0, "x"]},
    {"type": "integer", "minimum": 1},
    {"type": ["integer", "boolean"], "minimum": 1},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "array", "minItems": 1},
    {"type": "array"},
    {"type": "object"},
    {"anyOf": [{"const": "x"}, {"const": "z"}]},
    {"oneOf": [{"type": "boolean"}, {"enum": ["x"]}]},
    {"allOf": [{"type": "string"}, {"enum": ["x", 1]}]},
    {"not": {"const": "x"}, "type": "string"},
    {"type": "string", "default": "x"},
    {"default": False},
]
VALUES: list[JsonValue] = ["", "x", "y", True, False, None, 0, 1, 0.0, [], ["x"], {}]
HOLDERS: list[JsonObject] = [
    {"type": "object", "default": {"d": True}},
    {"type": ["object", "null"], "default": None},
    {"type": "object"},
    {},
]
PATHS = st.sampled_from(["Values.a", "Values.b", "Values.c.d"])
WRAPS = st.sampled_from(["when", "unless", "equal x", "equal y", "each"])


def wrapped(language: Language, wraps: list[tuple[str, str]], body: str) -> str:
    """Return *body* inside one condition or loop after the other."""
    for how, path in wraps:
        match how.split():
            case ["when"]:
                body = language.when(path, body)
            case ["unless"]:
                body = language.unless(path, body)
            case ["each"]:
                body = language.each(path, body)
            case ["equal", text] if language.comparing:
                body = language.equal(path, text, body)
            case _:
                body = language.when(path, body)
    return body


def accepted(blueprint: LoadedBlueprint) -> list[JsonObject]:
    """Return those of many values that the schema accepts."""
    found: list[JsonObject] = []
    absent = object()
    held = [absent, None, {}, *({"d": each} for each in VALUES[1:7])]
    every = [*product([*VALUES, absent], [*VALUES, absent], held)]
    for a, b, c in random.Random(0).sample(every, 250):  # noqa: S311 - no secret
        values = {"a": a, "b": b, "c": c}
        given = {name: each for name, each in values.items() if each is not absent}
        with suppress(InvalidValuesError):
            blueprint.accept(given)  # type: ignore[arg-type] # absent is left out
            found.append(given)  # type: ignore[arg-type] # as above
    return found


def rendered(blueprint: LoadedBlueprint, values: JsonObject) -> str:
    """Return what the template comes to; nothing if it fails."""
    subject = Subject.of_example(Example("x", "me", "us", values), blueprint)
    try:
        made = Renderer(ENGINES, LIMITS).preview(
            blueprint, blueprint.accept(values), subject
        )
    except TemplateError:
        return ""
    return "".join(entry.content.decode() for entry in made.tree)


@settings(max_examples=25, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    a=st.sampled_from(SCHEMAS),
    b=st.sampled_from(SCHEMAS),
    holder=st.sampled_from(HOLDERS),
    required=st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
    wraps=st.lists(st.tuples(WRAPS, PATHS), min_size=1, max_size=4),
)
def test_unreachable_parts_are_never_rendered(  # noqa: PLR0913 - as drawn
    *,
    language: Language,
    a: JsonValue,
    b: JsonValue,
    holder: JsonObject,
    required: list[str],
    wraps: list[tuple[str, str]],
) -> None:
    """No accepted values render what lint calls unreachable."""
    manifest: JsonObject = {
        "apiVersion": "provisionhub.io/v1",
        "name": "sample",
        "version": "1.0.0",
        "engine": language.engine,
        "schema": {
            "type": "object",
            "additionalProperties": False,
            "required": [*required],
            "properties": {
                "a": a,
                "b": b,
                "c": holder | {"required": ["d"], "properties": {"d": a}},
            },
        },
    }
    template = wrapped(language, wraps, MARK)
    files = blueprint_files(
        {f"template/a{language.suffix}": template}, json.dumps(manifest)
    )
    codes = [each.code for each in lint(files, ENGINES, label="sample").findings]
    if Code.UNREACHABLE_BRANCH not in codes:
        return
    blueprint = load_blueprint(files, label="sample")
    reached = [v for v in accepted(blueprint) if MARK in rendered(blueprint, v)]

    assert reached == []
