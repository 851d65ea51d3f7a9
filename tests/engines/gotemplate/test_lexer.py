"""Text to tokens: one table, and what holds of any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub_gotemplate.lexer import Token, tokenize

_BRACES = ("{{", "}}")


def _kinds(text: str, delimiters: tuple[str, str] = _BRACES) -> list[tuple[str, str]]:
    return [(token.kind, token.value) for token in tokenize(text, delimiters)][:-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("a\nb", [("text", "a\nb")], id="text"),
        pytest.param(
            "{{.a}}",
            [("left_delim", "{{"), ("field", ".a"), ("right_delim", "}}")],
            id="field",
        ),
        pytest.param(
            "{{$x := 1}}",
            [
                ("left_delim", "{{"),
                ("variable", "$x"),
                ("space", " "),
                ("declare", ":="),
                ("space", " "),
                ("number", "1"),
                ("right_delim", "}}"),
            ],
            id="declaration",
        ),
        pytest.param(
            "a \n{{- 3 -}}\n b",
            [
                ("text", "a"),
                ("left_delim", "{{"),
                ("number", "3"),
                ("right_delim", "}}"),
                ("text", "b"),
            ],
            id="trim markers on both sides",
        ),
        pytest.param(
            "{{-3}}",
            [("left_delim", "{{"), ("number", "-3"), ("right_delim", "}}")],
            id="a minus without a blank is no marker",
        ),
        pytest.param(
            "a\u00a0{{- 3}}",
            [
                ("text", "a\u00a0"),
                ("left_delim", "{{"),
                ("number", "3"),
                ("right_delim", "}}"),
            ],
            id="markers trim ASCII blanks only",
        ),
        pytest.param(
            "a{{/* x\n */}}b", [("text", "a"), ("text", "b")], id="a comment is nothing"
        ),
        pytest.param(
            "{{if true}}",
            [
                ("left_delim", "{{"),
                ("if", "if"),
                ("space", " "),
                ("bool", "true"),
                ("right_delim", "}}"),
            ],
            id="keyword and truth value",
        ),
        pytest.param(
            "{{.größe .日本}}",
            [
                ("left_delim", "{{"),
                ("field", ".größe"),
                ("space", " "),
                ("field", ".日本"),
                ("right_delim", "}}"),
            ],
            id="letters beyond ASCII",
        ),
        pytest.param(
            '{{\'a\' `b\n` "\\"" 1+2i ,}}',
            [
                ("left_delim", "{{"),
                ("char_constant", "'a'"),
                ("space", " "),
                ("raw_string", "`b\n`"),
                ("space", " "),
                ("string", '"\\""'),
                ("space", " "),
                ("complex", "1+2i"),
                ("space", " "),
                ("char", ","),
                ("right_delim", "}}"),
            ],
            id="constants",
        ),
        pytest.param(
            "{{3-}}",
            [("left_delim", "{{"), ("error", 'bad number syntax: "3-"')],
            id="a number ends with a minus",
        ),
        pytest.param(
            "{{.a\x01}}",
            [("left_delim", "{{"), ("error", "bad character U+0001")],
            id="a control character after a name",
        ),
        pytest.param(
            "{{€}}",
            [
                ("left_delim", "{{"),
                ("error", "unrecognized character in action: U+20AC '€'"),
            ],
            id="a character that starts nothing",
        ),
        pytest.param(
            '{{"a\n"}}',
            [("left_delim", "{{"), ("error", "unterminated quoted string")],
            id="a string over two lines",
        ),
        pytest.param(
            "{{/* a", [("error", "unclosed comment")], id="a comment without an end"
        ),
        pytest.param(
            "{{ (1 }}",
            [
                ("left_delim", "{{"),
                ("space", " "),
                ("left_paren", "("),
                ("number", "1"),
                ("space", " "),
                ("error", "unclosed left paren"),
            ],
            id="a parenthesis without an end",
        ),
    ],
)
def test_cuts_as_go_does(text: str, expected: list[tuple[str, str]]) -> None:
    """Each text gives the tokens that Go's lexer gives."""
    assert expected == _kinds(text)


def test_delimiters_may_be_any_text() -> None:
    """Delimiters of letters are found before the words that they look like."""
    expected = [("left_delim", "begin"), ("field", ".x"), ("right_delim", "end")]

    assert expected == _kinds("begin.xend", ("begin", "end"))[:3]


def test_break_is_a_plain_word_where_a_function_has_its_name() -> None:
    """A function called ``break`` takes the keyword's place."""
    words = frozenset({"break"})

    tokens = tokenize("{{break}}", _BRACES, plain_words=words)

    assert tokens[1].kind == "identifier"


_PIECES = st.sampled_from(
    [
        *("{{", "}}", "{{- ", " -}}", "{{/* c */}}", ".a", "$x", "if", "end", "(", ")"),
        *('"s"', "`r`", "'c'", "12", "0x1f", "1.5e3", ":=", "=", ",", " ", "\n", "é"),
        *("|", "text"),
    ]
)
_TEMPLATES = st.lists(_PIECES, max_size=20).map("".join) | st.text(max_size=40)


@given(_TEMPLATES)
def test_loses_nothing_but_comments_and_what_markers_trim(text: str) -> None:
    """Tokens stand in the source where they say; what is between them is no token."""
    tokens = tokenize(text, _BRACES)

    position = 0
    for token in tokens[:-1]:
        if token.kind == "error":
            return
        assert text[token.start : token.start + len(token.value)] == token.value
        assert _is_gap(text[position : token.start])
        position = token.start + len(token.value)
    assert _is_gap(text[position:])


def _is_gap(text: str) -> bool:
    without = re.sub(r"\{\{(?:-\s)?/\*.*?\*/(?:\s-)?\}\}", "", text, flags=re.DOTALL)
    return not without.strip(" \t\r\n-")


@given(_TEMPLATES)
def test_always_ends(text: str) -> None:
    """The last token of any text is its end; at most one error is before it."""
    tokens = tokenize(text, _BRACES)

    errors = [token for token in tokens if token.kind == "error"]
    assert tokens[-1] == Token("eof", len(text), "EOF")
    assert errors in ([], tokens[-2:-1])
