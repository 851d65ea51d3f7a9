"""The page for authors tells the truth, and all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from provisionhub.errors import ProvisionError
from provisionhub_gotemplate import HELM, SPRIG, GoTemplateEngine, TemplateSet, limits
from provisionhub_gotemplate.builtins import BUILTINS
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
SPRIGS: Final = _section("Functions of Sprig", "Functions of Helm")
HELMS: Final = _section("Functions of Helm", "Limits")


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


@pytest.mark.parametrize(("example", "result"), _examples(HELMS))
def test_example_of_helm(example: str, result: str) -> None:
    """An example of one of Helm's functions renders to the result beside it."""
    templates = TemplateSet(functions=HELM)
    templates.parse("t", _meant(example))

    assert _meant(result) == templates.execute("t", {})


def test_every_function_is_on_the_page() -> None:
    """The page has a row for each function, and for no other."""
    refused = next(line for line in SPRIGS.splitlines() if line.startswith("These"))

    assert set(BUILTINS) == _names(GO)
    assert set(REFUSED) == set(re.findall(r"`(\w+)`", refused))
    assert set(SPRIG) - set(REFUSED) == _names(SPRIGS)
    assert set(HELM) - set(SPRIG) == _names(HELMS)


def test_the_limits_are_those_of_the_code() -> None:
    """The numbers on the page are the engine's bounds."""
    section = _section("Limits", "Errors")
    numbers = {int(each.replace(" ", "")) for each in re.findall(r"\d[\d ]*", section)}

    assert numbers >= {
        limits.MAX_STEPS,
        limits.MAX_OUTPUT,
        limits.MAX_TEXT,
        limits.MAX_SOURCE,
        limits.MAX_PARENTHESES,
        limits.MAX_BLOCKS,
        limits.MAX_INCLUDE_DEPTH,
    }


def test_the_error_is_the_engine_s() -> None:
    """The error that the page shows is the one that the engine gives."""
    shown = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    source = "spec:\n  containerPort: {{ .Values.prot }}\n"
    template = GoTemplateEngine({}).compile(
        source, name="deployment.yaml.tmpl", partials={}
    )

    with pytest.raises(ProvisionError) as caught:
        template.render({"Values": {"port": 1, "host": 2}})

    assert shown == [caught.value.explain()]


def _meant(cell: str) -> str:
    """Return what a cell of a table stands for."""
    return cell.replace("\\|", "|").replace("⏎", "\n")
