"""``docs/reference`` is what the code says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from provisionhub.cli.commands import cli
from provisionhub.errors import ProvisionError
from provisionhub.settings import Settings
from provisionhub_gotemplate import HELM, SPRIG
from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_jinja.filters import FILTERS
from provisionhub_jinja.predicates import PREDICATES
from tools.reference.pages import pages

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"

EXAMPLES = Path(__file__).resolve().parents[1] / "tools" / "reference" / "examples"


@pytest.fixture(scope="module")
def made() -> Mapping[str, str]:
    """Every page as the code has it now."""
    return pages()


def test_pages_are_up_to_date(made: Mapping[str, str]) -> None:
    """What is committed is what ``make docs`` writes."""
    kept = {
        page.relative_to(FOLDER).as_posix(): page.read_text(encoding="utf-8")
        for page in FOLDER.rglob("*.md")
    }
    stale = [
        path for path in made.keys() | kept.keys() if made.get(path) != kept.get(path)
    ]

    assert stale == [], "run `make docs`"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("settings.md", [name.upper() for name in Settings.model_fields]),
        ("engines/go.md", [*BUILTINS, *SPRIG, *HELM]),
        ("engines/jinja2.md", [*FILTERS, *PREDICATES]),
        ("errors.md", [kind.code for kind in ProvisionError.__subclasses__()]),
    ],
)
def test_every_name_has_a_row(
    made: Mapping[str, str], page: str, names: list[str]
) -> None:
    """A page has a row for each name, and no row without a meaning."""
    first_cells = re.findall(r"^\| (.*?) \|", made[page], re.MULTILINE)
    listed = {
        name.partition("(")[0]
        for cell in first_cells
        for name in re.findall(r"`([^`]+)`", cell)
    }

    assert set(names) - listed == set()


@pytest.mark.parametrize("page", ["go", "jinja2", "mustache"])
def test_every_function_says_what_it_does(made: Mapping[str, str], page: str) -> None:
    """No row of an engine's page has an empty cell, or a text of Python's own."""
    rows = re.findall(r"^\| `.*\|$", made[f"engines/{page}.md"], re.MULTILINE)

    assert rows
    assert [row for row in rows if "|  |" in row or "partial(func" in row] == []


@pytest.mark.parametrize("page", ["go", "jinja2", "mustache"])
def test_every_example_is_shown(made: Mapping[str, str], page: str) -> None:
    """There is no example of what is no longer there."""
    file = EXAMPLES / f"{page}.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    templates = [line.partition(": ")[2] for line in lines if ": " in line]
    shown = made[f"engines/{page}.md"].replace("\\|", "|")

    assert [each for each in templates if each not in shown] == []


def test_every_command_has_a_section(made: Mapping[str, str]) -> None:
    """A page has a section for each command."""
    names = {
        command.name or getattr(command.callback, "__name__", "")
        for command in cli.registered_commands
    }
    sections = set(re.findall(r"^## provisionhub (\S+)", made["cli.md"], re.MULTILINE))

    assert names <= sections


def test_a_new_setting_is_picked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is made of the code alone: what is added there shows here."""

    class More(Settings):
        one_more: int = 3

    monkeypatch.setattr("tools.reference.settings.Settings", More)

    assert "| `ONE_MORE` | whole number | `3` |" in pages()["settings.md"]
