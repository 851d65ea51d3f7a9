"""Which regions of a Mustache template there are, and which a rendering reaches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisionhub.coverage import Kind
from provisionhub.jsontypes import JsonObject
from provisionhub_mustache import MustacheEngine
from support.locked_cases import Case, read_cases
from support.watching import check_regions, missed, render, watch

CASES = list(read_cases([Path(__file__).parent / "cases"]))
VECTORS = Path(__file__).resolve().parents[3].parent / "shared" / "vectors" / "mustache"
BRANCH, DEFINITION, OUTPUT = Kind.BRANCH, Kind.DEFINITION, Kind.OUTPUT


def engine() -> MustacheEngine:
    """Return an engine to which what is missing is nothing."""
    return MustacheEngine({"missing": "empty"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain", [], id="text"),
        pytest.param("{{! a }}{{=<% %>=}}{{x}}", [], id="no tags that count"),
        pytest.param(
            "a {{ b.c }}", [(OUTPUT, "{{ b.c }}", "{{ b.c }}")], id="variable"
        ),
        pytest.param("{{{b}}}", [(OUTPUT, "{{{b}}}", "{{{b}}}")], id="unescaped"),
        pytest.param(
            "{{#a}}yes{{/a}}",
            [(BRANCH, "#a", "yes"), (BRANCH, "else of #a", "")],
            id="section",
        ),
        pytest.param(
            "{{^ a.b }}no{{/a.b}}",
            [(BRANCH, "^a.b", "no"), (BRANCH, "else of ^a.b", "")],
            id="inverted section",
        ),
        pytest.param("{{$a}}own{{/a}}", [(DEFINITION, "$a", "own")], id="block"),
        pytest.param(
            "{{<p}} {{$a}}new{{/a}} {{/p}}{{>q}}",
            [(DEFINITION, "$a", "new")],
            id="parent",
        ),
        pytest.param(
            "{{=<% %>=}}<%#a%>é<%b%><%/a%>",
            [
                (BRANCH, "#a", "é<%b%>"),
                (OUTPUT, "<%b%>", "<%b%>"),
                (BRANCH, "else of #a", ""),
            ],
            id="other delimiters",
        ),
    ],
)
def test_regions_are_what_the_tags_begin(
    text: str, expected: list[tuple[Kind, str, str]]
) -> None:
    """Each tag that asks, defines or writes begins a region, which has its text."""
    _, *regions = engine().regions(text, name="a")

    assert [(r.kind, r.what, text[r.start : r.end]) for r in regions] == expected


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        pytest.param("{{a}}", {}, [], id="variable"),
        pytest.param("{{#a}}{{b}}{{/a}}", {"a": [1]}, ["else of #a"], id="entered"),
        pytest.param("{{#a}}{{b}}{{/a}}", {"a": []}, ["#a", "{{b}}"], id="not entered"),
        pytest.param("{{#a}}{{/a}}", {"a": 1}, ["else of #a"], id="nothing inside"),
        pytest.param("{{^a}}x{{/a}}", {}, ["else of ^a"], id="inverted"),
        pytest.param("{{^a}}x{{/a}}", {"a": 1}, ["^a"], id="inverted, not entered"),
        pytest.param("{{$a}}x{{/a}}", {}, [], id="block by itself"),
        pytest.param("{{<p}}{{$a}}{{/a}}{{/p}}", {}, [], id="empty argument"),
        pytest.param(
            "{{<p}}{{$b}}x{{/b}}{{/p}}", {}, ["$b"], id="argument of no block"
        ),
        pytest.param(
            "{{#a}}{{#b}}x{{/b}}{{/a}}",
            {"a": [{"b": 1}, {"b": 0}]},
            ["else of #a"],
            id="each turn counts",
        ),
    ],
)
def test_rendering_tells_what_it_reaches(
    text: str, context: JsonObject, expected: list[str]
) -> None:
    """What no value leads to is missed, and nothing else."""
    partials = {"p": "[{{$a}}old{{/a}}]"}

    assert missed(engine(), text, context, partials) == expected


def test_partials_tell_what_is_reached_of_them() -> None:
    """A partial's regions are told by its key, wherever it is included from."""
    partials = {"p.mustache": "{{#a}}{{>q}}{{/a}}", "q": "q{{b}}", "r": "{{$x}}o{{/x}}"}

    seen = watch(engine(), "{{>p}}{{<r}}{{$x}}n{{/x}}{{/r}}", {"a": 0}, partials)

    assert seen.partials == {"p.mustache": {0, 2}, "r": {0}}
    assert seen.reached == {0, 1}
    entered = watch(engine(), "{{>*which}}", {"which": "p", "a": [1]}, partials)
    assert entered.partials == {"p.mustache": {0, 1}, "q": {0, 1}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_case_comes_out_the_same(case: Case) -> None:
    """Watched, a case renders the same text, or fails with the same words."""
    given = (case.template, case.context, case.partials)

    seen = watch(MustacheEngine(case.options), *given)

    assert seen.outcome == render(MustacheEngine(case.options), *given)
    check_regions(MustacheEngine(case.options), case.template, seen)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the spec's data is not at hand")
def test_the_whole_spec_comes_out_the_same() -> None:
    """Watched, each of the spec's examples renders what it ever does."""
    options: JsonObject = {"escape": "html", "missing": "empty"}
    for path in sorted(VECTORS.glob("*.json")):
        for test in json.loads(path.read_text(encoding="utf-8"))["tests"]:
            given = (test["template"], test["data"], test.get("partials", {}))
            seen = watch(MustacheEngine(options), *given)

            assert seen.outcome == render(MustacheEngine(options), *given), test["name"]
            check_regions(MustacheEngine(options), test["template"], seen)


def test_limits_are_reached_where_they_ever_are() -> None:
    """Being watched makes nothing deeper than it is."""
    nested = "{{#a}}" * 150 + "x" + "{{/a}}" * 150
    partials = {"p": nested, "loop": "{{>loop}}"}
    context: JsonObject = {"a": 1}
    for text in (
        "{{>p}}",
        "{{#a}}{{>p}}{{>p}}{{/a}}",
        nested.replace("x", "{{>p}}"),
        "{{>loop}}",
    ):
        seen = watch(engine(), text, context, partials)

        assert seen.outcome == render(engine(), text, context, partials)
