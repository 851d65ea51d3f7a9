"""The page for authors tells the truth; tests/test_reference.py sees to the rest."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from provisionhub.errors import ProvisionError
from provisionhub_jinja import JinjaEngine, limits

PAGE: Final = (
    Path(__file__).parents[3].joinpath("docs/engines/jinja2.md").read_text("utf-8")
)


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
