"""The reference for authors tells the truth, and all of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from provisionhub.errors import ProvisionError
from provisionhub_jinja import JinjaEngine, limits
from provisionhub_jinja.attributes import METHODS
from provisionhub_jinja.filters import FILTERS
from provisionhub_jinja.runtime import GLOBALS

PAGE: Final = (
    Path(__file__).parents[3].joinpath("docs/engines/jinja2.md").read_text("utf-8")
)
ROW: Final = re.compile(
    r"^\| ?(?P<names>[^|]*)\| `(?P<example>\{[{%].*[%}]\})` \| `(?P<result>.*)` \|$",
    re.MULTILINE,
)
EXAMPLES: Final = [
    (_plain["names"], _plain["example"], _plain["result"])
    for _plain in ROW.finditer(PAGE)
]


@pytest.mark.parametrize(("names", "example", "result"), EXAMPLES)
def test_example_gives_what_the_page_says(
    names: str, example: str, result: str
) -> None:
    """Each example of a filter renders to the result that stands beside it."""
    del names
    template = JinjaEngine({}).compile(_meant(example), name="t", partials={})

    assert _meant(result) == template.render({"Values": {}})


def test_every_filter_is_on_the_page() -> None:
    """The page has a row for each filter, and for no other."""
    documented = {
        name for names, _, _ in EXAMPLES for name in re.findall(r"`(\w+)`", names)
    }

    assert set(FILTERS) == documented


def test_every_function_is_on_the_page() -> None:
    """The page has each function that templates know."""
    section = PAGE.split("## What a template sees")[1].split("## Data")[0]

    assert set(GLOBALS) == set(re.findall(r"^\| `(\w+)\(", section, re.MULTILINE))


def test_every_method_is_on_the_page() -> None:
    """The page has each method that text and mappings have."""
    section = PAGE.split("## Data")[1].split("## Filters")[0]
    rows = dict(re.findall(r"^\| (mappings|text) \| (.*) \|$", section, re.MULTILINE))

    assert set(METHODS[str]) == set(re.findall(r"`(\w+)`", rows["text"]))
    assert set(METHODS[dict]) == set(re.findall(r"`(\w+)\(", rows["mappings"]))


def test_the_limits_are_those_of_the_code() -> None:
    """The numbers on the page are the engine's bounds."""
    section = PAGE.split("## Limits")[1].split("## Errors")[0]
    numbers = {int(each.replace(" ", "")) for each in re.findall(r"\d[\d ]*", section)}

    assert numbers >= {
        limits.MAX_STEPS,
        limits.STEPS_OF_CALL,
        limits.STEPS_OF_INCLUDE,
        limits.MAX_TEXT,
        limits.MAX_DEPTH,
        limits.MAX_BLOCKS,
        limits.MAX_LOOPS,
        limits.MAX_BRACKETS,
        limits.MAX_EXPRESSION_DEPTH,
        limits.MAX_FIELD,
        limits.MAX_NESTING,
        limits.MAX_SLOW_TEXT,
    }


def test_the_error_is_the_engine_s() -> None:
    """The error that the page shows is the one that the engine gives."""
    shown = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)
    source = "spec:\n  containerPort: {{ Values.prot }}\n"
    template = JinjaEngine({}).compile(source, name="deployment.yaml.j2", partials={})

    with pytest.raises(ProvisionError) as caught:
        template.render({"Values": {"port": 1, "host": 2}})

    assert shown == [caught.value.explain()]


def _meant(cell: str) -> str:
    """Return what a cell of a table stands for."""
    return cell.replace("\\|", "|").replace("⏎", "\n")
