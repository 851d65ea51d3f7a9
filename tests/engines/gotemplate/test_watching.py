"""Which regions of a Go template there are, and which an execution reaches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from provisionhub.coverage import Kind
from provisionhub.jsontypes import JsonObject
from provisionhub_gotemplate import GoTemplateEngine
from support.go_cases import CaseFile
from support.watching import check_regions, missed, render, watch

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
VECTORS = Path(__file__).resolve().parents[3].parent / "shared/vectors/go.ndjson"
BRANCH, LOOP, DEFINITION, OUTPUT = (
    Kind.BRANCH,
    Kind.LOOP,
    Kind.DEFINITION,
    Kind.OUTPUT,
)


def engine(**options: str) -> GoTemplateEngine:
    """Return an engine with *options*."""
    return GoTemplateEngine(dict(options))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{{/* a */}}{{ $a := 1 }}{{ $a = 2 }}", [], id="none"),
        pytest.param("é {{- .A }}", [(OUTPUT, "{{- .A }}", "{{- .A }}")], id="output"),
        pytest.param(
            '{{ "}}" | upper }}',
            [(OUTPUT, '{{ "}}" | upper }}', '{{ "}}" | upper }}')],
            id="delimiter in a text",
        ),
        pytest.param(
            "{{ if .A }}1{{ end }}",
            [(BRANCH, "if .A", "1"), (BRANCH, "else of if .A", "")],
            id="if",
        ),
        pytest.param(
            "{{- if .A -}} 1 {{ else if .B }}2{{ else }}3{{ end -}}",
            [
                (BRANCH, "if .A", " 1 "),
                (BRANCH, "else if .B", "2"),
                (BRANCH, "else of if .A", "3"),
            ],
            id="if, else if and else",
        ),
        pytest.param(
            "{{ with $x := .A }}1{{ else with .B }}2{{ end }}",
            [
                (BRANCH, "with $x := .A", "1"),
                (BRANCH, "else with .B", "2"),
                (BRANCH, "else of with $x := .A", ""),
            ],
            id="with",
        ),
        pytest.param(
            "{{ range $i, $e := .A }}1{{ break }}{{ end }}",
            [(LOOP, "range $i, $e := .A", "1{{ break }}")],
            id="range",
        ),
        pytest.param(
            "{{ range .A }}1{{ else }}2{{ end }}",
            [(LOOP, "range .A", "1"), (BRANCH, "else of range .A", "2")],
            id="range with else",
        ),
        pytest.param(
            '{{ define "d" }}1{{ end }}{{ block "b" . }}2{{ end }}{{ template "d" }}',
            [(DEFINITION, 'define "d"', "1"), (DEFINITION, 'block "b" .', "2")],
            id="definitions",
        ),
    ],
)
def test_regions_are_what_the_actions_begin(
    text: str, expected: list[tuple[Kind, str, str]]
) -> None:
    """Each action that asks, loops, defines or writes begins a region."""
    _, *regions = engine().regions(text, name="a")

    assert [(r.kind, r.what, text[r.start : r.end]) for r in regions] == expected


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        pytest.param("{{if .A}}1{{end}}", {"A": 1}, ["else of if .A"], id="if"),
        pytest.param("{{if .A}}1{{end}}", {"A": 0}, ["if .A"], id="if not"),
        pytest.param("{{if .A}}{{end}}", {"A": 1}, ["else of if .A"], id="empty body"),
        pytest.param(
            "{{if eq .A 1}}1{{else if eq .A 2}}2{{else}}3{{end}}",
            {"A": 2},
            ["if eq .A 1", "else of if eq .A 1"],
            id="else if",
        ),
        pytest.param(
            "{{if eq .A 1}}1{{else if eq .A 2}}2{{end}}",
            {"A": 3},
            ["if eq .A 1", "else if eq .A 2"],
            id="none of them",
        ),
        pytest.param(
            "{{if .A}}1{{else}}{{if .B}}2{{end}}{{end}}",
            {"A": 0, "B": 1},
            ["if .A", "else of if .B"],
            id="if inside of else",
        ),
        pytest.param(
            "{{range .A}}{{.}}{{else}}2{{end}}",
            {"A": []},
            ["range .A", "{{.}}"],
            id="empty loop",
        ),
        pytest.param(
            "{{range .A}}{{if .}}{{continue}}{{end}}{{.}}{{end}}",
            {"A": [1, 2]},
            ["else of if .", "{{.}}"],
            id="continue",
        ),
        pytest.param(
            '{{define "a"}}{{- /* c */ -}} 1{{end}}{{define "b"}}{{.A}}{{end}}'
            '{{template "a" .}}{{block "c" .}}{{.A}}{{end}}',
            {"A": 1},
            ['define "b"', "{{.A}}"],
            id="definitions",
        ),
    ],
)
def test_execution_tells_what_it_reaches(
    text: str, context: JsonObject, expected: list[str]
) -> None:
    """What no value leads to is missed, and nothing else."""
    assert missed(engine(), text, context) == expected


def test_partials_tell_what_is_reached_of_them() -> None:
    """A partial's regions are told by its key, those of what it defines too."""
    partials = {
        "p.tmpl": "{{if .A}}1{{end}}",
        "lib.tmpl": '{{define "f"}}{{.A}}{{end}}{{define "g"}}2{{end}}',
    }

    text = '{{template "p" .}}{{include "f" .}}'

    seen = watch(engine(functions="helm"), text, {"A": 0}, partials)

    assert seen.outcome == "0"
    assert seen.partials == {"p.tmpl": {0, 2}, "lib.tmpl": {1, 2}}


