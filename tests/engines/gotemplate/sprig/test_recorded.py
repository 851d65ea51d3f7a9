"""What real Go and Sprig answered to random calls, recorded.

Go 1.27.3 ran Sprig 3.2.3 and the packages beneath it as Debian 12 packages them
(``golang-github-masterminds-sprig-dev``). Calls whose answer newer versions of those
packages change, or that depend on the clock, are not among them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisionhub_gotemplate import HELM, TemplateSet
from provisionhub_gotemplate.errors import TemplateError

_RECORDED = Path(__file__).with_name("recorded")


def _answer(template: str, data: object) -> dict[str, str]:
    templates = TemplateSet(functions=HELM, name="t")
    try:
        templates.parse("t", template)
        return {"output": templates.execute("t", data)}
    except TemplateError as error:
        return {"error": str(error)}


def _cases(name: str) -> list[dict[str, Any]]:
    lines = (_RECORDED / name).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("calls.ndjson", id="every function, any arguments"),
        pytest.param("corners.ndjson", id="texts that are nearly right"),
    ],
)
def test_answers_as_sprig_does(name: str) -> None:
    """Each call gives the recorded output, or the recorded error."""
    shared = json.loads((_RECORDED / "data.json").read_text(encoding="utf-8"))

    wrong = []
    for case in _cases(name):
        found = _answer(case["template"], case.get("data", shared))
        expected = {key: case[key] for key in ("output", "error") if key in case}
        if found != expected:
            wrong.append((case["template"], expected, found))

    assert wrong == []
