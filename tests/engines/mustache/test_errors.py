"""Where an error points, and what it says: to the character."""

from __future__ import annotations

import pytest

from provisionhub.errors import (
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from provisionhub.jsontypes import JsonValue

from .conftest import Render


def _marked(error: TemplateError, text: str) -> str:
    """Return what the error's caret stands under."""
    assert error.at is not None
    line = text.split("\n")[error.at.line - 1]
    start = error.at.column - 1
    return line[start : start + error.at.width]


@pytest.mark.parametrize(
    ("template", "place", "marked", "message"),
    [
        pytest.param("a {{x", (1, 3), "{{", "tag is not closed", id="tag"),
        pytest.param("{{{x}}", (1, 1), "{{{", "`{{{` without `}}}`", id="triple"),
        pytest.param(
            "{{{x}} {{{y}}}", (1, 1), "{{{", "`{{{` without `}}}`", id="triple, later"
        ),
        pytest.param("{{! x", (1, 1), "{{!", "tag is not closed", id="comment"),
        pytest.param("{{= | |}}", (1, 1), "{{=", "`{{=` without `=}}`", id="delims"),
        pytest.param(
            "\n  {{x\n{{y}}", (2, 3), "{{", "tag is not closed", id="runs into next"
        ),
        pytest.param("a\n {{}}", (2, 2), "{{}}", "empty tag `{{}}`", id="empty"),
        pytest.param("{{  }}", (1, 1), "{{  }}", "empty tag", id="blank"),
        pytest.param("{{#}}x{{/}}", (1, 1), "{{#}}", "empty tag", id="empty section"),
        pytest.param("{{{}}}", (1, 1), "{{{}}}", "empty tag", id="empty triple"),
        pytest.param("{{> * }}", (1, 1), "{{> * }}", "empty tag", id="empty dynamic"),
        pytest.param(
            "{{ a b }}", (1, 4), "a b", "`a b` is not a name", id="blank inside"
        ),
        pytest.param(
            "{{>* a b }}", (1, 6), "a b", "`a b` is not a name", id="blank in dynamic"
        ),
        pytest.param("{{a..b}}", (1, 3), "a..b", "between its dots", id="two dots"),
        pytest.param("{{#.a}}{{/.a}}", (1, 4), ".a", "between its dots", id="leading"),
        pytest.param("{{>*a.}}", (1, 5), "a.", "between its dots", id="trailing"),
        pytest.param("{{..}}", (1, 3), "..", "between its dots", id="only dots"),
        pytest.param(
            "{{=<%=}}", (1, 1), "{{=<%=}}", "does not set delimiters", id="one delim"
        ),
        pytest.param(
            "{{=a b c=}}", (1, 1), "{{=a b c=}}", "does not set delimiters", id="three"
        ),
        pytest.param(
            "{{=a =b=}}", (1, 1), "{{=a =b=}}", "does not set delimiters", id="equals"
        ),
        pytest.param(
            "x\n {{# a }}", (2, 6), "a", "section `{{# a }}` is never closed", id="open"
        ),
        pytest.param(
            "{{^a}}", (1, 4), "a", "inverted section `{{^a}}` is never", id="inverted"
        ),
        pytest.param("{{$a}}", (1, 4), "a", "block `{{$a}}` is never", id="block"),
        pytest.param("{{<p}}", (1, 4), "p", "parent `{{<p}}` is never", id="parent"),
        pytest.param(
            "{{<*p}}", (1, 5), "p", "parent `{{<*p}}` is never", id="dynamic parent"
        ),
        pytest.param("x{{/a}}", (1, 5), "a", "`{{/a}}` closes nothing", id="stray"),
        pytest.param(
            "{{#a}}\n{{/b}}",
            (2, 4),
            "b",
            "`{{/b}}` at line 2, column 4 does not close section `{{#a}}` opened at"
            " line 1, column 4",
            id="mismatch",
        ),
        pytest.param(
            "{{<p}}{{x}}{{/p}}",
            (1, 9),
            "x",
            "right inside parent `{{<p}}`",
            id="in parent",
        ),
        pytest.param("{{>q}}", (1, 4), "q", "partial `q` does not exist", id="partial"),
        pytest.param(
            "{{<q}}{{/q}}", (1, 4), "q", "partial `q` does not exist", id="no parent"
        ),
    ],
)
def test_syntax_error_points_at_the_fault(
    render: Render, template: str, place: tuple[int, int], marked: str, message: str
) -> None:
    """The place and its width cover the faulty characters and no others."""
    with pytest.raises(TemplateSyntaxError) as caught:
        render(template, {}, {"p": ""})

    at = caught.value.at
    assert at is not None
    assert ("main.mustache", *place) == (at.file, at.line, at.column)
    assert marked == _marked(caught.value, template)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        pytest.param("{{x", "close it with `}}`", id="tag"),
        pytest.param("{{{x}}", "close it with `}}}`", id="triple"),
        pytest.param("{{#a}}", "add `{{/a}}`", id="section"),
        pytest.param("{{# a }}", "add `{{/a}}`", id="section with blanks"),
        pytest.param("{{<*p}}", "add `{{/*p}}`", id="dynamic parent"),
        pytest.param("{{=<% %>=}}<%#a%>", "add `<%/a%>`", id="other delimiters"),
        pytest.param("{{=# #=}}##a#", "add `#/a#`", id="delimiter like a sigil"),
        pytest.param("{{#a}}{{/b}}", "write `{{/a}}`", id="mismatch"),
        pytest.param(
            "{{#a}}{{#b}}{{/a}}", "write `{{/b}}` before it", id="crossed sections"
        ),
        pytest.param("{{.a.b}}", "write `a.b`", id="leading dot"),
        pytest.param("{{..}}", "write `.` for the item", id="dots"),
        pytest.param(
            "{{#each items}}", "Mustache has no `each`: write", id="loop keyword"
        ),
        pytest.param("{{#unless a}}", "`{{^a}}…{{/a}}`", id="unless"),
        pytest.param("{{a | b}}", "a tag holds one name", id="filter"),
        pytest.param("{{>headr}}", "did you mean `header`?", id="partial"),
    ],
)
def test_syntax_error_says_how_to_mend_it(
    render: Render, template: str, hint: str
) -> None:
    """The hint tells what to write instead."""
    with pytest.raises(TemplateSyntaxError) as caught:
        render(template, {}, {"p": "", "header.mustache": ""})

    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("template", "context", "at", "hint"),
    [
        pytest.param("a {{naem}}", {"name": 1}, "1:5 naem", "name", id="plain"),
        pytest.param("{{{naem}}}", {"name": 1}, "1:4 naem", "name", id="triple"),
        pytest.param("{{& naem}}", {"name": 1}, "1:5 naem", "name", id="ampersand"),
        pytest.param(
            "{{Vals.a}}",
            {"Values": {"a": 1}},
            "1:3 Vals",
            "Values",
            id="first part",
        ),
        pytest.param(
            "{{ a.b.cc }}",
            {"a": {"b": {"ccc": 1}}, "cc": 1},
            "1:8 cc",
            "ccc",
            id="last part",
        ),
        pytest.param(
            "{{a.bbbb.c}}", {"a": {"bbb": {"c": 1}}}, "1:5 bbbb", "bbb", id="middle"
        ),
        pytest.param(
            "{{#s}}\n{{otheer}}{{/s}}",
            {"other": 1, "s": {"x": 1}},
            "2:3 otheer",
            "other",
            id="outer scope",
        ),
        pytest.param(
            "{{=| |=}}\n  | naem|", {"name": 1}, "2:5 naem", "name", id="delimiters"
        ),
        pytest.param(
            "\t漢{{naem}}", {"name": 1}, "1:5 naem", "name", id="wide characters"
        ),
        pytest.param("x\r\ny{{naem}}\r\n", {"name": 1}, "2:4 naem", "name", id="crlf"),
        pytest.param("{{> * kindd }}", {"kind": "p"}, "1:7 kindd", "kind", id="dyn"),
        pytest.param(
            "{{<*a.kindd}}{{/*a.kindd}}",
            {"a": {"kind": "p"}},
            "1:7 kindd",
            "kind",
            id="dynamic parent",
        ),
        pytest.param("{{>*k}}", {"k": "headr"}, "1:5 k", "header", id="dyn partial"),
    ],
)
def test_missing_name_is_marked_and_corrected(
    render: Render, template: str, context: JsonValue, at: str, hint: str
) -> None:
    """The caret stands under the misspelled part, and the nearest name is offered."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render(template, context, {"p": "", "header": ""})

    marked = _marked(caught.value, template.replace("\r", ""))
    assert f"{caught.value.at} {marked}" == f"main.mustache:{at}"
    assert caught.value.hint == f"did you mean `{hint}`?"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param(None, "null", id="null"),
        pytest.param(True, "a boolean", id="boolean"),
        pytest.param(1, "a number", id="number"),
        pytest.param(1.5, "a number", id="float"),
        pytest.param("secret", "a string", id="string"),
        pytest.param([1], "a list", id="list"),
    ],
)
def test_member_of_no_object_is_an_error(
    render: Render, value: JsonValue, kind: str
) -> None:
    """Only objects have members; the error says what the value is, never its text."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("{{a.b.c}}", {"a": {"b": value}})

    assert caught.value.message == f"`a.b` is {kind}: it has no member `c`"
    assert caught.value.at is not None
    assert (caught.value.at.column, caught.value.at.width) == (7, 1)


