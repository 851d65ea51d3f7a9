"""What names mean, and how values read."""

from __future__ import annotations

import copy

import pytest

from provisionhub.jsontypes import JsonValue

from .conftest import Render


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("a {{b}} c", "a {{b}} c", id="text is never a template"),
        pytest.param("", "", id="empty text"),
        pytest.param(None, "", id="null"),
        pytest.param(True, "true", id="true"),
        pytest.param(False, "false", id="false"),
        pytest.param(0, "0", id="zero"),
        pytest.param(-85, "-85", id="negative"),
        pytest.param(10**30, "1" + "0" * 30, id="big"),
        pytest.param(1.0, "1.0", id="float"),
        pytest.param(1.21, "1.21", id="decimal"),
        pytest.param(1e100, "1e+100", id="exponent"),
        pytest.param("\ud800", "\ud800", id="lone surrogate"),
    ],
)
def test_scalars_read_as_json_writes_them(
    render: Render, value: JsonValue, text: str
) -> None:
    """Numbers and booleans print as in JSON, null as nothing, text as it is."""
    assert text == render("{{x}}", {"x": value})
    assert text == render("{{.}}", value)


@pytest.mark.parametrize(
    "value",
    [False, None, 0, 0.0, -0.0, "", []],
    ids=["false", "null", "zero", "0.0", "-0.0", "empty text", "empty list"],
)
def test_falsy_values_turn_to_the_inverted_section(
    render: Render, value: JsonValue
) -> None:
    """False, null, zero, empty text and empty lists are falsy, as in JavaScript."""
    assert render("{{#x}}yes{{/x}}{{^x}}no{{/x}}", {"x": value}) == "no"


@pytest.mark.parametrize(
    "value",
    [True, 1, -1, 0.5, "0", "false", " ", [0], [[]], {}, {"a": None}],
    ids=repr,
)
def test_all_other_values_are_truthy(render: Render, value: JsonValue) -> None:
    """Also empty objects are, and lists of falsy items."""
    assert render("{{#x}}yes{{/x}}{{^x}}no{{/x}}", {"x": value}) == "yes"


@pytest.mark.parametrize(
    ("template", "context", "text"),
    [
        pytest.param("{{#a}}{{b}}{{/a}}", {"a": {"b": 1}, "b": 2}, "1", id="inner"),
        pytest.param("{{#a}}{{c}}{{/a}}", {"a": {"b": 1}, "c": 2}, "2", id="outer"),
        pytest.param(
            "{{#a}}{{b}}{{/a}}", {"a": {"b": None}, "b": 2}, "", id="null hides outer"
        ),
        pytest.param(
            "{{#a}}{{.}};{{/a}}", {"a": [1, "x", True]}, "1;x;true;", id="items"
        ),
        pytest.param(
            "{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", {"a": [[1, 2], [3]]}, "12;3;", id="lists"
        ),
        pytest.param("{{#a}}{{b}}{{/a}}", {"a": ["x", 1], "b": 2}, "22", id="scalars"),
        pytest.param("{{#a}}{{.}}{{/a}}", {"a": "word"}, "word", id="text section"),
        pytest.param("{{#a}}{{.}}{{/a}}", {"a": True}, "true", id="true section"),
        pytest.param(
            "{{#a.b}}{{c}}{{/a.b}}", {"a": {"b": {"c": 1}}}, "1", id="dotted section"
        ),
        pytest.param(
            "{{#a}}{{b}}{{/a}}{{b}}", {"a": {"b": 1}, "b": 2}, "12", id="popped again"
        ),
        pytest.param("{{#a.b.c}}x{{/a.b.c}}", {"a": {"b": "c"}}, "", id="no member"),
        pytest.param("{{^a.0}}x{{/a.0}}", {"a": [1]}, "x", id="no index"),
        pytest.param("{{a}}", {"a": "1", "a.b": "2"}, "1", id="dots part names"),
        pytest.param("{{#.}}{{a}}{{/.}}", [{"a": 1}, {"a": 2}], "12", id="root list"),
        pytest.param("{{#.}}{{a}}{{/.}}", {"a": 1}, "1", id="root object"),
        pytest.param("{{ * }}", {"*": "key"}, "key", id="star is a name"),
        pytest.param("{{#*a}}{{*b}}{{/*a}}", {"*a": {"*b": 1}}, "1", id="stars too"),
        pytest.param("{{a-b}} {{é}}", {"a-b": 1, "é": 2}, "1 2", id="odd names"),
    ],
)
def test_names_are_looked_up_from_the_inside_out(
    render: Render, template: str, context: JsonValue, text: str
) -> None:
    """The innermost object that has a name's first part decides."""
    assert text == render(template, context)


def test_context_is_never_changed(render: Render) -> None:
    """A rendering leaves its context as it was."""
    context: JsonValue = {"a": [{"b": [1, {"c": {}}]}], "d": {"e": "f"}}
    before = copy.deepcopy(context)

    render("{{#a}}{{#b}}{{#c}}x{{/c}}{{/b}}{{/a}}{{#d}}{{e}}{{/d}}", context)

    assert before == context
