"""The public face of the package: sets of templates, functions and errors."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest

import provisionhub_gotemplate
from provisionhub_gotemplate import (
    SPRIG,
    ExecError,
    LimitError,
    OptionError,
    ParseError,
    TemplateSet,
)
from provisionhub_gotemplate.limits import MAX_INCLUDE_DEPTH


def _render(source: str, data: object = None, **options: object) -> str:
    templates = TemplateSet(**options)  # type: ignore[arg-type]
    templates.parse("t", source)
    return templates.execute("t", data)


def test_all_that_is_exported_is_there() -> None:
    """``__all__`` names what the package offers, sorted."""
    exported = provisionhub_gotemplate.__all__

    public = {name for name in vars(provisionhub_gotemplate) if name in exported}

    assert set(exported) == public


def test_a_later_definition_replaces_an_earlier_one_unless_it_is_blank() -> None:
    """Blank definitions leave what is there; others take its place."""
    templates = TemplateSet()
    templates.parse("t", '{{define "a"}}1{{end}}{{template "a"}}')
    templates.parse("u", '{{define "a"}} {{/* nothing */}}{{end}}')

    blank = templates.execute("t", None)
    templates.parse("v", '{{define "a"}}2{{end}}')

    assert (blank, templates.execute("t", None)) == ("1", "2")


def test_a_broken_template_leaves_the_set_as_it_was() -> None:
    """Nothing of a source that can't be parsed is known afterwards."""
    templates = TemplateSet()

    with pytest.raises(ParseError):
        templates.parse("t", '{{define "a"}}1{{end}}{{')

    assert templates.names == ()


def test_an_unknown_template_is_an_error_with_gos_text() -> None:
    """Executing what is not there names the template and the set."""
    with pytest.raises(ExecError) as caught:
        TemplateSet(name="set").execute("t", None)

    expected = 'template: no template "t" associated with template "set"'
    assert expected == str(caught.value)


def test_unknown_options_are_refused_with_gos_text() -> None:
    """Go panics with this text."""
    with pytest.raises(OptionError, match="unrecognized option: missingkey=never"):
        TemplateSet(options=["missingkey=never"])


def test_a_clone_grows_apart() -> None:
    """What is added to a clone is not in the set that it came from."""
    templates = TemplateSet()
    templates.parse("t", "{{template `a`}}")

    clone = templates.clone()
    clone.parse("a", "A")

    assert clone.execute("t", None) == "A"
    assert templates.names == ("t",)


def test_functions_are_checked_by_their_annotations() -> None:
    """A parameter's annotation is its Go type; a constant must fit it."""

    def repeat(text: str, count: int) -> str:
        return text * count

    functions = {"repeat": repeat}

    assert _render('{{repeat "a" 1e1}}', functions=functions) == "a" * 10
    with pytest.raises(ExecError) as caught:
        _render("{{repeat .n 2}}", {"n": 1}, functions=functions)
    assert str(caught.value) == (
        'template: t:1:9: executing "t" at <.n>:'
        " wrong type for value; expected string; got int"
    )


def test_a_function_that_raises_fails_the_template() -> None:
    """Whatever a Python function raises is told as Go tells an error."""

    def broken() -> str:
        raise RuntimeError("no way")

    with pytest.raises(ExecError, match="error calling broken: no way"):
        _render("{{broken}}", functions={"broken": broken})


def test_a_function_of_ones_own_is_called_once_for_each_use() -> None:
    """No second attempt repeats what a function does."""
    calls: list[int] = []

    def count() -> int:
        calls.append(1)
        return len(calls)

    templates = TemplateSet(functions={"count": count})
    templates.parse("t", "{{count}}{{.a.b}}")

    outputs = [templates.execute("t", {"a": {}}) for _ in range(3)]

    assert outputs == ["1<no value>", "2<no value>", "3<no value>"]


def test_attributes_of_python_objects_are_out_of_reach() -> None:
    """A name after a dot is a key of the data and nothing else."""
    data = {"items": "mine", "text": "x"}

    assert _render("{{.items}}", data) == "mine"
    with pytest.raises(ExecError, match="can't evaluate field __class__ in type"):
        _render("{{.text.__class__}}", data)


def test_data_is_never_changed() -> None:
    """``set`` works on a copy of the data, and each execution on its own."""
    templates = TemplateSet(functions=SPRIG)
    templates.parse("t", '{{$_ := set .m "n" (add1 .m.n)}}{{.m.n}}')
    data = {"m": {"n": 1}}

    outputs = [templates.execute("t", data) for _ in range(3)]

    assert outputs == ["2", "2", "2"]
    assert data == {"m": {"n": 1}}


def test_many_threads_may_execute_one_set() -> None:
    """Executions at the same time do not see each other."""
    templates = TemplateSet()
    templates.parse("t", "{{range $i := .n}}{{$i}},{{end}}{{template `u` .}}")
    templates.parse("u", "{{$x := .n}}{{$x}}")

    def execute(number: int) -> str:
        return templates.execute("t", {"n": number})

    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(execute, range(200)))

    assert outputs == [
        "".join(f"{turn}," for turn in range(number)) + str(number)
        for number in range(200)
    ]


def test_templates_call_each_other_as_deeply_as_in_go() -> None:
    """Python's stack does not bound the recursion of templates."""
    templates = TemplateSet()
    templates.parse("deep", '{{if .}}{{template "deep" (slice . 1)}}{{else}}end{{end}}')

    assert templates.execute("deep", "x" * 5_000) == "end"


def test_recursion_without_an_end_is_an_error_with_gos_text() -> None:
    """Go's bound is ours as well."""
    with pytest.raises(ExecError) as caught:
        _render('{{template "t" .}}')

    assert str(caught.value).endswith("exceeded maximum template depth (100000)")


def test_includes_inside_each_other_are_bounded() -> None:
    """A template that includes itself ends as an ordinary error."""
    templates = TemplateSet(functions=provisionhub_gotemplate.HELM)
    templates.parse("t", '{{include "t" .}}')

    with pytest.raises(LimitError) as caught:
        templates.execute("t", None)

    assert caught.value.allowed == MAX_INCLUDE_DEPTH


def test_errors_survive_pickling() -> None:
    """Errors cross from process to process with all that they tell."""
    with pytest.raises(ExecError) as caught:
        _render("a\n{{len .x}}", {"x": 1})

    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own

    assert (str(error), error.template, error.line, error.column, error.context) == (
        str(caught.value),
        "t",
        2,
        2,
        "len .x",
    )


@pytest.mark.parametrize("number", ["11_E3", "1_.5", "1._5", "1__0", "0x_Fp1_", "_1"])
def test_underscore_stands_between_digits(number: str) -> None:
    """A number with an underscore elsewhere is none; an exponent's E is no digit."""
    with pytest.raises(ParseError):
        TemplateSet().parse("t", f"{{{{print {number}}}}}")
