"""What Go templates read, told without values."""

from __future__ import annotations

import time
from random import Random
from typing import Final

import pytest

from provisionhub.errors import LimitExceededError, ProvisionError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import Outline
from provisionhub_gotemplate import GoTemplateEngine
from support.go_cases import MAIN, Case
from support.outlines import branches, inclusions, influential, reads, tells_of
from tools.gotemplate.author import Author
from tools.gotemplate.data import data as random_data

from .test_cases import CASES


def _outline(
    text: str, partials: dict[str, str] | None = None, **options: JsonValue
) -> Outline:
    engine = GoTemplateEngine({"functions": "helm", **options})
    return engine.outline(text, name="main", partials=partials or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("text {{/* a comment */}}", [], id="no names"),
        pytest.param("{{ .Name }}", ["printed Name"], id="a field"),
        pytest.param("{{ .Values.a.b }}", ["printed Values.a.b"], id="a chain"),
        pytest.param("{{ $.Values.a }}", ["printed Values.a"], id="from the root"),
        pytest.param("{{ . }}", ["printed $"], id="the whole"),
        pytest.param("{{ (.Values.a).b }}", ["printed Values.a.b"], id="parentheses"),
        pytest.param(
            '{{ index .Values "a" "b-c" }}', ["printed Values.a.b-c"], id="index"
        ),
        pytest.param(
            "{{ (index .Values.a 0).b }}", ["printed Values.a.[].b"], id="index a list"
        ),
        pytest.param(
            "{{ index .Values.a .Values.i }}",
            ["compared Values.i", "printed Values.a.[]"],
            id="index by a value",
        ),
        pytest.param(
            '{{ get .Values "a" }}', ["printed Values.a or nothing"], id="get"
        ),
        pytest.param(
            '{{ .Values | dig "a" "b" "x" }}',
            ["printed Values.a.b | dig or nothing"],
            id="dig",
        ),
        pytest.param(
            '{{ dig "a" .Meta.x .Values | upper }}',
            ["printed Values.a | dig | upper or nothing", "printed Meta.x | upper"],
            id="dig with a value instead",
        ),
        pytest.param(
            '{{ pluck "a" .Values .Meta | first }}',
            [
                "printed Values.a | pluck | first or nothing",
                "printed Meta.a | pluck | first or nothing",
            ],
            id="pluck",
        ),
        pytest.param(
            "{{ .Name | upper | quote }}", ["printed Name | upper | quote"], id="pipes"
        ),
        pytest.param(
            '{{ printf "%s-%s" .Name (lower .Values.a) }}',
            ["printed Name | printf", "printed Values.a | lower | printf"],
            id="arguments",
        ),
        pytest.param(
            "{{ toYaml .Values | indent 2 }}",
            ["passed Values | toYaml | indent"],
            id="a whole, written down",
        ),
        pytest.param(
            '{{ default "x" .Values.a }}', ["printed Values.a | default"], id="default"
        ),
        pytest.param(
            '{{ get .Values "a" | default .Name }}',
            ["printed Name", "printed Values.a | default or nothing"],
            id="default of get",
        ),
        pytest.param(
            '{{ index .Values "a" | default "x" | upper }}',
            ["printed Values.a | default | upper or nothing"],
            id="default of index",
        ),
        pytest.param(
            "{{ coalesce .Values.a .Values.b }}",
            ["printed Values.a | coalesce", "printed Values.b | coalesce"],
            id="coalesce",
        ),
        pytest.param(
            "{{ ternary .Values.a .Values.b .Values.c }}",
            ["tested Values.c", "printed Values.a", "printed Values.b"],
            id="ternary",
        ),
        pytest.param(
            '{{ required "no a" .Values.a }}',
            ["printed Values.a | required"],
            id="required",
        ),
        pytest.param(
            "{{ or .Values.a .Values.b }}",
            ["printed Values.a", "printed Values.b if not Values.a"],
            id="or",
        ),
        pytest.param(
            '{{ and (hasKey .Values "a") .Values.a }}',
            ["tested Values.a or nothing", "printed Values.a if Values.a is there"],
            id="and",
        ),
        pytest.param(
            "{{ (.Values.a | default (dict)).b }}",
            ["printed Values.a.b"],
            id="below a default",
        ),
        pytest.param(
            '{{ join "," .Values.a }}{{ .Values.b | first }}',
            ["printed Values.a | join", "printed Values.b | first"],
            id="lists",
        ),
        pytest.param(
            '{{ (dict "a" .Values.b).a.c }}',
            ["bound Values.b", "printed Values.b.c"],
            id="a dictionary made here",
        ),
        pytest.param(
            '{{ toJson (dict "a" .Values.b) }}',
            ["passed Values.b | toJson"],
            id="a dictionary made here, written down",
        ),
        pytest.param(
            "{{ tpl .Values.text . }}",
            ["compared Values.text", "passed $"],
            id="a text as a template",
        ),
    ],
)
def test_each_pipeline_says_what_it_reads(text: str, expected: list[str]) -> None:
    """Each name is listed with what becomes of its value."""
    assert reads(_outline(text)) == expected


