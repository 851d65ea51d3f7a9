"""The documents that authors and control planes write: manifest and job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from provisionhub.blueprint.examples import EXAMPLE_SCHEMA
from tools.reference.markdown import code, listed, page, section, table

_COLUMNS: Final = ("member", "accepted", "default", "meaning")
_RANGES: Final = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
    ("minProperties", "maxProperties", " members"),
)

Schema = dict[str, Any]
Row = tuple[str, str, str, str]


def manifest() -> str:
    """Return the page on ``blueprint.yaml``."""
    return page(
        "The manifest",
        "Every member of `blueprint.yaml`, what it may be and what it is if it is"
        " absent.",
        _from("blueprint.schema.json"),
        section(
            "Examples, and files of values",
            "What a file in `examples/`, or the one that `--values` names, may say.",
            table(_COLUMNS, _rows(EXAMPLE_SCHEMA, "")),
        ),
        "[Writing a blueprint](../blueprint-authoring.md) shows how to use them.",
    )


def job() -> str:
    """Return the page on job messages."""
    return page(
        "The job message",
        "Every member of a job, the JSON message that asks for a repository.",
        _from("job.schema.json"),
    )


def _from(name: str) -> str:
    text = (files("provisionhub") / "schemas" / name).read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    held = (
        f"It is held to [`schemas/{name}`](../../schemas/{name}), JSON Schema 2020-12."
    )
    return f"{held}\n\n{table(_COLUMNS, _rows(schema, ''))}"


def _rows(schema: Schema, prefix: str) -> Iterator[Row]:
    required = schema.get("required", ())
    members = schema.get("properties", {}) | {
        _pattern_name(pattern): each
        for pattern, each in schema.get("patternProperties", {}).items()
    }
    for name, member in members.items():
        path = f"{prefix}{name}"
        default = "required" if name in required else _default(member)
        yield code(path), _accepted(member), default, member.get("description", "")
        yield from _rows(member, f"{path}.")
        yield from _rows(member.get("items", {}), f"{path}[].")


def _pattern_name(pattern: str) -> str:
    return f"{pattern.removeprefix('^')}…"


def _default(schema: Schema) -> str:
    if "default" not in schema:
        return ""
    value = schema["default"]
    return code(value if isinstance(value, str) else json.dumps(value))


def _accepted(schema: Schema) -> str:
    if "x-expected" in schema:
        return str(schema["x-expected"])
    if "enum" in schema:
        return listed(schema["enum"])
    if "const" in schema:
        return code(str(schema["const"]))
    if "oneOf" in schema:
        return "; or ".join(map(_accepted, schema["oneOf"]))
    return ", ".join(_particulars(schema))


def _particulars(schema: Schema) -> Iterator[str]:
    kinds = schema.get("type", "anything")
    yield " or ".join(kinds) if isinstance(kinds, list) else kinds
    if "pattern" in schema:
        yield code(schema["pattern"])
    if "format" in schema:
        yield f"format {code(schema['format'])}"
    yield from _ranges(schema)
    if schema.get("uniqueItems"):
        yield "no two alike"
    for part in ("items", "additionalProperties"):
        inner = schema.get(part)
        if isinstance(inner, dict) and "properties" not in inner:
            yield f"each {_accepted(inner)}"


def _ranges(schema: Schema) -> Iterator[str]:
    for least, most, unit in _RANGES:
        match schema.get(least), schema.get(most):
            case None, None:
                pass
            case None, upper:
                yield f"at most {upper}{unit}"
            case 1, None if unit:
                yield "not empty"
            case lower, None:
                yield f"at least {lower}{unit}"
            case lower, upper:
                yield f"{lower} to {upper}{unit}"
