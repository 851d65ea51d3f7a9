"""What a blueprint may say under `engine_options`, and how the rest is refused."""

from __future__ import annotations

import pytest

from provisionhub.errors import InvalidBlueprintError
from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        pytest.param(
            {"missig": "empty"},
            "the jinja2 engine has no option `missig`",
            "did you mean `missing`?",
            id="unknown option",
        ),
        pytest.param(
            {"zzz": 1},
            "the jinja2 engine has no option `zzz`",
            "accepted are `missing`, `delimiters`, `trim_blocks`, `lstrip_blocks`, "
            "`escape`",
            id="unknown option like no other",
        ),
        pytest.param(
            {"missing": "zero"},
            "`zero` is not accepted for the jinja2 engine's option `missing`",
            "accepted is `error` or `empty`",
            id="missing",
        ),
        pytest.param(
            {"escape": True},
            "`true` is not accepted for the jinja2 engine's option `escape`",
            "accepted is `none` or `html`",
            id="escape",
        ),
        pytest.param(
            {"missing": "x" * 100},
            f"`{'x' * 80}…` is not accepted for the jinja2 engine's option `missing`",
            "accepted is `error` or `empty`",
            id="long value",
        ),
        pytest.param(
            {"trim_blocks": "yes"},
            "`yes` is not accepted for the jinja2 engine's option `trim_blocks`",
            "accepted is `true` or `false`",
            id="flag",
        ),
        pytest.param(
            {"lstrip_blocks": 1},
            "`1` is not accepted for the jinja2 engine's option `lstrip_blocks`",
            "accepted is `true` or `false`",
            id="number for a flag",
        ),
        pytest.param(
            {"delimiters": ["<<", ">>"]},
            '`["<<", ">>"]` is not accepted for the jinja2 engine\'s option '
            "`delimiters`",
            'accepted is such as `{"variable": ["<<", ">>"]}`',
            id="delimiters",
        ),
        pytest.param(
            {"delimiters": {"varble": ["<<", ">>"]}},
            "the jinja2 engine has no delimiter `varble`",
            "did you mean `variable`?",
            id="unknown delimiter",
        ),
        pytest.param(
            {"delimiters": {"block": ["{{", "}}"]}},
            '`{"block": ["{{", "}}"]}` is not accepted for the jinja2 engine\'s '
            "option `delimiters`",
            "accepted is a different start for each kind of tag",
            id="same start",
        ),
    ],
)
def test_bad_options_are_refused(options: JsonObject, message: str, hint: str) -> None:
    """An option that is not known is refused with its name, value and what is."""
    with pytest.raises(InvalidBlueprintError) as caught:
        JinjaEngine(options)

    assert (message, hint) == (caught.value.message, caught.value.hint)


@pytest.mark.parametrize(
    "pair",
    [
        ["<<"],
        ["<<", ">>", "!"],
        ["", ">>"],
        ["<<", ""],
        ["<<", 1],
        [None, ">>"],
        ["< <", ">>"],
        ["<\n", ">>"],
        ["<-", ">>"],
        ["<<", "->"],
        ["<<", "+>"],
        ["<<", "end"],
        ["<<", '">'],
        ["<" * 30, ">>"],
        "<<>>",
        None,
    ],
)
def test_unusable_delimiters_are_refused(pair: object) -> None:
    """Delimiters that the language could not tell from its own signs are refused."""
    options: JsonObject = {"delimiters": {"variable": pair}}  # type: ignore[dict-item]  # JSON of any kind

    with pytest.raises(InvalidBlueprintError, match=r"option `delimiters\.variable`"):
        JinjaEngine(options)


@pytest.mark.parametrize(
    ("pair", "template"),
    [
        (["<<", ">>"], "<< 1 >>"),
        (["[[", "]]"], "[[ [1][0] ]]"),
        (["${", "}"], "${ {'a': 1}.a }"),
        (["\\VAR{", "}"], "\\VAR{ 1 }"),
        (["<%=", "%>"], "<%= 1 %>"),
        (["@", "@"], "@ 1 @"),
        (["«", "»"], "« 1 »"),
        (["(*", "*)"], "(* (1) *)"),
    ],
)
def test_unusual_delimiters_work(pair: list[str], template: str) -> None:
    """Many pairs of signs can enclose a variable."""
    options: JsonObject = {"delimiters": {"variable": [*pair]}}

    assert (
        JinjaEngine(options).compile(template, name="t", partials={}).render({}) == "1"
    )
