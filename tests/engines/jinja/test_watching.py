"""Which regions of a Jinja2 template there are, and which a rendering reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisionhub.coverage import Kind
from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine
from support.locked_cases import Case, read_cases
from support.watching import check_regions, missed, render, watch

CASES = list(read_cases([Path(__file__).parent / "cases"]))
BRANCH, LOOP, DEFINITION, OUTPUT = (
    Kind.BRANCH,
    Kind.LOOP,
    Kind.DEFINITION,
    Kind.OUTPUT,
)


def engine() -> JinjaEngine:
    """Return an engine as it is without options."""
    return JinjaEngine({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{# a #}{% set a = 1 %}{% raw %}{{ b }}{% endraw %}", [], id="none"
        ),
        pytest.param(
            "é {{- a|upper -}} ",
            [(OUTPUT, "{{- a|upper -}}", "{{- a|upper -}}")],
            id="output",
        ),
        pytest.param(
            "{% print a %}", [(OUTPUT, "{% print a %}", "{% print a %}")], id="print"
        ),
        pytest.param(
            "{% if a %}1{% endif %}",
            [(BRANCH, "if a", "1"), (BRANCH, "else of if a", "")],
            id="if",
        ),
        pytest.param(
            "{%- if a -%} 1 {% elif b %}2{% else %}3{% endif %}",
            [
                (BRANCH, "if a", " 1 "),
                (BRANCH, "elif b", "2"),
                (BRANCH, "else of if a", "3"),
            ],
            id="if, elif and else",
        ),
        pytest.param(
            "{% if a %}1{% elif b %}2{% endif %}",
            [
                (BRANCH, "if a", "1"),
                (BRANCH, "elif b", "2"),
                (BRANCH, "else of if a", ""),
            ],
            id="elif without else",
        ),
        pytest.param(
            "{% for a in b if\n a %}1{% endfor %}",
            [(LOOP, "for a in b if a", "1")],
            id="for",
        ),
        pytest.param(
            "{% for a in b %}1{% else %}2{% endfor %}",
            [(LOOP, "for a in b", "1"), (BRANCH, "else of for a in b", "2")],
            id="for with else",
        ),
        pytest.param(
            "{% macro m(x) %}1{% endmacro %}{% block b %}2{% endblock b %}"
            "{% call m(1) %}3{% endcall %}",
            [
                (DEFINITION, "macro m(x)", "1"),
                (DEFINITION, "block b", "2"),
                (DEFINITION, "call m(1)", "3"),
            ],
            id="definitions",
        ),
        pytest.param(
            "{% for a in b %}{% set c %}{% if d %}1{% endif %}{% endset %}"
            "{% else %}2{% endfor %}",
            [
                (LOOP, "for a in b", "{% set c %}{% if d %}1{% endif %}{% endset %}"),
                (BRANCH, "if d", "1"),
                (BRANCH, "else of if d", ""),
                (BRANCH, "else of for a in b", "2"),
            ],
            id="tags that have an end and no region between",
        ),
        pytest.param(
            "{{ 1 if a else 2 }}",
            [
                (OUTPUT, "{{ 1 if a else 2 }}", "{{ 1 if a else 2 }}"),
                (BRANCH, "then of {{ 1 if a else 2 }}", ""),
                (BRANCH, "else of {{ 1 if a else 2 }}", ""),
            ],
            id="inline condition",
        ),
    ],
)
def test_regions_are_what_the_tags_begin(
    text: str, expected: list[tuple[Kind, str, str]]
) -> None:
    """Each tag that asks, loops, defines or writes begins a region with its text."""
    _, *regions = engine().regions(text, name="a")

    assert [(r.kind, r.what, text[r.start : r.end]) for r in regions] == expected


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        pytest.param("{% if a %}1{% endif %}", {"a": 1}, ["else of if a"], id="if"),
        pytest.param("{% if a %}1{% endif %}", {"a": 0}, ["if a"], id="if not"),
        pytest.param(
            "{% if a == 1 %}1{% elif a == 2 %}2{% else %}3{% endif %}",
            {"a": 2},
            ["if a == 1", "else of if a == 1"],
            id="elif",
        ),
        pytest.param(
            "{% if a == 1 %}1{% elif a == 2 %}2{% endif %}",
            {"a": 3},
            ["if a == 1", "elif a == 2"],
            id="none of them",
        ),
        pytest.param(
            "{% for x in a %}{{ x }}{% else %}2{% endfor %}",
            {"a": []},
            ["for x in a", "{{ x }}"],
            id="empty loop",
        ),
        pytest.param(
            "{% for x in a %}{% if x %}{% continue %}{% endif %}{{ x }}{% endfor %}",
            {"a": [1, 2]},
            ["else of if x", "{{ x }}"],
            id="continue",
        ),
        pytest.param(
            "{% macro m() %}{{ caller() }}{% endmacro %}{% macro n() %}1{% endmacro %}"
            "{% call m() %}2{% endcall %}",
            {},
            ["macro n()"],
            id="macros",
        ),
        pytest.param(
            "{{ 1 if a else 2 }}",
            {"a": 1},
            ["else of {{ 1 if a else 2 }}"],
            id="inline",
        ),
        pytest.param(
            '{{ "x" if a }}', {"a": 1}, ['else of {{ "x" if a }}'], id="no inline else"
        ),
        pytest.param(
            "{% set x = 1 if a else 2 %}",
            {"a": 0},
            ["then of {% set x = 1 if a else 2 %}"],
            id="inline condition in a statement",
        ),
        pytest.param(
            "{% extends 'base' %}{{ dead }}{% block a %}1{% endblock %}"
            "{% block gone %}2{% endblock %}",
            {},
            ["{{ dead }}", "block gone"],
            id="outside of the blocks of a child",
        ),
        pytest.param(
            "{% autoescape a %}{{ '<' }}{% filter upper %}{{ 'b' }}{% endfilter %}"
            "{% endautoescape %}",
            {"a": True},
            [],
            id="escaped and filtered",
        ),
    ],
)
def test_rendering_tells_what_it_reaches(
    text: str, context: JsonObject, expected: list[str]
) -> None:
    """What no value leads to is missed, and nothing else."""
    partials = {"base": "{% block a %}{% endblock %}"}

    assert missed(engine(), text, context, partials) == expected


def test_inline_condition_without_else_is_nothing_as_ever() -> None:
    """Where an inline condition does not hold, its missing ``else`` is told."""
    lenient = JinjaEngine({"missing": "empty"})
    text = '[{{ "x" if a }}]'

    seen = watch(lenient, text, {"a": 0})

    assert seen.outcome == render(lenient, text, {"a": 0}) == "[]"
    assert missed(lenient, text, {"a": 0}) == ['then of {{ "x" if a }}']
    assert watch(engine(), text, {"a": 0}).outcome == render(engine(), text, {"a": 0})


def test_partials_tell_what_is_reached_of_them() -> None:
    """A partial's regions are told by its key: included, imported or extended."""
    partials = {
        "p.j2": "{% if a %}1{% endif %}",
        "m.j2": "{% macro f() %}1{% endmacro %}{% macro g() %}2{% endmacro %}",
        "base": "{% block b %}{{ a }}{% endblock %}",
    }
    text = (
        "{% extends 'base' %}{% from 'm' import f %}"
        "{% block b %}{{ f() }}{% include 'p' %}{{ super() }}{% endblock %}"
    )

    seen = watch(engine(), text, {"a": 0}, partials)

    assert seen.outcome == "10"
    assert seen.partials == {"p.j2": {0, 2}, "m.j2": {0, 1}, "base": {0, 1, 2}}
    assert seen.reached == {0, 1, 2, 3}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_case_comes_out_the_same(case: Case) -> None:
    """Watched, a case renders the same text, or fails with the same words."""
    given = (case.template, case.context, case.partials)

    seen = watch(JinjaEngine(case.options), *given)

    assert seen.outcome == render(JinjaEngine(case.options), *given)
    check_regions(JinjaEngine(case.options), case.template, seen)


def test_deep_inline_conditions_still_compile() -> None:
    """However deep inline conditions are, watching them asks no more of Python."""
    text = "{{ " + "(1 if a else " * 20 + "2" + ")" * 20 + " }}"

    seen = watch(engine(), text, {"a": 0})

    assert seen.outcome == render(engine(), text, {"a": 0}) == "2"
    assert len(engine().regions(text, name="a")) == 2 + 2 * 8
