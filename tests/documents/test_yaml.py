"""YAML documents, read strictly."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.documents import DocumentError, read_yaml
from provisionhub.jsontypes import JsonValue

MANIFEST = """\
name: go-backend
schema:
  type: object
  properties:
    port: {type: integr}
    "a/b~c": 1
files:
  - path: "x"
    when: |
      yes
  - path: y
"""


def refusal(document: bytes | str, **bounds: int) -> DocumentError:
    """Return the error that reading *document* raises."""
    with pytest.raises(DocumentError) as raised:
        read_yaml(document, file="b.yaml", **bounds)
    return raised.value


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1e3", -1000.0),
        ("1E-2", 0.01),
        ("yes", "yes"),
        ("on", "on"),
        ("NO", "NO"),
        ("tRUE", "tRUE"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("2026-01-31", "2026-01-31"),
        ("0b1", "0b1"),
        ("0o8", "0o8"),
        ("1.2.3", "1.2.3"),
        ("+", "+"),
        ("..", ".."),
        ("'true'", "true"),
        ('"1"', "1"),
        ('"\\ud83d\\ude00 \\x41"', "😀 A"),
    ],
)
def test_plain_scalars_follow_the_core_schema(scalar: str, expected: object) -> None:
    """Plain scalars mean what YAML 1.2's core schema says, and no more."""
    assert {"a": expected} == read_yaml(f"a: {scalar}\n", file="b.yaml").value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("aé\n\t\"'\\ #:{[😀"),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("ab:"), inner),
    )
)
def test_json_is_yaml(value: JsonValue) -> None:
    """A JSON document is read as YAML to the same value."""
    document = json.dumps(value, indent=2)

    assert value == read_yaml(document, file="b.yaml").value


@given(
    st.binary()
    | st.text("ab:- \n\t?#&*!|>'\"%@`{}[],<.~0123eExo_\\u\ud800\ufeff\x85\r=")
)
def test_no_text_raises_anything_else(document: bytes | str) -> None:
    """Any text is read, or refused with a DocumentError."""
    try:
        value = read_yaml(document, file="b.yaml").value
    except DocumentError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        json.dumps(value, allow_nan=False).encode()


@pytest.mark.parametrize(
    ("document", "reason", "message", "place"),
    [
        ("", "empty", "the document is empty", (1, 1)),
        ("# nothing\n", "empty", "the document holds only comments", (1, 1)),
        (b"a: \xff", "not-utf-8", "byte 0xff is not UTF-8", (1, 4)),
        (
            "\ufeffa: 1",
            "byte-order-mark",
            "the document starts with a byte order mark",
            (1, 1),
        ),
        (
            "a: \ud800",
            "lone-surrogate",
            "half of a surrogate pair is not a character",
            (1, 4),
        ),
        (
            'a: "\\ud800"',
            "lone-surrogate",
            "half of a surrogate pair is not a character",
            (1, 4),
        ),
        (
            "a: \x07",
            "control-character",
            "the character U+0007 can't stand in YAML",
            (1, 4),
        ),
        (
            "a: b\u2028c",
            "control-character",
            "the character U+2028 can't stand in YAML",
            (1, 5),
        ),
        (
            "a: b\rc: d",
            "control-character",
            "the character U+000D can't stand in YAML",
            (1, 5),
        ),
        ("a: &x 1", "anchor", "anchors and aliases are not accepted", (1, 4)),
        ("a:\n  - *x", "anchor", "anchors and aliases are not accepted", (2, 5)),
        ("--- &x\n[]", "anchor", "anchors and aliases are not accepted", (1, 5)),
        ("a: !x 1", "tag", "tags are not accepted", (1, 4)),
        ("a: !!python/object:os.system []", "tag", "tags are not accepted", (1, 4)),
        ("%TAG ! x\n--- a", "tag", "tags are not accepted", (1, 1)),
        ("a: 1\n<<: {b: 2}", "merge-key", "merge keys are not accepted", (2, 1)),
        (
            "a: 1\n---\nb: 2",
            "several-documents",
            "a second document starts here, and one file holds one",
            (2, 1),
        ),
        ("1: a", "key-not-text", "a key must be a text", (1, 1)),
        ("a:\n  true: b", "key-not-text", "a key must be a text", (2, 3)),
        ("? [a]\n: b", "key-not-text", "a key must be a text", (1, 3)),
        ("a: {{ .Name }}", "key-not-text", "a key must be a text", (1, 5)),
        (
            "a: 1\nb: 2\na: 3",
            "duplicate-key",
            "the key `a` stands here and on line 1",
            (3, 1),
        ),
        (
            "{a: 1, 'a': 3}",
            "duplicate-key",
            "the key `a` stands here and on line 1",
            (1, 8),
        ),
        ("a: .inf", "not-finite", "`.inf` is not a finite number", (1, 4)),
        ("a: .NaN", "not-finite", "`.NaN` is not a finite number", (1, 4)),
        ("a: -1e999", "not-finite", "`-1e999` is not a finite number", (1, 4)),
        ("a: " + "9" * 5000, "number-too-long", "the number is too long", (1, 4)),
        (
            "[" * 100_000,
            "too-deep",
            "mappings and lists are nested deeper than 64",
            (1, 65),
        ),
        (
            "- " * 100_000,
            "too-deep",
            "mappings and lists are nested deeper than 64",
            (1, 129),
        ),
    ],
)
def test_refuses_with_place(
    document: bytes | str, reason: str, message: str, place: tuple[int, int]
) -> None:
    """What YAML could say and JSON could not is refused, with line and column."""
    error = refusal(document)

    assert error.at is not None
    assert (reason, message, place) == (
        error.reason,
        error.message,
        (error.at.line, error.at.column),
    )