def test_templates_share_their_partials() -> None:
    """A partial that two templates refer to tells each region once, at either."""
    shared = engine()
    reached: list[int] = []
    partials = {"p.tmpl": "{{.A}}"}

    def told(_key: str, number: int) -> None:
        reached.append(number)

    watched = [
        shared.compile_watched(
            f'{number}{{{{template "p" .}}}}',
            name="t",
            partials=partials,
            reached=lambda _: None,
            reached_in=told,
        )
        for number in range(2)
    ]

    assert [template.render({"A": 1}) for template in watched] == ["01", "11"]
    assert reached == [0, 1, 0, 1]


def test_second_execution_is_watched_too() -> None:
    """Compiled code, which takes over when a template proves its worth, stays away."""
    reached: list[int] = []
    template = engine().compile_watched(
        "{{.A}}",
        name="t",
        partials={},
        reached=reached.append,
        reached_in=lambda _key, _number: None,
    )

    assert [template.render({"A": n}) for n in range(4)] == ["0", "1", "2", "3"]
    assert reached == [0, 1] * 4


def test_long_chain_is_no_deep_tree() -> None:
    """However many ``else if`` hang on each other, watching them nests nothing."""
    chain = "".join(f"{{{{else if eq .A {n}}}}}{n}" for n in range(3000))
    text = f"{{{{if eq .A -1}}}}no{chain}{{{{end}}}}"

    seen = watch(engine(), text, {"A": 2999})

    assert seen.outcome == "2999"
    assert seen.reached == {0, 3001}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_golden_cases_come_out_the_same(path: Path) -> None:
    """Watched, a case gives the same text, or fails with the same words."""
    for case in CaseFile.load(path).cases:
        left, right = case.delims or ("", "")
        options: JsonObject = {
            "functions": "none" if case.funcs == "builtin" else "sprig",
            "delimiters": [left or "{{", right or "}}"],
        }
        partials = dict(case.templates)
        text = partials.pop("t", "")
        given = (text, cast("JsonObject", case.data), partials)

        seen = watch(GoTemplateEngine(options), *given)

        assert seen.outcome == render(GoTemplateEngine(options), *given), case.name
        check_regions(GoTemplateEngine(options), text, seen)


@pytest.mark.skipif(not VECTORS.is_file(), reason="Go's answers are not at hand")
def test_recorded_templates_come_out_the_same() -> None:
    """Watched, what Go once answered for comes out as it ever does."""
    # Every twentieth: all 7,000 of them take half a minute.
    for line in VECTORS.read_text(encoding="utf-8").split("\n")[:-1:20]:
        case = json.loads(line)
        if case["category"] == "recursion_limit":
            continue
        functions = {"builtin": "none", "helm": "helm"}.get(case["funcs"], "sprig")
        partials = dict(case["templates"])
        text = partials.pop(case["main"], "")
        given = (text, case["data"], partials)

        seen = watch(engine(functions=functions), *given)

        assert seen.outcome == render(engine(functions=functions), *given), case["id"]
        check_regions(engine(functions=functions), text, seen)
