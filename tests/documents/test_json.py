"""JSON documents, read strictly."""

from __future__ import annotations

import json
import pickle
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.documents import DocumentError, read_json
from provisionhub.jsontypes import JsonValue

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('ab\\u"é'), inner),
)


def refusal(data: bytes, **bounds: int) -> DocumentError:
    """Return the error that reading *data* raises."""
    with pytest.raises(DocumentError) as raised:
        read_json(data, file="job.json", **bounds)
    return raised.value


@given(JSON_VALUES, st.booleans())
def test_reads_what_json_writes(value: JsonValue, ensure_ascii: bool) -> None:
    """What Python's json module writes is read back equal."""
    data = json.dumps(value, ensure_ascii=ensure_ascii).encode()

    assert value == read_json(data, file="job.json")


@given(st.binary() | st.text('{}[]":,\\u dD8e+-.019ntNaI\n').map(str.encode))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """Any bytes are read, as json reads them, or refused with a DocumentError."""
    try:
        value = read_json(data, file="job.json")
    except DocumentError as error:
        assert error.message  # noqa: PT017 - either outcome is right
    else:
        assert json.loads(data) == value


@pytest.mark.parametrize(
    ("data", "reason", "message", "place"),
    [
        pytest.param(b"", "empty", "the document is empty", (1, 1), id="nothing"),
        pytest.param(b" \n", "empty", "the document is empty", (1, 1), id="blanks"),
        pytest.param(
            b"\xef\xbb\xbf{}",
            "byte-order-mark",
            "the document starts with a byte order mark",
            (1, 1),
            id="byte order mark",
        ),
        pytest.param(
            b'[\n"\xc3\xa9\xff"]',
            "not-utf-8",
            "byte 0xff is not UTF-8",
            (2, 3),
            id="not UTF-8",
        ),
        pytest.param(
            b'{"a": 1,\n "a": 2}',
            "duplicate-key",
            "the name `a` stands twice in one object",
            (2, 2),
            id="duplicate name",
        ),
        pytest.param(
            rb'{"a": 1, "\u0061": 2}',
            "duplicate-key",
            "the name `a` stands twice in one object",
            (1, 10),
            id="duplicate name in disguise",
        ),
        pytest.param(
            b"[NaN]", "not-finite", "`NaN` is not a finite number", (1, 2), id="NaN"
        ),
        pytest.param(
            b"-Infinity",
            "not-finite",
            "`-Infinity` is not a finite number",
            (1, 1),
            id="infinity",
        ),
        pytest.param(
            b"[1e999]",
            "not-finite",
            "`1e999` is not a finite number",
            (1, 2),
            id="overflow",
        ),
        pytest.param(
            b"9" * 400 + b".0",
            "not-finite",
            "`" + "9" * 39 + "…` is not a finite number",
            (1, 1),
            id="overflow without exponent",
        ),
        pytest.param(
            b"9" * 5000,
            "number-too-long",
            "the number is longer than 1000 characters",
            (1, 1),
            id="endless number",
        ),
        pytest.param(
            rb'["a", "\ud800x"]',
            "lone-surrogate",
            "half of a surrogate pair is not a character",
            (1, 7),
            id="half of a pair",
        ),
        pytest.param(
            b"[" * 100_000,
            "too-deep",
            "objects and arrays are nested deeper than 64",
            (1, 65),
            id="abyss",
        ),
        pytest.param(
            b'{"a":' * 100_000,
            "too-deep",
            "objects and arrays are nested deeper than 64",
            (1, 321),
            id="abyss of objects",
        ),
        pytest.param(b"nul", "not-json", "a value is expected here", (1, 1), id="word"),
        pytest.param(
            b"[-]", "not-json", "a value is expected here", (1, 2), id="minus"
        ),
        pytest.param(
            b"[1.-]",
            "not-json",
            "a comma or a closing bracket is expected here",
            (1, 3),
            id="half a number",
        ),
        pytest.param(
            b"{a: 1}",
            "not-json",
            "a name in double quotes is expected here",
            (1, 2),
            id="bare name",
        ),
        pytest.param(
            b'{"a" 1}', "not-json", "a colon is expected here", (1, 6), id="no colon"
        ),
        pytest.param(
            b"[1 2]",
            "not-json",
            "a comma or a closing bracket is expected here",
            (1, 4),
            id="no comma",
        ),
        pytest.param(
            b"[1, \n]",
            "not-json",
            "a comma can't stand before a closing bracket",
            (1, 3),
            id="trailing comma in an array",
        ),
        pytest.param(
            b'{"a": 1,}',
            "not-json",
            "a comma can't stand before a closing bracket",
            (1, 8),
            id="trailing comma in an object",
        ),
        pytest.param(
            b"[1] 2",
            "not-json",
            "something stands behind the end of the document",
            (1, 5),
            id="more than one value",
        ),
        pytest.param(
            b'["a', "not-json", "this string never ends", (1, 2), id="open string"
        ),
        pytest.param(
            b'"a\nb"',
            "not-json",
            "a control character in a string is written as an escape, such as `\\n`",
            (1, 3),
            id="line end in a string",
        ),
        pytest.param(
            rb'"\q"',
            "not-json",
            "this escape does not exist in JSON",
            (1, 2),
            id="unknown escape",
        ),
        pytest.param(
            rb'{"\u12": 1}',
            "not-json",
            "`\\u` takes four hexadecimal digits",
            (1, 4),
            id="half an escape",
        ),
    ],
)
def test_refuses_with_place(
    data: bytes, reason: str, message: str, place: tuple[int, int]
) -> None:
    """What is refused is named in plain words, with line and column."""
    error = refusal(data)

    assert error.at is not None
    assert (reason, message, place) == (
        error.reason,
        error.message,
        (error.at.line, error.at.column),
    )


def test_size_is_checked_before_anything() -> None:
    """A document beyond the bound is refused unread, whatever it holds."""
    data = b"\xff" + b"[" * 2 * 1024 * 1024
    tracemalloc.start()

    error = refusal(data)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.reason == "too-large"
    assert peak < 100_000


@pytest.mark.parametrize("data", [b"[" * 1_000_000, b'"\\' * 500_000, b'"' * 200_000])
def test_hostile_input_needs_no_memory(data: bytes) -> None:
    """Deep nesting and endless strings are refused without building anything."""
    tracemalloc.start()

    refusal(data)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * len(data)


def test_bounds_may_be_set() -> None:
    """Callers choose size and depth; both bounds are inclusive."""
    assert read_json(b"[[1]]", file="x", longest=5, deepest=2) == [[1]]
    assert refusal(b"[[1]]", longest=4).reason == "too-large"
    assert refusal(b"[[1]]", deepest=1).reason == "too-deep"


def test_same_name_in_different_objects_is_fine() -> None:
    """Names are compared within one object only."""
    data = b'{"a": {"a": "a"}, "b": [{"a": 1}, {"a": 2}]}'

    expected = {"a": {"a": "a"}, "b": [{"a": 1}, {"a": 2}]}

    assert expected == read_json(data, file="job.json")


def test_error_shows_its_place() -> None:
    """An error says where, and shows the lines with a caret."""
    error = refusal(b'{"a": 1,\n "a": 2}')

    assert error.at is not None
    assert str(error) == "the name `a` stands twice in one object (job.json:2:2)"
    assert error.at.show() == (
        '  --> job.json:2:2\n    1 | {"a": 1,\n    2 >  "a": 2}\n         ^^^'
    )


def test_error_survives_pickling() -> None:
    """An error crosses from one process to another whole."""
    error = refusal(b"\xef\xbb\xbf{}")

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert vars(error) == vars(copy)
