"""`to_yaml` and `from_yaml`: what is written reads back equal, and is harmless."""

from __future__ import annotations

import math
from typing import Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import LimitExceededError, TemplateRuntimeError
from provisionhub.jsontypes import JsonValue
from provisionhub_jinja import JinjaEngine

TRICKY: Final = (
    "", " ", "a", "a b", " a", "a ", "a: b", "a:", ":a", "a:b", "http://x/y", "a #b",
    "#a", "- a", "-a", "-", "--- a", "...", "? a", "!a", "&a", "*a", "@a", "`a", "%a",
    "|", ">", "{a}", "[a]", "a, b", "a,b", "'a'", '"a"', "\\", "yes", "No", "ON", "off",
    "y", "N", "true", "False", "null", "~", "Null", "nan", ".nan", ".inf", "1", "-1",
    "1.0", "1e3", "0x1f", "0o17", "017", "1_000", "1:30", "12:30:45", "2020-01-01", "=",
    "<<", "1.2.3", "v1.2", "/etc/x", "~/x", "a\nb", "a\nb\n", "\na", "a\n\nb", "a\n b",
    " a\nb", "a \nb", "a\n\tb", "\ta\nb", "a\tb", "a\r\nb", "a\rb", "a\x85b",
    "a\u2028b", "\ufeffa", "a\x00b", "\x1b\n0", "\x7f", "é", "日本\n語", "😀",
    "#!/bin/sh\necho 'hi'\n\nexit 0", "---\na", "key: |\n  x", "a" * 300, "a\nb ",
    "a\nb\n ", "\n", "\n\n", "a\n#b", "x" * 2000,
)  # fmt: skip
SCALARS: Final = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(TRICKY)
)
KEYS: Final = st.text() | st.sampled_from(TRICKY)
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)
REFUSED: Final = {
    "anchor": ("&a [1]", "anchor or an alias"),
    "alias": ("[&a 1, *a]", "anchor or an alias"),
    "tag": ("!!python/object/apply:os.system ['id']", "a tag"),
    "local tag": ("!x 1", "a tag"),
    "binary": ("!!binary aGk=", "a tag"),
    "two documents": ("a\n---\nb", "not YAML"),
    "syntax": ("a: [1", "not YAML"),
    "unknown character": ("a: @b", "not YAML"),
    "tab": ("a:\n\tb: 1", "not YAML"),
    "control character": ("\x00", "not YAML"),
    "list as key": ("? [1]\n: 2", "not YAML"),
    "surrogates": ('"\\ud800"', "half a surrogate pair"),
}


@settings(deadline=None)
@given(VALUES)
def test_reads_back_equal(value: JsonValue) -> None:
    """What `to_yaml` writes is YAML for the same value, for PyYAML and for itself."""
    text = _render("{{ x | to_yaml }}", value)

    assert value == yaml.safe_load(text)
    assert _render("{{ 'same' if x | to_yaml | from_yaml == x }}", value) == "same"


@settings(deadline=None)
@given(VALUES, st.integers(1, 6))
def test_reads_back_equal_when_nested(value: JsonValue, indent: int) -> None:
    """Behind `nindent` it is YAML for the same value, one level deeper."""
    text = _render(
        "a:\n  b: {{ [x] | to_yaml(indent) | nindent(4) }}\nc: 1\n", value, indent
    )

    assert {"a": {"b": [value]}, "c": 1} == yaml.safe_load(text)


@pytest.mark.parametrize("text", TRICKY)
def test_text_stays_text(text: str) -> None:
    """Text that looks like something else is quoted, as a value and as a key."""
    value: JsonValue = {"a": text, text: ["b", text]}

    assert value == yaml.safe_load(_render("{{ x | to_yaml }}", value))


@pytest.mark.parametrize("text", TRICKY)
def test_quoted_text_is_yaml_and_json(text: str) -> None:
    """What `quote` writes is text for YAML, and for `from_json`."""
    quoted = _render("{{ x | quote }}", text)

    assert text == yaml.safe_load(quoted)
    assert _render("{{ 'same' if x | quote | from_json == x }}", text) == "same"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ {'b': 1, 'a': 2} | to_yaml }}", "b: 1\na: 2"),
        ("{{ {'a': [], 'b': {}, 'c': none} | to_yaml }}", "a: []\nb: {}\nc: null"),
        ("{{ [[1, 2], {'a': 1}] | to_yaml }}", "- - 1\n  - 2\n- a: 1"),
        ("{{ {'a': {'b': [1]}} | to_yaml(4) }}", "a:\n    b:\n        - 1"),
        ("{{ {'a': 'x\ny'} | to_yaml }}", "a: |-\n  x\n  y"),
        ("{{ ['x\n\ny'] | to_yaml }}", "- |-\n    x\n\n    y"),
        ("{{ 'x\ny\n' | to_yaml }}", '"x\\ny\\n"'),
        ("{{ [true, 1.5, 10.0 ** 20, 'true'] | to_yaml }}",
         '- true\n- 1.5\n- 1.0e+20\n- "true"'),
        ("{{ range(2) | to_yaml }}", "- 0\n- 1"),
        ("{{ (1, 2) | to_yaml }}", "- 1\n- 2"),
        ("{{ {5: 2, none: 3, true: 4} | to_yaml }}", "5: 2\nnull: 3\ntrue: 4"),
        ("{{ 5 | to_yaml }}", "5"),
    ],
)  # fmt: skip
def test_style(template: str, expected: str) -> None:
    """YAML is written in block style, plain where that is safe."""
    assert expected == _render(template)


def test_numbers_beyond_json() -> None:
    """Numbers that JSON can't say have their spelling in YAML."""
    text = _render("{{ [1e308 * 10, -1e308 * 10, 1e308 * 10 - 1e308 * 10] | to_yaml }}")

    infinity, minus, nothing = yaml.safe_load(text)
    assert (math.inf, -math.inf) == (infinity, minus)
    assert math.isnan(nothing)


def test_empty_names_are_null() -> None:
    """Where a missing name is empty, it is null in YAML and in JSON."""
    engine = JinjaEngine({"missing": "empty"})
    source = "{{ [nope] | to_yaml }} {{ [nope] | to_json }}"

    assert engine.compile(source, name="t", partials={}).render({}) == "- null [null]"


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_from_yaml_refuses(text: str, message: str) -> None:
    """What is no YAML, or more than data, is refused in plain words."""
    with pytest.raises(TemplateRuntimeError, match=message):
        _render("{{ x | from_yaml }}", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-01", "2020-01-01"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("{a: 1, b: [x, 1.5, null]}", "{'a': 1, 'b': ['x', 1.5, None]}"),
        ("<<: {a: 1}", "{'<<': {'a': 1}}"),
        ("=", "="),
        ("", "None"),
    ],
)
def test_from_yaml_knows_the_types_of_json(text: str, expected: str) -> None:
    """Dates, merge keys and the like are plain text."""
    assert expected == _render("{{ x | from_yaml }}", text)


def test_from_yaml_is_bounded() -> None:
    """Text that is too long, or nested too deeply, is an exceeded limit."""
    for text in ("a" * 60_000, "[" * 200 + "]" * 200):
        with pytest.raises(LimitExceededError):
            _render("{{ x | from_yaml }}", text)


def _render(source: str, value: JsonValue = None, indent: int = 2) -> str:
    template = JinjaEngine({}).compile(source, name="t", partials={})
    return template.render({"x": value, "indent": indent})