@pytest.mark.parametrize("missing", ["error", "empty"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param([], "a list", id="empty list"),
        pytest.param({"x": 1}, "an object", id="object"),
        pytest.param(float("inf"), "a number", id="infinite"),
        pytest.param(float("nan"), "a number", id="not a number"),
        pytest.param(10**5000, "a number", id="endless"),
    ],
)
@pytest.mark.parametrize("template", ["-{{a}}", "-{{&a}}", "->{{>*a}}"])
def test_value_that_does_not_read_as_text_is_not_printed(
    render: Render, template: str, value: JsonValue, kind: str, missing: str
) -> None:
    """Lists, objects and numbers beyond JSON are refused, whatever the options."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render(template, {"a": value}, missing=missing)

    assert caught.value.message == f"`a` is {kind}: it can't be printed"
    assert caught.value.hint is not None
    assert _marked(caught.value, template) == "a"


def test_error_in_partial_shows_the_partial(render: Render) -> None:
    """An error in a partial has the partial's file, line, column and excerpt."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("1\n2\n  {{>p}}\n", {}, {"p.mustache": "one\ntwo {{oops}}\n"})

    assert caught.value.at is not None
    assert str(caught.value.at) == "p.mustache:2:7"
    assert "    2 > two {{oops}}\n              ^^^^" in caught.value.at.show()


