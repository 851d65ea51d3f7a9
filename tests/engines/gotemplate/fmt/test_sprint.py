"""``print`` and ``println``: where spaces are."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate.fmt import format_value, sorted_keys, sprint, sprintln


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), ""),
        ((1, 2, "x", 3, 4), "1 2x3 4"),
        (("a", "b"), "ab"),
        ((None, None), "<nil> <nil>"),
        ((1, True, 2.5, [1]), "1 true 2.5 [1]"),
    ],
)
def test_print_separates_operands_that_are_no_text(
    values: tuple[object, ...], expected: str
) -> None:
    """A space stands only between two operands neither of which is a string."""
    assert expected == sprint(*values)


def test_println_separates_all_operands() -> None:
    """Texts too, and a line's end follows."""
    assert sprintln("a", "b", 1) == "a b 1\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a", "a"), (7, "7"), (True, "true"), (1e6, "1e+06"), ({}, "map[]")],
)
def test_values_alone_print_as_v_does(value: object, expected: str) -> None:
    """What an action prints is what ``%v`` does."""
    assert expected == format_value(value)


def test_keys_are_sorted_by_bytes() -> None:
    """A raw byte 0xff comes after each character of UTF-8."""
    assert sorted_keys({"\udcff": 0, "\U0001f600": 0, "a": 0}) == [
        "a",
        "\U0001f600",
        "\udcff",
    ]
