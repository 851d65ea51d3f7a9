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
            "unknown engine option `missig`; the Jinja2 engine knows `missing`,"
            " `delimiters`, `trim_blocks`, `lstrip_blocks`, `escape`",
            "did you mean `missing`?",
            id="unknown option",
        ),
        pytest.param(
            {"missing": "zero"},
            'engine option `missing` is `"zero"`; accepted: `error`, `empty`',
            "did you mean `error`?",
            id="missing",
        ),
        pytest.param(
            {"escape": True},
            "engine option `escape` is `true`; accepted: `none`, `html`",
            None,
            id="escape",
        ),
        pytest.param(
            {"trim_blocks": "yes"},
            'engine option `trim_blocks` is `"yes"`; accepted: `false`, `true`',
            None,
            id="flag",
        ),
        pytest.param(
            {"delimiters": ["<<", ">>"]},
            'engine option `delimiters` is `["<<", ">>"]`; accepted: some of the kinds'
            ' of tag, such as `{"variable": ["<<", ">>"]}`',
            None,
            id="delimiters",
        ),
        pytest.param(
            {"delimiters": {"varble": ["<<", ">>"]}},
            "unknown kind of tag `varble`; the Jinja2 engine knows `block`,"
            " `variable`, `comment`",
            "did you mean `variable`?",
            id="unknown delimiter",
        ),
        pytest.param(
            {"delimiters": {"block": ["{{", "}}"]}},
            'engine option `delimiters` is `{"block": ["{{", "}}"]}`; accepted:'
            " a different start for each kind of tag",
            None,
            id="same start",
        ),
    ],
)
def test_bad_options_are_refused(
    options: JsonObject, message: str, hint: str | None
) -> None:
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
