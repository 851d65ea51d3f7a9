"""The linter as a whole: what it leaves out, and engines that tell nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from provisionhub.engine import Engine, Template
from provisionhub.errors import TemplateSyntaxError
from provisionhub.jsontypes import JsonObject
from provisionhub.linting import Code, lint
from provisionhub.linting.linter import MOST_FINDINGS
from provisionhub.registry import Plugin
from provisionhub.source import Source
from support.blueprints import MANIFEST, blueprint_files
from support.languages import JINJA
from support.linting import ENGINES, codes, found, manifest, report

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


class Plain:
    """A template that is a text, and knows no tags."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, context: JsonObject) -> str:  # noqa: ARG002 - it reads nothing
        """Return the text."""
        return self._text


class PlainEngine:
    """An engine that does not tell what its templates read."""

    suffix: ClassVar[str] = ".plain"

    def __init__(self, options: JsonObject) -> None: ...

    def compile(self, text: str, *, name: str, partials: Mapping[str, str]) -> Template:  # noqa: ARG002 - it includes nothing
        """Return the template; a text that says so is broken."""
        if "broken" in text:
            raise TemplateSyntaxError("it is broken", at=Source(name, text).at(1))
        return Plain(text)


_: type[Engine] = PlainEngine


def test_engine_that_tells_nothing_is_linted_for_its_syntax() -> None:
    """Without outlines nothing is said of values and partials, but what is broken."""
    plugins = {"plain": Plugin("plain", PlainEngine, "x", "1")}
    schema = "schema: {properties: {unused: {type: string}}}\n"
    files = blueprint_files(
        {
            "template/a.plain": "broken",
            "template/b.plain": "fine",
            "partials/c.plain": "fine",
        },
        MANIFEST.replace("jinja2", "plain") + schema,
    )

    report = lint(files, plugins, label="sample")

    assert not report.is_outlined
    assert [(each.code, str(each.at)) for each in report.findings] == [
        (Code.SYNTAX, "sample/template/a.plain:1:1")
    ]


def test_codes_that_the_manifest_ignores_are_left_out() -> None:
    """A blueprint may do without some kinds of findings."""
    schema = "properties: {unused: {type: string}}"
    template = "{{ Nmae }}"

    assert codes(JINJA, template, schema) == ["unused-value", "undeclared-value"]
    assert codes(JINJA, template, schema, "lint: {ignore: [unused-value]}\n") == [
        "undeclared-value"
    ]


def test_code_that_does_not_exist_is_refused() -> None:
    """A slip in what is to be ignored would ignore nothing."""
    rest = "lint: {ignore: [unused-vaule]}\n"

    (finding,) = report({}, manifest(JINJA, rest=rest)).findings
    assert finding.code is Code.SYNTAX
    assert "`unused-value`" in finding.message


def test_every_code_but_those_of_broken_blueprints_may_be_ignored() -> None:
    """The manifest's schema knows the codes."""
    schema = json.loads((SCHEMAS / "blueprint.schema.json").read_text("utf-8"))
    known = schema["properties"]["lint"]["properties"]["ignore"]["items"]["enum"]

    assert set(known) == {*map(str, Code)} - {"syntax", "unmatched-rule"}


@pytest.mark.parametrize(("name", "number"), [("sample", 0), ("other", 1), (None, 0)])
def test_blueprint_is_called_as_its_folder_is(name: str | None, number: int) -> None:
    """In a catalog, a blueprint that jobs could never ask for is a finding."""
    files = blueprint_files({})

    report = lint(files, ENGINES, label="blueprints/other", name=name)

    assert [each.code for each in report.findings] == [Code.SYNTAX] * number
    assert [str(each.at) for each in report.findings] == [
        "blueprints/other/blueprint.yaml:2:7"
    ] * number


def test_findings_are_in_the_order_of_their_places() -> None:
    """Files in order, lines in order, and each finding once."""
    files = {
        "template/b.j2": "{{ Nmae }}\n{{ Values.x }}\n{{ Nmae }}",
        "template/a.j2": "{{ Nope }}",
    }

    assert found(files, manifest(JINJA, "additionalProperties: false")) == [
        "undeclared-value - template/a.j2:1",
        "undeclared-value - template/b.j2:1",
        "undeclared-value /x template/b.j2:2",
    ]


def test_too_many_findings_are_counted() -> None:
    """A blueprint full of faults has so many findings listed, and a number."""
    template = "".join(f"{{{{ x{number} }}}}\n" for number in range(MOST_FINDINGS + 7))

    listed = report({"template/a.j2": template}, manifest(JINJA))

    assert (len(listed.findings), listed.left_out) == (MOST_FINDINGS, 7)


def test_schema_in_a_file_of_its_own_is_where_unused_values_are_told() -> None:
    """A finding about the schema points into the file that holds it."""
    files = {
        "schema.yaml": "type: object\nproperties:\n  unused: {type: string}\n",
        "template/a.j2": "",
    }

    assert found(files, manifest(JINJA, rest="schema: schema.yaml\n")) == [
        "unused-value /unused schema.yaml:3"
    ]


@pytest.mark.parametrize(
    "schema",
    [
        "properties: {a: {$ref: '#'}}",
        "properties: {a: {type: array, items: {$ref: '#'}}, b: {type: string}}",
        "properties: {a: {properties: {t: {$ref: '#'}, u: {$ref: '#'}}}, b: {}}",
    ],
)
def test_schema_that_refers_to_itself_ends(schema: str) -> None:
    """A schema of trees is walked so far, and no further."""
    assert set(codes(JINJA, "{{ Values.a is defined }}", schema)) <= {"unused-value"}
