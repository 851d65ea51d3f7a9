"""Texts: bytes, runes and words as the Go packages under Sprig see them."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('{{ upper "ßŉé" }}', "ßŉÉ", id="one rune for one"),
        pytest.param('{{ lower "A\u03a3 \u0130" }}', "a\u03c3 i", id="no context"),
        pytest.param('{{ title "it\'s ǆ ﬁ" }}', "It'S ǅ ﬁ", id="title case"),
        pytest.param('{{ trim "\\u00a0\\u2003x\\u0085" }}', "x", id="white space"),
        pytest.param('{{ trim "\\x1cx" }}', "\x1cx", id="separators are no space"),
        pytest.param('{{ trunc 3 "éé" | b64enc }}', "w6nD", id="cut in a character"),
        pytest.param('{{ trunc -3 "éé" | b64enc }}', "qcOp", id="cut from the end"),
        pytest.param('{{ nospace "é x" }}', "Ã©x", id="bytes as characters"),
        pytest.param('{{ initials "été là" }}', "Ãl", id="initials of bytes"),
        pytest.param('{{ wrap 5 "aaaaaaa bb cc" }}', "aaaaaaa\nbb cc", id="wrap"),
        pytest.param('{{ wrapWith 3 "|" "aaaaaaa b" }}', "aaa|aaa|a b", id="cut words"),
        pytest.param('{{ abbrevboth 5 9 "0123456789abcdef" }}', "...567...", id="both"),
        pytest.param('{{ splitList "" "aé" | join "," }}', "a,é", id="characters"),
        pytest.param(
            '{{ splitn "" 2 "abc" | toJson }}', '{"_0":"a","_1":"bc"}', id="n"
        ),
        pytest.param(
            '{{ list "b" "a10" "B" "é" | sortAlpha }}', "[B a10 b é]", id="sort"
        ),
    ],
)
def test_handles_text_like_go(source: str, expected: str) -> None:
    """The output is Go's, character for character."""
    assert render(source) == expected


@pytest.mark.parametrize(
    ("text", "camel", "snake"),
    [
        # From the documentation of the package xstrings, and its corners.
        pytest.param("FirstName", "FirstName", "first_name", id="two words"),
        pytest.param("HTTPServer", "Httpserver", "http_server", id="capitals"),
        pytest.param("GO PATH", "GoPath", "go_path", id="space"),
        pytest.param("http2xx", "Http2xx", "http_2xx", id="number"),
        pytest.param("HTTP20xOK", "Http20xOK", "http_20x_ok", id="number inside"),
        pytest.param("Bld4Floor3rd", "Bld4Floor3rd", "bld4_floor_3rd", id="numbers"),
        pytest.param("_complex__case_", "_Complex_Case_", "_complex__case_", id="many"),
        pytest.param("some.name", "Some.name", "some.name", id="point"),
        pytest.param("_", "__", "_", id="connector alone"),
        pytest.param("日本Go", "日本Go", "日本_go", id="ideographs"),
    ],
)
def test_changes_cases_like_xstrings(text: str, camel: str, snake: str) -> None:
    """Names are cut into words where Go cuts them."""
    data = {"t": text}

    assert camel == render("{{ camelcase .t }}", data)
    assert snake == render("{{ snakecase .t }}", data)
    assert snake.replace("_", "-") == render("{{ kebabcase .t }}", data)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param(
            '{{ repeat -1 "x" }}', "strings: negative Repeat count", id="repeat"
        ),
        pytest.param(
            '{{ substr 3 1 "abcd" }}',
            "runtime error: slice bounds out of range [3:1]",
            id="backwards",
        ),
        pytest.param(
            '{{ substr -1 9 "abcd" }}',
            "runtime error: slice bounds out of range [:9] with length 4",
            id="beyond the end",
        ),
        pytest.param(
            '{{ substr 9 -1 "abcd" }}',
            "runtime error: slice bounds out of range [9:4]",
            id="start beyond the end",
        ),
    ],
)
def test_panics_like_go(source: str, message: str) -> None:
    """What Go panics with is the text of the error."""
    assert complaint(source) == message
