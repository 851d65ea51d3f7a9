"""The engine's options, and what is said of those that are not accepted."""

from __future__ import annotations

import pytest

from provisionhub.errors import InvalidBlueprintError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub_mustache import MustacheEngine

from .conftest import Render


def test_suffix_is_mustache() -> None:
    """Template files end in ``.mustache``."""
    assert MustacheEngine.suffix == ".mustache"


def test_nothing_is_escaped_and_missing_is_an_error_by_default(render: Render) -> None:
    """Without options, text stays as it is."""
    assert render("{{x}}", {"x": "<&>"}) == "<&>"


def test_html_is_escaped_on_demand_only_in_plain_variables(render: Render) -> None:
    """Exactly ``& " < >`` are escaped, and not in triple and ampersand tags."""
    context: JsonValue = {"x": "&\"<>'/"}

    text = render("{{x}} {{{x}}} {{&x}}", context, escape="html")

    assert text == "&amp;&quot;&lt;&gt;'/ &\"<>'/ &\"<>'/"


def test_initial_delimiters_hold_in_partials_too(render: Render) -> None:
    """Every file starts with the delimiters that the options set."""
    text = render(
        "<%>p%> {{x}}", {"x": 1}, {"p": "<%x%>{{x}}"}, delimiters=["<%", "%>"]
    )

    assert text == "1{{x}} {{x}}"


def test_both_delimiters_may_be_the_same(render: Render) -> None:
    """One delimiter can open and close tags, as the spec allows."""
    assert render("|x||#y|.|/y|", {"x": 1, "y": 2}, delimiters=["|", "|"]) == "1."


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        pytest.param(
            {"missed": "empty"},
            "unknown engine option `missed`; the Mustache engine knows `missing`,"
            " `escape`, `delimiters`",
            "did you mean `missing`?",
            id="misspelled option",
        ),
        pytest.param(
            {"zzz": 1},
            "unknown engine option `zzz`; the Mustache engine knows `missing`,"
            " `escape`, `delimiters`",
            None,
            id="unknown option",
        ),
        pytest.param(
            {"missing": "errors"},
            'engine option `missing` is `"errors"`; accepted: `error`, `empty`',
            "did you mean `error`?",
            id="misspelled choice",
        ),
        pytest.param(
            {"escape": None},
            "engine option `escape` is `null`; accepted: `none`, `html`",
            None,
            id="choice of another type",
        ),
        pytest.param(
            {"escape": ["html"]},
            'engine option `escape` is `["html"]`; accepted: `none`, `html`',
            None,
            id="choice in a list",
        ),
    ],
)
def test_refuses_options_by_name(
    options: JsonObject, message: str, hint: str | None
) -> None:
    """The error names the option, its value and what is accepted."""
    with pytest.raises(InvalidBlueprintError) as caught:
        MustacheEngine(options)

    assert (message, hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize(
    "delimiters",
    [
        pytest.param("{{ }}", id="one text"),
        pytest.param(["<%"], id="one of two"),
        pytest.param(["<%", "%>", "%>"], id="three"),
        pytest.param(["<%", ""], id="empty"),
        pytest.param(["< %", "%>"], id="blank inside"),
        pytest.param(["<%\n", "%>"], id="line end inside"),
        pytest.param(["<%", "=>"], id="equals sign"),
        pytest.param(["<%", 1], id="a number"),
        pytest.param({"<%": "%>"}, id="an object"),
        pytest.param(None, id="null"),
        pytest.param(["x" * 1000], id="long value"),
    ],
)
def test_refuses_what_can_not_delimit_tags(delimiters: JsonValue) -> None:
    """Delimiters are two texts without blanks and equals signs."""
    with pytest.raises(InvalidBlueprintError) as caught:
        MustacheEngine({"delimiters": delimiters})

    assert "engine option `delimiters` is `" in caught.value.message
    assert "accepted: two texts without blanks or `=`" in caught.value.message
    assert len(caught.value.message) < 250