@pytest.mark.parametrize(
    ("document", "message", "place"),
    [
        ("a:\n\tb: 1", "a tab can't stand here", (2, 1)),
        ("a: @x", "a text can't start with `@`", (1, 4)),
        ("a: 1\nb\nc: 2", "a colon is expected behind this", (2, 1)),
        ("a: b: c", "a colon can't stand here", (1, 5)),
        ("a: ? b", "a `?` can't stand here", (1, 4)),
        ("a: - b", "a list item can't stand here", (1, 4)),
        ("a: [1, 2", "this bracket is never closed", (1, 4)),
        ("a: {b: 2", "this brace is never closed", (1, 4)),
        ("a: ['1' '2']", "a comma or `]` is expected here", (1, 9)),
        ("- a\nb: 1", "this does not continue what stands above", (2, 1)),
        ("a: 'x\n\n", "this quote is never closed", (1, 4)),
        ("a: 'x\n--- \n", "this quote is never closed", (1, 4)),
        ('a: "\\q"', "this escape does not exist in YAML", (1, 6)),
        ('a: "\\x1"', "this escape takes 2 hexadecimal digits", (1, 7)),
        ('a: "\\U99999999"', "this number is beyond what YAML knows", (1, 7)),
        ("a: *", "a text can't start with `*`", (1, 4)),
        ("a: &", "a text can't start with `&`", (1, 4)),
        ("!e!x a", "tags are not accepted", (1, 1)),
        (
            "%YAML x",
            "a line that starts with `%` is a directive, and this one is unknown",
            (1, 1),
        ),
        ("%YAML 2.0\n--- a", "found incompatible YAML document", (1, 1)),
        ("a: |x", "nothing but a comment can stand behind `|` or `>`", (1, 5)),
        ("a: ]", "a value is expected here", (1, 4)),
        ("a: 1\n... b", "this does not belong to the document above", (2, 5)),
        ("a:\n  - [\n\n", "a value is expected here", (2, 5)),
    ],
)
def test_syntax_errors_are_put_in_plain_words(
    document: str, message: str, place: tuple[int, int]
) -> None:
    """Each of the scanner's complaints becomes a sentence, with its place."""
    error = refusal(document)

    assert error.at is not None
    assert error.reason == "not-yaml"
    assert error.message.startswith(message)
    assert place == (error.at.line, error.at.column)