@pytest.mark.parametrize(
    ("condition", "guard"),
    [
        (".Values.a", "Values.a"),
        ("not .Values.a", "not Values.a"),
        (".Values.a | not", "not Values.a"),
        ("not (not .Values.a)", "Values.a"),
        ("and .Values.a .Values.b", "Values.a, Values.b"),
        ("not (or .Values.a .Values.b)", "not Values.a, not Values.b"),
        ('eq .Values.a "x"', "Values.a is 'x'"),
        ('eq "x" .Values.a', "Values.a is 'x'"),
        ('.Values.a | eq "x"', "Values.a is 'x'"),
        ("ne .Values.a 1", "not Values.a is 1"),
        ("not (eq .Values.a true)", "not Values.a is True"),
        ('hasKey .Values "a"', "Values.a is there"),
        ('not (hasKey .Values "a")', "not Values.a is there"),
        ('index .Values "a"', "Values.a"),
        ('eq (index .Values "a") "x"', "Values.a is 'x'"),
        ("empty .Values.a", "not Values.a"),
        ("len .Values.a", "Values.a"),
        ("true", "True"),
        ("not false", "not False"),
        ("$x := .Values.a", "Values.a"),
    ],
)
def test_conditions_guard_what_they_stand_around(condition: str, guard: str) -> None:
    """A condition that can be said of single values is a guard."""
    assert branches(_outline(f"{{{{ if {condition} }}}}x{{{{ end }}}}")) == [
        f"1:4 if {guard}"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "or .Values.a .Values.b",
        "not (and .Values.a .Values.b)",
        "eq .Values.a .Values.b",
        'eq .Values.a "x" "y"',
        "gt .Values.a 1",
        'has "x" .Values.a',
        "default true .Values.a",
        'kindIs "map" .Values.a',
    ],
)
def test_other_conditions_guard_nothing(condition: str) -> None:
    """Guards are necessary, so what can't be said in their terms gives none."""
    assert branches(_outline(f"{{{{ if {condition} }}}}x{{{{ end }}}}")) == ["1:4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '{{ if eq .Values.a "x" }}{{ .Name }}{{ else if .Values.b }}{{ .Meta.x }}'
            "{{ else }}{{ .Meta.y }}{{ end }}",
            [
                "compared Values.a",
                "printed Name if Values.a is 'x'",
                "tested Values.b if not Values.a is 'x'",
                "printed Meta.x if not Values.a is 'x', Values.b",
                "printed Meta.y if not Values.a is 'x', not Values.b",
            ],
            id="if, else if, else",
        ),
        pytest.param(
            "{{ with .Values.a }}{{ .b }}{{ $.Name }}{{ else }}{{ .Name }}{{ end }}",
            [
                "tested Values.a",
                "printed Values.a.b if Values.a",
                "printed Name if Values.a",
                "printed Name if not Values.a",
            ],
            id="with",
        ),
        pytest.param(
            "{{ with .Values.a }}1{{ else with .Values.b }}{{ .c }}{{ end }}",
            [
                "tested Values.a",
                "tested Values.b if not Values.a",
                "printed Values.b.c if not Values.a, Values.b",
            ],
            id="else with",
        ),
        pytest.param(
            "{{ with $x := .Values.a }}{{ $x.b }}{{ end }}",
            ["tested Values.a", "printed Values.a.b if Values.a"],
            id="with a variable",
        ),
        pytest.param(
            "{{ range .Values.a }}{{ .b }}{{ else }}{{ .Name }}{{ end }}",
            [
                "looped Values.a",
                "printed Values.a.[].b if Values.a",
                "printed Name if not Values.a",
            ],
            id="range",
        ),
        pytest.param(
            "{{ range $k, $v := .Values.a }}{{ $k }}{{ $v.b }}{{ .c }}{{ end }}",
            [
                "looped Values.a",
                "printed Values.a.[].b if Values.a",
                "printed Values.a.[].c if Values.a",
            ],
            id="range with names",
        ),
        pytest.param(
            "{{ range $v := .Values.a }}{{ $v }}{{ end }}",
            ["looped Values.a", "printed Values.a.[] if Values.a"],
            id="range with a variable",
        ),
        pytest.param(
            "{{ range list .Values.a .Values.b }}{{ .c }}{{ end }}",
            [
                "bound Values.a",
                "bound Values.b",
                "printed Values.a.c",
                "printed Values.b.c",
            ],
            id="range over a list made here",
        ),
        pytest.param(
            '{{ range splitList "," .Values.a }}{{ . }}{{ end }}',
            ["looped Values.a | splitList"],
            id="range over what is made",
        ),
        pytest.param(
            "{{ $x := .Values.a }}{{ $x.b }}",
            ["bound Values.a", "printed Values.a.b"],
            id="a variable",
        ),
        pytest.param(
            '{{ $x := get .Values "a" | upper }}{{ $x | lower }}',
            [
                "bound Values.a | upper or nothing",
                "printed Values.a | upper | lower or nothing",
            ],
            id="a variable of what is made",
        ),
        pytest.param(
            "{{ $x := .Values.a }}{{ if .Values.c }}{{ $x = .Values.b }}{{ end }}"
            "{{ $x }}",
            [
                "bound Values.a",
                "tested Values.c",
                "bound Values.b if Values.c",
                "printed Values.a",
                "printed Values.b",
            ],
            id="a variable set in a branch",
        ),
        pytest.param(
            '{{ $x := "" }}{{ range .Values.a }}{{ $x.b }}{{ $x = . }}{{ end }}',
            ["looped Values.a", "passed Values.a.[] if Values.a"],
            id="a variable set in a loop",
        ),
        pytest.param(
            '{{ $d := dict }}{{ $_ := set $d "k" .Values.a }}{{ $d.k.b }}',
            ["bound Values.a", "printed Values.a.b"],
            id="a dictionary that is set",
        ),
    ],
)
def test_each_action_says_what_it_reads(text: str, expected: list[str]) -> None:
    """Dot and variables mean what they are bound to, under the guards around them."""
    assert reads(_outline(text)) == expected


