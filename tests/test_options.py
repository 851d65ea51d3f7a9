"""The options of engines: declared once, read and refused alike."""

from __future__ import annotations

import pytest

from provisionhub.errors import InvalidBlueprintError
from provisionhub.jsontypes import JsonObject
from provisionhub.options import by_name, choice, flag, refuse_unknown

COLOUR = choice("colour", "red", "green", about="what colour it has")
BRIGHT = flag("bright", about="whether it is bright")
OPTIONS = by_name(COLOUR, BRIGHT)


def _read(options: JsonObject) -> tuple[str, bool]:
    refuse_unknown(options, OPTIONS, engine="Paint")
    return COLOUR.of(options), BRIGHT.of(options)


def test_absent_options_are_their_defaults() -> None:
    """A choice is its first text, a flag is false."""
    assert _read({}) == ("red", False)


def test_given_options_are_read() -> None:
    """What a manifest says is what the engine gets."""
    assert _read({"bright": True, "colour": "green"}) == ("green", True)


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"color": "red"},
            "unknown engine option `color`; the Paint engine knows `colour`, `bright`",
            "did you mean `colour`?",
        ),
        (
            {"colour": "gren"},
            'engine option `colour` is `"gren"`; accepted: `red`, `green`',
            "did you mean `green`?",
        ),
        (
            {"colour": ["red"]},
            'engine option `colour` is `["red"]`; accepted: `red`, `green`',
            None,
        ),
        (
            {"bright": 1},
            "engine option `bright` is `1`; accepted: `false`, `true`",
            None,
        ),
    ],
    ids=["unknown", "misspelled", "of another type", "a number for a flag"],
)
def test_refusal_says_what_is_accepted(
    options: JsonObject, message: str, hint: str | None
) -> None:
    """An unknown name or value is refused with what is accepted, and the near one."""
    with pytest.raises(InvalidBlueprintError) as caught:
        _read(options)

    assert (message, hint) == (caught.value.message, caught.value.hint)


def test_engine_without_options_says_so() -> None:
    """An engine that knows no options refuses each by its name."""
    with pytest.raises(
        InvalidBlueprintError, match="`colour`; the Paint engine knows none"
    ):
        refuse_unknown({"colour": "red"}, (), engine="Paint")


@pytest.mark.parametrize("options", [{"x" * 10**6: 1}, {"colour": "x" * 10**6}])
def test_long_names_and_values_are_cut(options: JsonObject) -> None:
    """However long what is refused is, the error stays short."""
    with pytest.raises(InvalidBlueprintError) as caught:
        _read(options)

    assert len(caught.value.message) < 200
