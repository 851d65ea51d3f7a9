"""Places in source texts and how they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.source import Location, Source, printable

TEXT = "apiVersion: v1\nname: {{ .Name | uppr }}\nend\n"


def test_place_shows_lines_and_caret() -> None:
    """A place shows the lines around it, and a caret under each character meant."""
    shown = Source("deployment.yaml.tmpl", TEXT).locate(TEXT.index("uppr"), 4).show()

    assert shown == (
        "  --> deployment.yaml.tmpl:2:18\n"
        "    1 | apiVersion: v1\n"
        "    2 > name: {{ .Name | uppr }}\n"
        "                         ^^^^\n"
        "    3 | end"
    )


@pytest.mark.parametrize(
    ("before", "indent"),
    [
        pytest.param("ab ", 3, id="ascii"),
        pytest.param("\t", 4, id="tab"),
        pytest.param("日本", 4, id="wide characters"),
        pytest.param("e\u0301", 1, id="combining mark"),
        pytest.param("\x1b[31m", 5, id="control character"),
    ],
)
def test_caret_stands_under_the_word(before: str, indent: int) -> None:
    """The caret counts terminal cells, whatever stands before the word."""
    text = f"{before}word after"

    caret = Source("f", text).locate(len(before), 4).show().splitlines()[-1]

    assert caret == " " * (8 + indent) + "^^^^"


def test_terminal_control_is_not_passed_on() -> None:
    """Control and bidirectional characters of a source never reach the terminal."""
    shown = Source("f\x1b", "a\x1b[31m\u202eb\x7f").at(1).show()

    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert printable("\x7f") == "\u2421"


def test_long_line_is_clipped_around_the_word() -> None:
    """Of a very long line only what is near the word is shown."""
    text = "x" * 5000 + "word" + "y" * 5000

    shown = Source("f", text).locate(5000, 4).show()

    assert "word" in shown
    assert max(map(len, shown.splitlines())) < 400


def test_place_without_source_is_just_named() -> None:
    """A place whose source is not at hand shows file, line and column only."""
    assert Location("f.j2", 3, 7).show() == "  --> f.j2:3:7"


def test_carriage_returns_do_not_count_as_columns() -> None:
    """Lines that end in CR LF have the same places as those that end in LF."""
    windows = Source("f", "a\r\nbc\r\n")

    assert str(windows.locate(4)) == "f:2:2"
    assert windows.lines == ["a", "bc", ""]


@given(st.text(), st.integers(min_value=0))
def test_any_place_in_any_text_can_be_shown(text: str, offset: int) -> None:
    """Every character of every text has a place that can be shown."""
    place = Source("f", text).locate(offset % (len(text) + 1))

    assert place.show().startswith("  --> f:")
