"""``len``, ``index`` and ``slice``."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate.builtins.indexing import cut, index, length
from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.values import (
    MISSING,
    Interface,
    Map,
    Slice,
    Uint8,
    go_type,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("héllo", 6), ("\udcff", 1), ([1, 2], 2), ({}, 0), (Interface("ab"), 2)],
)
def test_length_counts_bytes_and_elements(value: object, expected: int) -> None:
    """A character may be several bytes."""
    assert expected == length(value)


def test_index_of_text_is_a_byte() -> None:
    """Not a character, and its type is uint8."""
    byte = index("é", 0)
    assert byte == Uint8(0xC3)
    assert go_type(byte) == "uint8"


def test_index_of_a_typed_map_has_a_zero() -> None:
    """Where the key is missing, the elements' type says what there is instead."""
    assert index(Map("string", {}), "a") == ""
    assert index(Map("int", {}), "a") == 0


def test_index_goes_deeper_by_further_keys() -> None:
    """Lists by numbers, maps by keys."""
    found = index({"a": [1, {"b": "c"}]}, "a", 1, "b")
    assert isinstance(found, Interface)
    assert found.value == "c"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((MISSING, 1), "index of untyped nil"),
        (([1], 2), "index out of range: 2"),
        (([1], -1), "index out of range: -1"),
        (([1], 1), "reflect: slice index out of range"),
        (("a", 1), "reflect: string index out of range"),
        (([1], "a"), "cannot index slice/array with type string"),
        (([1], MISSING), "cannot index slice/array with nil"),
        (({}, 1), "value has type int; should be string"),
        (({}, MISSING), "value is nil; should be of type string"),
        ((7, 1), "can't index item of type int"),
        (({}, "a", "b"), "index of nil pointer"),
    ],
)
def test_index_fails_in_the_words_of_go(
    arguments: tuple[object, ...], expected: str
) -> None:
    """Whatever does not fit."""
    with pytest.raises(FunctionError) as caught:
        index(*arguments)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("hello", 1, 3), "el"),
        (("é", 1), "\udca9"),
        (([1, 2, 3], 1), [2, 3]),
        (([1, 2, 3], 0, 4), [1, 2, 3, None]),
        ((Slice("int", [1, 2]), 0, 1, 1), [1]),
    ],
)
def test_slice_cuts_bytes_and_elements(
    arguments: tuple[object, ...], expected: object
) -> None:
    """As far as Go's capacity goes, which may be beyond the end."""
    assert expected == cut(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((MISSING,), "slice of untyped nil"),
        (("abc", 1, 2, 3), "cannot 3-index slice a string"),
        (("abc", 2, 1), "invalid slice index: 2 > 1"),
        (("abc", 4), "index out of range: 4"),
        (([1], 1, 1, 1, 1), "too many slice indexes: 4"),
        (({}, 1), "can't slice item of type map[string]interface {}"),
        (([1], Interface(1)), "cannot index slice/array with type interface {}"),
    ],
)
def test_slice_fails_in_the_words_of_go(
    arguments: tuple[object, ...], expected: str
) -> None:
    """Whatever does not fit."""
    with pytest.raises(FunctionError) as caught:
        cut(*arguments)
    assert str(caught.value) == expected