_PARTIALS = {
    "part.tmpl": "{{ .Values.a }}",
    "_helpers.tmpl": '{{ define "name" }}{{ .x }}{{ $.y }}{{ end }}'
    '{{ define "labels" }}{{ template "name" .Values }}{{ end }}',
    "tree.tmpl": '{{ .label }}{{ range .kids }}{{ template "tree" . }}{{ end }}',
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            '{{ template "part" . }}',
            ["bound $", "printed Values.a"],
            id="a partial",
        ),
        pytest.param(
            '{{ include "name" .Values.b | quote }}',
            ["bound Values.b", "printed Values.b.x", "printed Values.b.y"],
            id="include",
        ),
        pytest.param(
            '{{ include "labels" $ }}',
            ["bound $", "bound Values", "printed Values.x", "printed Values.y"],
            id="a helper that uses another",
        ),
        pytest.param(
            '{{ include "name" (dict "x" .Values.b "y" $) }}',
            ["bound Values.b", "bound $", "printed Values.b", "printed $"],
            id="include with a dictionary",
        ),
        pytest.param('{{ template "name" }}', [], id="a template without data"),
        pytest.param(
            '{{ define "own" }}{{ .b }}{{ end }}{{ template "own" .Values }}',
            ["bound Values", "printed Values.b"],
            id="a template of its own",
        ),
        pytest.param(
            '{{ define "own" }}{{ .b }}{{ end }}', [], id="a template nobody calls"
        ),
        pytest.param(
            '{{ block "own" .Values }}{{ .b }}{{ end }}',
            ["bound Values", "printed Values.b"],
            id="a block",
        ),
        pytest.param(
            '{{ template "tree" .Values }}',
            [
                "bound Values",
                "printed Values.label",
                "looped Values.kids",
                "passed Values.kids.[] if Values.kids",
            ],
            id="a template that calls itself",
        ),
        pytest.param(
            "{{ include .Values.kind . }}",
            ["compared Values.kind", "passed $"],
            id="include what a value names",
        ),
    ],
)
def test_templates_are_followed(text: str, expected: list[str]) -> None:
    """A template reads what its dot is, where it is called."""
    assert reads(_outline(text, _PARTIALS)) == expected


