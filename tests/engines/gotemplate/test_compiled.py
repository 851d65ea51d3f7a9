"""What is executed again runs as Python code, and says what the executor says."""

from __future__ import annotations

import warnings

import pytest

from provisionhub_gotemplate import SPRIG, TemplateError, TemplateSet
from provisionhub_gotemplate.budget import Budget
from provisionhub_gotemplate.compiled import Bail, UnsupportedError, compile_tree
from provisionhub_gotemplate.functions import Function
from provisionhub_gotemplate.limits import MAX_BLOCKS, MAX_PARENTHESES


def _answers(source: str, data: object, **options: str) -> list[str]:
    """Return what *source* gives when executed four times."""
    missing = options.get("missing", "default")
    templates = TemplateSet(functions=SPRIG, options=[f"missingkey={missing}"])
    templates.parse("t", source)
    return [_answer(templates, data) for _ in range(4)]


def _answer(templates: TemplateSet, data: object) -> str:
    try:
        return templates.execute("t", data)
    except TemplateError as error:
        return str(error)


@pytest.mark.parametrize(
    ("source", "data", "expected"),
    [
        pytest.param("{{.n}}", {"n": None}, "<no value>", id="nil"),
        pytest.param("{{.a.b.c}}", {"a": {}}, "<no value>", id="missing chain"),
        pytest.param("{{if .a}}x{{else}}y{{end}}", {}, "y", id="missing is false"),
        pytest.param("{{print .x .n}}", {"n": None}, "<nil> <nil>", id="nil arguments"),
        pytest.param(
            "{{.b}} {{.f}} {{.l}}",
            {"b": True, "f": 1e6, "l": [1, None]},
            "true 1e+06 [1 <nil>]",
            id="other types",
        ),
        pytest.param("{{eq .a 1}}", {"a": True}, "incompatible types", id="eq of bool"),
        pytest.param(
            "{{eq .a .b}}",
            {"a": 1, "b": 1.0},
            "incompatible types",
            id="eq of two values",
        ),
        pytest.param(
            "{{if and .a (eq .a.b 1)}}x{{end}}y", {"a": None}, "y", id="short circuit"
        ),
        pytest.param("{{.n | or 2}}", {"n": 3}, "2", id="or of a piped value"),
        pytest.param(
            '{{index .l 5 | or "d"}}',
            {"l": [1]},
            "out of range",
            id="what is piped is evaluated first",
        ),
        pytest.param(
            "{{range .l}}{{range $.x}}{{else}}{{break}}{{end}}x{{end}}y",
            {"l": [1]},
            "xy",
            id="break in an else",
        ),
        pytest.param(
            "{{range $ = (len .)}}{{break}}{{end}}{{.a}}{{$}}",
            {"a": 5},
            "50",
            id="setting the data's variable leaves the dot",
        ),
        pytest.param(
            "{{$x := 1}}{{range .l}}{{$x = .}}{{end}}{{$x}}",
            {"l": [3, 4]},
            "4",
            id="assignment inside a loop",
        ),
        pytest.param(
            "{{range $i, $e := .l}}{{$i}}{{$e}},{{end}}",
            {"l": ["a", 2]},
            "0a,12,",
            id="index and element",
        ),
        pytest.param(
            "{{range $k, $v := .m}}{{$k}}{{$v}},{{end}}",
            {"m": {"b": 1, "a": 2}},
            "a2,b1,",
            id="maps are sorted",
        ),
        pytest.param(
            "{{range 3}}{{.}}{{if eq . 1}}{{continue}}{{end}};{{end}}",
            None,
            "0;12;",
            id="integer and continue",
        ),
        pytest.param(
            "{{with .a}}{{.b}}{{else}}{{.c}}{{end}}", {"c": 1}, "1", id="with"
        ),
        pytest.param(
            '{{printf "%-05d|%5s|%.2f|%q|%x" 42 .s .f .s 255}}',
            {"s": "é", "f": 2.345},
            '42   |    é|2.35|"é"|ff',
            id="printf",
        ),
        pytest.param(
            '{{printf "%d %s" .s .i}}',
            {"s": "a", "i": 1},
            "%!d(string=a) %!s(int=1)",
            id="printf of other types",
        ),
        pytest.param(
            '{{define "d"}}[{{.}}]{{end}}{{template "d"}}{{template "d" .a}}',
            {"a": 1},
            "[<no value>][1]",
            id="templates",
        ),
        pytest.param(
            '{{(printf "%d" 1).x}}',
            None,
            "can't evaluate field x",
            id="field of a text",
        ),
        pytest.param(
            "{{slice .l .i}}", {"l": [1, 2], "i": 1}, "[2]", id="sprig's slice"
        ),
        pytest.param("{{.s | upper | quote}}", {"s": "a"}, '"A"', id="sprig"),
        pytest.param(
            "{{upper .i}}", {"i": 1}, "expected string; got int", id="wrong type"
        ),
        pytest.param(
            "{{$x := .l}}{{range $x}}{{$x := .}}{{$x}}{{end}}{{len $x}}",
            {"l": [1, 2]},
            "122",
            id="shadowing",
        ),
    ],
)
def test_says_the_same_each_time(source: str, data: object, expected: str) -> None:
    """The executor's answer, the first, is the answer of all executions."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answers = _answers(source, data)

    assert expected in answers[0]
    assert {answers[0]} == set(answers)


@pytest.mark.parametrize("missing", ["default", "zero", "error"])
@pytest.mark.parametrize("source", ["{{.x}}", "{{.x.y}}", "{{with .x}}a{{end}}b"])
def test_missing_keys_mean_the_same_each_time(source: str, missing: str) -> None:
    """Whatever the option says of missing keys, all executions agree."""
    assert len(set(_answers(source, {}, missing=missing))) == 1


def _compiled(source: str, functions: dict[str, Function] | None = None) -> object:
    templates = TemplateSet(functions=functions or {})
    templates.parse("t", source)
    program = templates.program
    return compile_tree(
        program.trees["t"], program.trees, program.functions, lenient=False
    )


def test_code_bails_out_where_data_is_not_plain() -> None:
    """No case is decided in compiled code that is not a plain one."""
    compiled = _compiled("{{.a.b}}")

    assert callable(compiled)
    assert compiled({"a": {"b": 1}}, Budget()) == "1"
    with pytest.raises((KeyError, TypeError, Bail)):
        compiled({"a": "text"}, Budget())


def test_functions_with_effects_are_not_compiled() -> None:
    """What changes its arguments is for the executor, which runs once."""
    with pytest.raises(UnsupportedError):
        _compiled("{{set . `a` 1}}", {"set": SPRIG["set"]})


def test_text_never_becomes_code() -> None:
    """Quotes, braces and names of Python in a template stay what they are."""
    text = "'{x}' \"\"\" {__import__('os')} \\ {0}"
    source = text + '{{printf "{x!r} %s \'" .a}}' + text

    assert set(_answers(source, {"a": "{y}"})) == {text + "{x!r} {y} '" + text}


def test_the_deepest_templates_are_executed() -> None:
    """What the parser lets pass is executed, and compiled or left alone."""
    parentheses = "{{" + "(" * MAX_PARENTHESES + "1" + ")" * MAX_PARENTHESES + "}}"
    blocks = "{{if 1}}" * (MAX_BLOCKS - 1) + "x" + "{{end}}" * (MAX_BLOCKS - 1)
    loops = "{{range 1}}" * 30 + "x" + "{{end}}" * 30

    assert set(_answers(parentheses, None)) == {"1"}
    assert set(_answers(blocks, None)) == {"x"}
    assert set(_answers(loops, None)) == {"x"}