def test_syntax_error_in_partial_shows_the_partial(render: Render) -> None:
    """A broken partial fails where it is broken, when it is first needed."""
    with pytest.raises(TemplateSyntaxError) as caught:
        render("{{#yes}}{{>p}}{{/yes}}", {"yes": True}, {"p": "one\n{{#open}}"})

    assert str(caught.value.at) == "p:2:4"


def test_error_in_argument_shows_the_template_that_gives_it(render: Render) -> None:
    """What an inheriting template puts into a block is its own text."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("{{<p}}\n{{$a}}{{oops}}{{/a}}{{/p}}", {}, {"p": "\n\n{{$a}}{{/a}}"})

    assert str(caught.value.at) == "main.mustache:2:9"


def test_partial_that_is_never_reached_may_be_broken(render: Render) -> None:
    """Partials are compiled when first needed."""
    assert render("{{#no}}{{>p}}{{/no}}", {}, {"p": "{{#broken"}) == ""


def test_dynamic_name_that_names_no_partial_is_not_shown(render: Render) -> None:
    """The value may be a secret: neither message nor hint repeats it."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("{{>*token}}", {"token": "hunter2"}, {"p": ""})

    assert "hunter2" not in caught.value.explain()


def test_long_names_are_clipped_in_messages(render: Render) -> None:
    """A name of any length makes a message that can be read."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("{{" + "a" * 10_000 + "}}", {"a" * 9_999: 1})

    assert len(caught.value.message) < 100
    assert caught.value.hint is None


def test_control_characters_are_made_visible_in_messages(render: Render) -> None:
    """A name can not steer a terminal through a message."""
    with pytest.raises(TemplateRuntimeError) as caught:
        render("{{a\x1b[31m}}")

    assert caught.value.message == "`a␛[31m` is not defined"