def test_inclusions_are_listed_with_their_keys() -> None:
    """An inclusion has the key of the partial that defines the template."""
    text = (
        '{{ define "own" }}{{ end }}{{ template "own" }}{{ template "part" . }}'
        '{{ if .Values.a }}{{ include "labels" . }}{{ end }}{{ include .Name . }}'
        '{{ template "absent" }}'
    )

    assert inclusions(_outline(text, _PARTIALS)) == [
        "part.tmpl",
        "_helpers.tmpl if Values.a",
        "?",
        "absent",
    ]


def test_each_part_under_a_condition_is_a_branch() -> None:
    """A branch begins at its ``if``, ``else``, ``with`` or ``range``."""
    text = (
        "{{ if .Values.a }}\n"
        '{{- else if eq .Values.b "x" }}\n'
        "{{ else }}{{ range .Values.c }}{{ else }}x{{ end }}{{ end }}\n"
        "{{ with .Values.d }}{{ end }}"
    )

    assert branches(_outline(text)) == [
        "1:4 if Values.a",
        "2:10 if not Values.a, Values.b is 'x'",
        "3:4 if not Values.a, not Values.b is 'x'",
        "3:14 if not Values.a, not Values.b is 'x', Values.c",
        "3:35 if not Values.a, not Values.b is 'x', not Values.c",
        "4:4 if Values.d",
    ]


def test_long_chains_of_conditions_have_an_outline() -> None:
    """Each ``else if`` stands in the one before, however many there are."""
    outline = _outline("{{ if .a }}" + "{{ else if .b }}y" * 300 + "{{ end }}")

    assert len(outline.branches) == 301


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("é\r\n {{ .Values.port }}", ("main", 2, 5, 12)),
        ("{{ .Name }}", ("main", 1, 4, 5)),
        ("{{ $.Values.port }}", ("main", 1, 4, 13)),
        ("{{ (.Values.a).b.c }}", ("main", 1, 5, 14)),
        ('{{ index .Values "a" "b" }}', ("main", 1, 10, 15)),
        ('{{ .Values | dig "a" "b" 1 }}', ("main", 1, 18, 7)),
        ('{{ template "part" . }}', ("part.tmpl", 1, 4, 9)),
        ('{{ include "name" .Values }}', ("_helpers.tmpl", 1, 23, 2)),
    ],
)
def test_places_are_the_names(text: str, place: tuple[str, int, int, int]) -> None:
    """A read's place is its whole chain of names, in the file where it stands."""
    outline = _outline(text, _PARTIALS)
    at = outline.reads[1 if outline.inclusions else -1].at

    assert (at.file, at.line, at.column, at.width) == place
    assert at.excerpt is not None


@pytest.mark.parametrize("missing", ["default", "zero"])
def test_options_are_obeyed(missing: str) -> None:
    """Delimiters count, and so does that what is missing may be nil."""
    text = '[[ .a ]][[ .b | default "" ]][[ if .c ]][[ end ]]{{ .x }}'
    outline = _outline(text, delimiters=["[[", "]]"], missing=missing)

    assert reads(outline) == [
        "printed a",
        "printed b | default or nothing",
        "tested c or nothing",
    ]


@pytest.mark.parametrize("text", ["{{ if }}", '{{ template "broken" }}'])
def test_what_is_broken_has_no_outline(text: str) -> None:
    """A broken template, or partial, is the error that compiling gives."""
    with pytest.raises(TemplateSyntaxError) as caught:
        _outline(text, {"broken.tmpl": "{{ end }}"})

    assert caught.value.at is not None


