"""Regular expressions: Go's syntax, its errors, and matches in linear time."""

from __future__ import annotations

import time

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        # From the tables of errors in the tests of Go's package regexp.
        pytest.param("*", "missing argument to repetition operator: `*`", id="star"),
        pytest.param("+", "missing argument to repetition operator: `+`", id="plus"),
        pytest.param("a|*", "missing argument to repetition operator: `*`", id="bar"),
        pytest.param("(abc", "missing closing ): `(abc`", id="open group"),
        pytest.param("abc)", "unexpected ): `abc)`", id="closed group"),
        pytest.param("x[a-z", "missing closing ]: `[a-z`", id="open class"),
        pytest.param("[z-a]", "invalid character class range: `z-a`", id="range"),
        pytest.param(
            "abc\\", "trailing backslash at end of expression: ``", id="backslash"
        ),
        pytest.param("a**", "invalid nested repetition operator: `**`", id="two stars"),
        pytest.param("a*+", "invalid nested repetition operator: `*+`", id="star plus"),
        pytest.param(r"\x", r"invalid escape sequence: `\x`", id="hexadecimal"),
        pytest.param(r"(a)\1", r"invalid escape sequence: `\1`", id="back reference"),
        pytest.param(r"\C", r"invalid escape sequence: `\C`", id="any byte"),
        pytest.param("a{1001}", "invalid repeat count: `{1001}`", id="count"),
        pytest.param("(a{99}){99}", "invalid repeat count: `{99}`", id="inner count"),
        pytest.param("a{2,1}", "invalid repeat count: `{2,1}`", id="counts"),
        pytest.param(
            "(?!a)", "invalid or unsupported Perl syntax: `(?!`", id="lookahead"
        ),
        pytest.param("(?<=a)", "invalid named capture: `(?<=a)`", id="lookbehind"),
        pytest.param("(?P<a b>c)", "invalid named capture: `(?P<a b>`", id="name"),
        pytest.param(
            r"\p{Nope}", r"invalid character class range: `\p{Nope}`", id="script"
        ),
        pytest.param(
            "[[:nope:]]", "invalid character class range: `[:nope:]`", id="POSIX class"
        ),
    ],
)
def test_says_what_is_wrong_with_a_pattern_as_go_does(
    pattern: str, message: str
) -> None:
    """A pattern that is none ends the template with the text of Go's parser."""
    said = complaint('{{ mustRegexMatch .p "x" }}', {"p": pattern})

    assert said == f"error parsing regexp: {message}"


def test_panics_like_must_compile() -> None:
    """The functions that return no error say what ``regexp.MustCompile`` does."""
    said = complaint('{{ regexFind "(" "x" }}')

    assert said == "regexp: Compile(`(`): error parsing regexp: missing closing ): `(`"


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "expected"),
    [
        # From the tables of replacements in the tests of Go's package regexp.
        pytest.param("", "x", "abc", "xaxbxcx", id="nothing"),
        pytest.param("b*", "x", "abc", "xaxcx", id="maybe something"),
        pytest.param("[a-c]*", "x", "\u65e5", "x\u65e5x", id="nothing, in UTF-8"),
        pytest.param("[a-c]*", "x", "abcbcdcdedef", "xdxdxexdxexfx", id="runs"),
        pytest.param("a+", "($0)", "banana", "b(a)n(a)n(a)", id="all of it"),
        pytest.param("hello, (.+)", "bye, ${1}", "hello, you", "bye, you", id="braces"),
        pytest.param("hello, (.+)", "bye, $1x", "hello, you", "bye, ", id="longest"),
        pytest.param("hello, (.+)", "bye, ${1", "hello, you", "bye, ${1", id="open"),
        pytest.param("a", "$$", "a", "$", id="dollar"),
        pytest.param("a", "$01", "a", "", id="zero in front"),
        pytest.param("(?P<x>hi)|(?P<y>bye)", "$x;$y", "hi", "hi;", id="names"),
        pytest.param("(?P<x>hi)|(?P<x>bye)", "$x;", "bye", "bye;", id="name twice"),
        pytest.param("(?<x>a)", "${x}b", "a", "ab", id="name without P"),
        pytest.param(r"\p{Letter}", "x", "a1", "x1", id="long name of a class"),
    ],
)
def test_replaces_like_go(
    pattern: str, replacement: str, text: str, expected: str
) -> None:
    """Groups are named in the replacement, and empty matches stand apart."""
    data = {"p": pattern, "r": replacement, "t": text}

    assert expected == render("{{ regexReplaceAll .p .t .r }}", data)


@pytest.mark.parametrize(
    ("pattern", "text", "count", "expected"),
    [
        # From the table of splits in the tests of Go's package regexp.
        pytest.param(":", "foo:and:bar", -1, '["foo","and","bar"]', id="all"),
        pytest.param(":", "foo:and:bar", 1, '["foo:and:bar"]', id="one"),
        pytest.param(":", "foo:and:bar", 2, '["foo","and:bar"]', id="two"),
        pytest.param("foo", "foo", -1, '["",""]', id="nothing left"),
        pytest.param("", "foobar", -1, '["f","o","o","b","a","r"]', id="empty"),
        pytest.param("a*", "baabaab", -1, '["b","b","b"]', id="maybe empty"),
        pytest.param("f*b*", "foobar", -1, '["","o","o","a","r"]', id="runs"),
        pytest.param("x", "", -1, '[""]', id="of nothing"),
        pytest.param(",", "a,b", 0, "null", id="none"),
    ],
)
def test_splits_like_go(pattern: str, text: str, count: int, expected: str) -> None:
    """The parts between matches come as many as asked for."""
    data = {"p": pattern, "t": text, "n": count}

    assert expected == render("{{ regexSplit .p .t .n | toJson }}", data)


def test_finds_bytes_that_are_no_characters_where_they_are() -> None:
    """Matches are cut at bytes: text in UTF-8 comes out whole."""
    assert render(r'{{ regexFindAll "[^a]+" "éa世" -1 | join "," }}') == "é,世"


def test_matches_in_time_linear_in_the_text() -> None:
    """A pattern that makes other engines try for ever is answered at once."""
    start = time.perf_counter()

    found = render('{{ regexMatch "(a*)*(a|a)*b" .t }}', {"t": "a" * 50_000})

    assert found == "false"
    assert time.perf_counter() - start < 5
