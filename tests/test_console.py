"""How the pages' blocks are compared with what their commands show."""

from __future__ import annotations

import pytest

from support.console import is_shown


@pytest.mark.parametrize(
    ("shown", "output", "expected"),
    [
        pytest.param("a\nb\n", "a\nb", True, id="equal"),
        pytest.param("a\nb\n", "a\nc", False, id="another line"),
        pytest.param("a\n", "a\nb", False, id="more lines"),
        pytest.param("…\nb\n", "a\na\nb", True, id="any lines first"),
        pytest.param("a\n…\n", "a", True, id="no lines last"),
        pytest.param("a\n…\nb\n…\nc\n", "a\nx\nb\ny\nz\nc", True, id="any between"),
        pytest.param("a\n…\na\n", "a", False, id="one line is not two"),
        pytest.param("took 0.02s\n", "took 1.75s", True, id="another time"),
        pytest.param("at …/demo\n", "at x/y/demo", True, id="any characters"),
        pytest.param("…\nb\n…\nc\n", "a\n" * 20_000, False, id="long and otherwise"),
    ],
)
def test_output_is_what_is_shown(shown: str, output: str, expected: bool) -> None:
    """Lines are equal, but for what the page leaves open; never slowly."""
    assert is_shown(shown, output) is expected
