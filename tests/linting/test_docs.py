"""The page on lint: every code is on it, and its examples are what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provisionhub.linting import Code
from provisionhub.linting.findings import SEVERITIES
from support.blueprints import MANIFEST
from support.console import blocks_of
from support.linting import report

PAGE = Path(__file__).resolve().parents[2] / "docs" / "linting.md"
SECTIONS = dict(
    re.findall(
        r"^### `([a-z-]+)`\n(.*?)(?=^### |\Z)",
        PAGE.read_text(encoding="utf-8"),
        flags=re.DOTALL | re.MULTILINE,
    )
)


def files_of(text: str) -> dict[str, str]:
    """Return the files that *text* shows."""
    return {block.path: block.text for block in blocks_of(text) if block.path}


def found(files: dict[str, str]) -> list[str]:
    """Return the codes of what is found in *files*."""
    rest = files.get("blueprint.yaml", "")
    others = {path: text for path, text in files.items() if path != "blueprint.yaml"}
    return [str(each.code) for each in report(others, MANIFEST + rest).findings]


def test_every_code_is_documented() -> None:
    """The page has a section for each code, and for no other."""
    assert set(SECTIONS) == {str(code) for code in Code}


@pytest.mark.parametrize("code", SECTIONS)
def test_severity_is_documented(code: str) -> None:
    """Each section says first how bad its finding is."""
    severity = str(SEVERITIES[Code(code)]).capitalize()

    assert SECTIONS[code].strip().startswith(f"{severity}. ")


@pytest.mark.parametrize("code", SECTIONS)
def test_examples_are_what_they_are_said_to_be(code: str) -> None:
    """The first example of a section has its finding alone, the better one none."""
    bad, _, better = SECTIONS[code].partition("\nBetter:\n")
    files = files_of(bad)

    assert found(files) == [code]
    assert found(files | files_of(better)) == []
