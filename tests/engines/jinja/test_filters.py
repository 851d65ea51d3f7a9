"""Filters on what is unusual; what is usual stands in the page for authors."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import (
    LimitExceededError,
    TemplateError,
    TemplateRuntimeError,
)
from provisionhub.jsontypes import JsonValue
from provisionhub_jinja import JinjaEngine
from provisionhub_jinja.filters import FILTERS

NEEDED_ARGUMENTS: Final = {
    "attr": "('a')", "batch": "(2)", "groupby": "('a')", "map": "('string')",
    "rejectattr": "('a')", "replace": "('a', 'b')", "selectattr": "('a')",
    "slice": "(2)",
}  # fmt: skip
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("name", sorted(FILTERS))
@settings(max_examples=20, deadline=None)
@given(value=VALUES)
def test_filters_are_total(name: str, value: JsonValue) -> None:
    """Whatever a filter gets, it returns, or fails as an error with a place."""
    source = f"{{{{ x | {name}{NEEDED_ARGUMENTS.get(name, '')} }}}}"

    shown = _outcome(source, value)

    assert not re.search("object at 0x|NoneType|<class|Traceback", shown)


@pytest.mark.parametrize("name", sorted(set(FILTERS) - {"d", "default"}))
def test_filters_fail_on_what_is_not_there(name: str) -> None:
    """A value that is not there is an error in every filter but `default`."""
    source = f"{{{{ y | {name}{NEEDED_ARGUMENTS.get(name, '')} }}}}"

    with pytest.raises(TemplateRuntimeError, match="`y` is not defined") as caught:
        _render(source)

    assert str(caught.value.at) == "t:1:4"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("HTTPServer2 fooBar-baz_qux", "http server2 foo bar baz qux"),
        ("simple", "simple"),
        ("UPPER", "upper"),
        ("camelCase", "camel case"),
        ("PascalCase", "pascal case"),
        ("XMLHttpRequest", "xml http request"),
        ("getURL", "get url"),
        ("a1b2C3", "a1b2 c3"),
        ("v2Api", "v2 api"),
        ("IPv4", "i pv4"),
        ("__private__name", "private name"),
        ("--dashes--", "dashes"),
        ("  blanks  ", "blanks"),
        ("", ""),
        ("!?", ""),
        ("größeÄndern", "größe ändern"),
        ("ÉtéÀParis", "été à paris"),
        ("e\u0301te\u0301", "e\u0301te\u0301"),
        ("日本語Text", "日本語 text"),
        ("Straße", "straße"),
        ("ǅungla", "ǆungla"),
    ],
)
def test_words(text: str, words: str) -> None:
    """Names are split into words at signs and before capitals that begin a word."""
    expected = words.replace(" ", "_")

    assert expected == _render("{{ x | snake_case }}", text)


@settings(deadline=None)
@given(st.text())
def test_conventions_agree_on_words(text: str) -> None:
    """A name in one convention has the same words in the others."""
    snake = _render("{{ x | snake_case }}", text)

    assert snake.replace("_", "-") == _render("{{ x | kebab_case }}", text)
    assert snake.replace("_", ".") == _render("{{ x | dot_case }}", text)


@settings(deadline=None)
@given(st.text())
def test_slugs_are_plain(text: str) -> None:
    """A slug has small ASCII letters, digits and single dashes only."""
    assert re.fullmatch("([a-z0-9]+(-[a-z0-9]+)*)?", _render("{{ x | slug }}", text))


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_base64_reads_back(text: str) -> None:
    """Base64 of a text reads back as the text."""
    assert text == _render("{{ x | b64encode | b64decode }}", text)


@settings(deadline=None)
@given(
    VALUES.filter(lambda value: "nan" not in repr(value) and "inf" not in repr(value))
)
def test_json_reads_back(value: JsonValue) -> None:
    """JSON of a value reads back as the value."""
    assert _render("{{ 'same' if x | to_json | from_json == x }}", value) == "same"
    assert _render("{{ 'same' if x | to_json(2) | from_json == x }}", value) == "same"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ 'x' | from_json }}", "the text is not JSON: Expecting value"),
        ("{{ '[NaN]' | from_json }}", "`NaN` is not a number in JSON"),
        ("{{ '\"\\\\ud800\"' | from_json }}", "half a surrogate pair"),
        ("{{ [1e308 * 10] | to_json }}", "out of range float values are not JSON"),
        ("{{ [1] | to_json(indent='a') }}", "the indent is text, not a number"),
        ("{{ '*' | b64decode }}", "not text in Base64"),
        ("{{ '/w==' | b64decode }}", "not text in Base64"),
        ("{{ 'a\\0b' | squote }}", "can't hold the character NUL"),
        ("{{ 'a' | truncate(1) }}", "can't truncate to 1 characters"),
        ("{{ 'a' | wordwrap(0) }}", "invalid width 0"),
        ("{{ 1.5 | round(1, 'up') }}", "there is no rounding `up`"),
        ("{{ 1.5 | round('a') }}", "text is not a number"),
        ("{{ 'a' | round }}", "text is not a number"),
        ("{{ 'a' | abs }}", "text is not a number"),
        ("{{ 'a' is odd }}", "text is not a number"),
        ("{{ 4 is divisibleby('a') }}", "text is not a number"),
        ("{{ 4 is divisibleby(0) }}", "division by zero"),
        ("{{ [] | filesizeformat }}", "a list is not a number"),
        ("{{ 'x' | filesizeformat }}", "could not convert string to float"),
        ("{{ [1] | batch(0) }}", "a whole number above 0"),
        ("{{ [1] | slice('a') }}", "a whole number above 0"),
        ("{{ 5 | list }}", "can't loop over a number"),
        ("{{ none | join }}", "can't loop over none"),
        ("{{ [] | items }}", "a list is not a mapping"),
        ("{{ {'a': 1} | combine(1) }}", "a number is not a mapping"),
        ("{{ [] | xmlattr }}", "a list is not a mapping"),
        ("{{ {'a b': 1} | xmlattr }}", "invalid character in attribute name"),
        ("{{ {'a': 1} | dictsort(by='x') }}", "sorted by `key` or by `value`"),
        ("{{ [1, 'a'] | sort }}", "`<` does not take text and a number"),
        ("{{ [{'a': 1}, {}] | sort(attribute='a') }}", "`a` is not defined"),
        ("{{ [1] | sum(start='a') }}", "unsupported|concatenate|`\\+` does not"),
        ("{{ ['a'] | sum }}", "`\\+` does not take|unsupported"),
        ("{{ [1] | map }}", "there is no filter ``"),
        ("{{ [1] | map(nope) }}", "`nope` is not defined"),
        ("{{ [1] | map(5) }}", "there is no filter `5`"),
        ("{{ [1] | select('nope') }}", "there is no test `nope`"),
        ("{{ [1] | selectattr }}", "`selectattr` does not get all its arguments"),
        ("{{ '%q' | format(1) }}", "does not begin with a field"),
        ("{{ '%((a))d' | format(1) }}", "does not begin with a field"),
        ("{{ '%*d' | format(1, 2) }}", "does not begin with a field"),
        ("{{ '100%' | format }}", "does not begin with a field"),
        ("{{ '%s' | format }}", "fewer values than `%` fields"),
        ("{{ '%s' | format(1, 2) }}", "more values than `%` fields"),
        ("{{ '%(a)s' | format(b=1) }}", "there is no value for `%\\(a\\)`"),
        ("{{ '%(a)s' | format(1) }}", "needs a mapping of values"),
        ("{{ '%d' | format('a') }}", "`%d` does not take text"),
        ("{{ '%c' | format('ab') }}", "`%c` does not take text"),
        ("{{ '%c' | format(0xd800) }}", "half of a surrogate pair"),
        ("{{ '%c' | format(10**9) }}", "`%c` does not take a number"),
        ("{{ dict([1]) }}", "can't unpack a number"),
        ("{% call dict(a=1) %}{% endcall %}", "a macro can't be printed"),
        ("{{ 1 in 'a' }}", "`in` does not look for a number in text"),
        ("{{ range(*5) }}", "what stands behind `\\*` must be a list, not a number"),
        ("{{ dict(**5) }}", "what stands behind `\\*\\*` must be a mapping"),
        ("{{ 'a'.strip(1) }}", "the characters to strip must be text"),
        ("{{ 1 is eq }}", "`eq` gets the wrong number of arguments"),
        ("{{ dict([[[1], 2]]) }}", "a list can't be the key of a mapping"),
        ("{{ {'a': 1}[[]] }}", "a list can't be the key of a mapping"),
        ("{{ cycler() }}", "at least one item has to be provided"),
        ("{{ range() }}", "the call gets the wrong number of arguments"),
        ("{{ 2 ** 0.5 ** -1 * (-8) ** 0.5 }}", "a complex number can't be printed"),
    ],
)
def test_misuse_is_told_in_plain_words(source: str, message: str) -> None:
    """What a filter or function can't do ends as an error that says so."""
    with pytest.raises(TemplateRuntimeError, match=message):
        _render(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ x | to_json }}", '{"é": ["\u2028", 1.5]}'),
        ("{{ range(3) | to_json }}", "[0, 1, 2]"),
        ("{{ 'a\nb' | quote }}", '"a\\nb"'),
        ("{{ 12 | quote }}", '"12"'),
        ("{{ true | quote }}", '"True"'),
        ("{{ '' | squote }}", "''"),
        ("{{ '$a `b` \\\\' | squote }}", "'$a `b` \\'"),
        ("{{ '' | comment }}", "#"),
        ("{{ 'a\n' | comment }}", "# a\n#"),
        ("{{ 'a/' | basename }}|{{ 'a' | dirname }}|", "||"),
        ("{{ [{'a': 1}, {'a': 1.0}, {'b': 2}] | unique | length }}", "3"),
        ("{{ [[1], [1], (1,)] | unique }}", "[[1], (1,)]"),
        ("{{ [1, true, 1.0] | unique }}", "[1]"),
        ("{{ 'ba' | sort | join }}", "ab"),
        ("{{ {'a': 1} | map('upper') }}", "['A']"),
        ("{{ [{'a': [5]}] | map(attribute='a.0') }}", "[5]"),
        ("{{ [[1, 2]] | map(attribute=1) }}", "[2]"),
        ("{{ [{'a': 1}, {}] | map(attribute='a', default=9) }}", "[1, 9]"),
        ("{{ [{}, {'a': 1}] | selectattr('a', 'defined') }}", "[{'a': 1}]"),
        ("{{ [{}, {'a': 1}] | rejectattr('a', 'defined') }}", "[{}]"),
        ("{{ [{'a': 1}, {}] | groupby('a', default=0) }}",
         "[(0, [{}]), (1, [{'a': 1}])]"),
        ("{{ ['x'] | map('attr', 'upper') | first is callable }}", "True"),
        ("{{ {'a': 1} | combine({'b': 2}, {'a': 3}) }}", "{'a': 3, 'b': 2}"),
        ("{{ 'abc' | first }}{{ 'abc' | last }}{{ {'k': 1} | first }}", "ack"),
        ("{{ range(5) | last }}{{ range(5) | length }}", "45"),
        ("{{ nope is callable }} {{ 1 is callable }}", "False False"),
        ("{% filter wordcount %}a b{% endfilter %}", "2"),
        ("{% filter list %}ab{% endfilter %}", "['a', 'b']"),
        ("{{ '-'.join([1, none]) }}", "1-None"),
        ("{% autoescape 1 == 1 %}{{ '<' }}{% endautoescape %}", "&lt;"),
        ("{{ '%s' % x.keys() }}", "['é']"),
        ("{{ '%(é)s' % x }}", "['\\u2028', 1.5]"),
        ("{{ '%5.1f|%-3d|%+x|%%' % (1.25, 7, 255) }}", "  1.2|7  |+ff|%"),
    ],
)  # fmt: skip
def test_less_usual_results(source: str, expected: str) -> None:
    """Edges that the page for authors has no room for."""
    assert expected == _render(source, {"é": ["\u2028", 1.5]})


def test_quotes_every_line_separator() -> None:
    """What YAML takes for a line end, or can't hold, is escaped by `quote`."""
    assert _render("{{ x | quote }}", "\u2028\x85\ufeff") == '"\\u2028\\u0085\\ufeff"'


def _outcome(source: str, value: JsonValue) -> str:
    try:
        return _render(source, value)
    except (TemplateError, LimitExceededError) as error:
        return error.message if error.at is not None else "NoneType has no place"


def _render(source: str, value: JsonValue = None) -> str:
    template = JinjaEngine({}).compile(source, name="t", partials={})
    return template.render({"x": value})
