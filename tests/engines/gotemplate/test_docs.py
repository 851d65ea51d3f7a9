"""The page for authors tells the truth, and all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from provisionhub_gotemplate.builtins import BUILTINS

from provisionhub_gotemplate import SPRIG, TemplateSet
from provisionhub_gotemplate.sprig.refused import REFUSED

PAGE: Final = (
    Path(__file__).parents[3].joinpath("docs/engines/go.md").read_text("utf-8")
)
ROW: Final = re.compile(
    r"^\| (?P<names>`[^|]*) \| (?:`(?P<example>\{\{.*\}\})`|[^|]*) \|"
    r" (?:`(?P<result>.*)` )?\|$",
    re.MULTILINE,
)


def _section(start: str, end: str) -> str:
    return PAGE.split(f"\n## {start}\n")[1].split(f"\n## {end}\n")[0]


GO: Final = _section("Functions of Go", "Functions of Sprig")
SPRIGS: Final = _section("Functions of Sprig", "Errors")


def _examples(section: str) -> list[tuple[str, str]]:
    return [
        (row["example"], row["result"])
        for row in ROW.finditer(section)
        if row["example"] is not None
    ]


def _names(section: str) -> set[str]:
    rows = ROW.finditer(section)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row["names"])}


@pytest.mark.parametrize(("example", "result"), _examples(GO))
def test_example_of_go(example: str, result: str) -> None:
    """An example of a builtin function renders to the result beside it."""
    templates = TemplateSet()
    templates.parse("t", _meant(example))

    assert _meant(result) == templates.execute("t", {})


@pytest.mark.parametrize(("example", "result"), _examples(SPRIGS))
def test_example_of_sprig(example: str, result: str) -> None:
    """An example of one of Sprig's functions renders to the result beside it."""
    templates = TemplateSet(functions=SPRIG)
    templates.parse("t", _meant(example))

    assert _meant(result) == templates.execute("t", {})


def test_every_function_is_on_the_page() -> None:
    """The page has a row for each function, and for no other."""
    refused = next(line for line in SPRIGS.splitlines() if line.startswith("These"))

    assert set(BUILTINS) == _names(GO)
    assert set(REFUSED) == set(re.findall(r"`(\w+)`", refused))
    assert set(SPRIG) - set(REFUSED) == _names(SPRIGS)


def _meant(cell: str) -> str:
    """Return what a cell of a table stands for."""
    return cell.replace("\\|", "|").replace("⏎", "\n")
