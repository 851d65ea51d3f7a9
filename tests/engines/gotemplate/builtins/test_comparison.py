"""``eq`` and its like: what is equal, what has an order, and what is an error."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.values import MISSING, Int64, Interface, Uint8


def _call(name: str, *arguments: object) -> object:
    return BUILTINS[name].call(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1, 1), True),
        ((1, 2, 3, 1), True),
        (("a", Interface("a")), True),
        ((97, Uint8(97)), True),
        ((Int64(-1), -1), True),
        ((1.5, 1.5), True),
        ((float("nan"), float("nan")), False),
        ((True, True), True),
        ((1, MISSING), False),
        ((MISSING, Interface(None)), True),
        (([], MISSING), False),
        ((2, 2, "never compared"), True),
    ],
)
def test_equality_minds_types(arguments: tuple[object, ...], expected: object) -> None:
    """Integers of all sizes compare, nil with all; the first match ends it."""
    assert expected is _call("eq", *arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("eq", (1,), "missing argument for comparison"),
        ("eq", (1, 1.0), "incompatible types for comparison: int and float64"),
        ("eq", (True, 1), "incompatible types for comparison: bool and int"),
        ("eq", ([1], [1]), "non-comparable type [%!s(int=1)]: []interface {}"),
        (
            "ne",
            ([1], {"a": 2}),
            (
                "non-comparable types [%!s(int=1)]: []interface {},"
                " map[string]interface {}: map[a:2]"
            ),
        ),
        ("lt", (True, False), "invalid type for comparison"),
        ("le", (None, 1), "invalid type for comparison"),
        ("gt", (1, "a"), "incompatible types for comparison: int and string"),
        ("ge", (1j, 1j), "invalid type for comparison"),
    ],
)
def test_types_that_go_keeps_apart_are_errors(
    name: str, arguments: tuple[object, ...], expected: str
) -> None:
    """In the words of Go."""
    with pytest.raises(FunctionError) as caught:
        _call(name, *arguments)
    assert str(caught.value) == expected


def test_order_of_texts_is_that_of_their_bytes() -> None:
    """A raw byte comes after each character, and case matters."""
    assert _call("lt", "\U0001f600", "\udcff") is True
    assert _call("lt", "Z", "a") is True
    assert _call("ge", "b", "b") is True


def test_nothing_is_less_than_not_a_number() -> None:
    """So it is, as in Go, greater than or equal to anything."""
    nan = float("nan")
    answers = [_call(name, nan, 1.0) for name in ("lt", "le", "gt", "ge")]
    assert answers == [False, False, True, True]
