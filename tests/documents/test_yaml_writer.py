"""YAML as it is written."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.documents import read_yaml, write_yaml
from provisionhub.jsontypes import JsonValue

TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.from_regex(r"[-+.0-9a-zA-Z~:_ ]{1,12}", fullmatch=True)
    | st.text("ab\n '\"", min_size=100, max_size=300)
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)
AMBIGUOUS = """
    yes No ON off y N true False null ~ 1 1.0 0x1 0o7 0b1 1e3 .inf .NaN 1_000 12:30
    2026-01-01 2026-01-31T12:00:00Z << = - ? --- ... * & ! | > @ ` % # a: :a {} []
    , '' " a,b a#b
    """.split()  # noqa: SIM905 - a table of words


@given(VALUES)
def test_every_reader_reads_it_back(value: JsonValue) -> None:
    """Readers of YAML 1.1 and 1.2 both give back what was written."""
    text = write_yaml(value)

    assert value == read_yaml(text, file="lock.yaml").value
    assert value == yaml.safe_load(text)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_ambiguous_texts_are_quoted(text: str) -> None:
    """A text that any YAML could take for something else stands in quotes."""
    written = write_yaml([text])

    assert written.startswith('- "')
    assert [text] == yaml.safe_load(written)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("", '""\n', id="empty text"),
        pytest.param({}, "{}\n", id="empty object"),
        pytest.param([], "[]\n", id="empty array"),
        pytest.param(None, "null\n", id="null"),
        pytest.param(1e16, "1.0e+16\n", id="float that YAML 1.1 takes for a text"),
        pytest.param(
            "a\nb\x85\u2028\ufeff\x7f",
            '"a\\nb\\u0085\\u2028\\ufeff\\u007f"\n',
            id="unprintable",
        ),
        pytest.param(
            {"b": True, "a": {"x": 1.5}, "c d": "e f"},
            "b: true\na:\n  x: 1.5\nc d: e f\n",
            id="order is kept",
        ),
        pytest.param(
            {"files": [{"path": "a/b.go", "mode": "100644"}, [[1, []], {}]]},
            "files:\n"
            "  - path: a/b.go\n"
            '    mode: "100644"\n'
            "  - - - 1\n"
            "      - []\n"
            "    - {}\n",
            id="items start behind their dash",
        ),
        pytest.param(
            [{"k" * 130: {"a": 1}}],
            f"- ? {'k' * 130}\n  :\n    a: 1\n",
            id="long key",
        ),
    ],
)
def test_style(value: JsonValue, expected: str) -> None:
    """Block style, two blanks a level, members in their order."""
    assert expected == write_yaml(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("-inf"), "\ud800", {"\udfff": 1}]
)
def test_refuses_what_json_could_not_say(value: JsonValue) -> None:
    """Numbers that are not finite and half characters are never written."""
    with pytest.raises(ValueError, match=r"finite|surrogates"):
        write_yaml(value)


def test_deep_values_are_written() -> None:
    """Nesting costs no recursion."""
    value: JsonValue = 1
    for _ in range(3000):
        value = [value]

    assert write_yaml(value) == "- " * 3000 + "1\n"