def test_long_templates_take_time_in_proportion() -> None:
    """Ten thousand tags on as many lines are outlined in seconds."""
    text = "{{ if .Values.a }}\n{{ .Values.b }}\n{{ end }}\n{{ .Values.c }}\n" * 2_500
    start = time.process_time()

    outline = _outline(text)

    assert len(outline.reads) == 7_500
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "".join(
                f'{{{{ define "t{n}" }}}}'
                + f'{{{{ template "t{n + 1}" . }}}}' * 2
                + "{{ end }}"
                for n in range(40)
            )
            + '{{ define "t40" }}{{ .a }}{{ end }}{{ template "t0" . }}',
            id="templates that double each other",
        ),
        pytest.param(
            "".join(
                f'{{{{ define "t{n}" }}}}{{{{ template "t{n + 1}" . }}}}{{{{ end }}}}'
                for n in range(500)
            )
            + '{{ define "t500" }}{{ end }}{{ template "t0" . }}',
            id="templates inside each other without an end",
        ),
        pytest.param("{{ if .a }}" * 200 + "{{ end }}" * 200, id="deep blocks"),
        pytest.param("{{ .a" + " | not" * 5_000 + " }}", id="a long pipeline"),
    ],
)
def test_hostile_templates_reach_a_limit(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take for ever, or too much of the stack, is refused soon."""
    monkeypatch.setattr("provisionhub.outline.MAX_STEPS", 20_000)

    with pytest.raises(LimitExceededError):
        _outline(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{{ $x = or $x.a $x.b }}" * 40, id="many values"),
        pytest.param("{{ $x = $x.a }}" * 500, id="a deep value"),
        pytest.param("{{ $x = upper $x }}" * 500, id="many functions"),
        pytest.param('{{ $x = dict "a" $x "b" $x }}' * 100, id="nested dictionaries"),
    ],
)
def test_names_that_may_mean_too_much_mean_anything(text: str) -> None:
    """What a variable may hold is bounded, and so is the time that takes."""
    start = time.process_time()

    try:
        outline = _outline("{{ $x := . }}" + text + "{{ $x }}")
    except LimitExceededError:
        pass
    else:
        assert max(len(read.through) for read in outline.reads) < 50
    assert time.process_time() - start < 15


def _engine_of(case: Case) -> GoTemplateEngine:
    options: JsonObject = {
        "functions": {"builtin": "none"}.get(case.funcs, case.funcs),
        "missing": "default",
    }
    for option in case.options:
        options["missing"] = option.removeprefix("missingkey=").replace(
            "invalid", "default"
        )
    if len(case.delims) == 2:
        options["delimiters"] = [case.delims[0] or "{{", case.delims[1] or "}}"]
    return GoTemplateEngine(options)


def _renders(case: Case) -> bool:
    """Whether a case has names to look up, functions of ours, and parses."""
    has_names = isinstance(case.data, dict) and case.funcs != "typed"
    return has_names and case.answer is not None and not case.answer.phase


RENDERED: Final = {name: case for name, case in CASES.items() if _renders(case)}


@pytest.mark.parametrize("case", RENDERED.values(), ids=RENDERED.keys())
def test_what_matters_is_told(case: Case) -> None:
    """A value without which a template renders otherwise is among its reads."""
    assert isinstance(case.data, dict)
    partials = {**case.templates}
    text = partials.pop(MAIN)
    engine = _engine_of(case)
    outline = engine.outline(text, name="main", partials=partials)
    template = engine.compile(text, name="main", partials=partials)

    found = set(influential(template.render, case.data))

    assert [each for each in found if not tells_of(outline, each)] == []


@pytest.mark.parametrize("seed", range(8))
def test_what_matters_in_random_templates_is_told(seed: int) -> None:
    """The same holds of templates that nobody has thought of."""
    random = Random(seed)  # noqa: S311 - random cases keep no secret
    engine = GoTemplateEngine({"functions": "none", "missing": "default"})
    tried = 0
    for _ in range(40):
        text = Author(random, is_typed=False).write()
        context = random_data(random)
        if not isinstance(context, dict):
            continue
        try:
            outline = engine.outline(text, name="main", partials={})
            template = engine.compile(text, name="main", partials={})
        except ProvisionError:
            continue
        tried += 1
        found = set(influential(template.render, context))

        assert [each for each in found if not tells_of(outline, each)] == [], text

    assert tried