def test_error_shows_caret_and_hint() -> None:
    """An error shows its line with a caret under the word, and how to mend it."""
    error = refusal("a: 1\nb: &anchor 2\n")

    assert error.at is not None
    assert error.hint == "write the value out"
    assert error.at.show() == (
        "  --> b.yaml:2:4\n    1 | a: 1\n    2 > b: &anchor 2\n           ^^^^^^^"
    )


def test_template_tag_without_quotes_gets_its_own_hint() -> None:
    """The commonest slip of a template author is recognised."""
    error = refusal("when: {{ .Values.on }}")

    assert error.hint == "put a value that starts with `{{` in quotes"


@pytest.mark.parametrize(
    ("pointer", "key", "shown"),
    [
        pytest.param("", False, (1, 1, 1), id="the whole"),
        pytest.param("/name", False, (1, 7, 10), id="value"),
        pytest.param("/name", True, (1, 1, 4), id="key"),
        pytest.param("/schema/properties/port/type", False, (5, 18, 6), id="flow"),
        pytest.param("/schema/properties/a~1b~0c", True, (6, 5, 7), id="escaped"),
        pytest.param("/schema/properties", False, (5, 5, 1), id="mapping"),
        pytest.param("/files/0", False, (8, 5, 1), id="item"),
        pytest.param("/files/1/path", False, (11, 11, 1), id="in an item"),
        pytest.param("/files/0/when", False, (9, 11, 1), id="block scalar"),
        pytest.param("/files/0", True, (8, 5, 1), id="item has no key"),
        pytest.param("/schema/required/0", False, (2, 1, 6), id="missing member"),
        pytest.param("/files/2", False, (7, 1, 5), id="missing item"),
        pytest.param("/files/" + "9" * 5000, False, (7, 1, 5), id="absurd index"),
        pytest.param("/files/-1", False, (7, 1, 5), id="negative index"),
        pytest.param("/name/x", False, (1, 1, 4), id="below a scalar"),
        pytest.param("/nothing", False, (1, 1, 1), id="missing at the top"),
    ],
)
def test_locates_values_and_keys(
    pointer: str, key: bool, shown: tuple[int, int, int]
) -> None:
    """A pointer leads to the value's or the key's place, or the nearest there is."""
    at = read_yaml(MANIFEST, file="b.yaml").locate(pointer, key=key)

    assert shown == (at.line, at.column, at.width)


def test_quoted_merge_key_is_a_key() -> None:
    """Two less-than signs in quotes are a text like any other."""
    assert read_yaml("'<<': 1", file="b.yaml").value == {"<<": 1}


def test_lines_may_end_with_cr_lf() -> None:
    """Windows line ends change neither values nor places."""
    document = read_yaml(b"a: 1\r\nb: 'x\r\n  y'\r\n", file="b.yaml")

    at = document.locate("/b")

    assert document.value == {"a": 1, "b": "x y"}
    assert (at.line, at.column, at.width) == (2, 4, 2)


def test_long_keys_over_many_values_need_no_memory() -> None:
    """Places are kept as a tree, so a long key is not copied into each of them."""
    document = "? " + "k" * 200_000 + "\n: [" + "1," * 2_000 + "]\n"
    tracemalloc.start()

    read_yaml(document, file="b.yaml")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_number_of_values_is_bounded() -> None:
    """A document of very many small values is refused."""
    error = refusal("[" + "1," * 50_001 + "]")

    assert error.reason == "too-many-values"


def test_bounds_may_be_set() -> None:
    """Callers choose size, in bytes, and depth; both bounds are inclusive."""
    assert read_yaml("[é]", file="x", longest=4, deepest=1).value == ["é"]
    assert refusal("[é]", longest=3).reason == "too-large"
    assert refusal("[[]]", deepest=1).reason == "too-deep"
