"""Golden cases: each file of ``cases/`` renders to its snapshot, or fails with it.

A case is a JSON context, a line ``---`` and a template, then any number of sections
``--- partial NAME`` and at most one ``--- options`` (JSON). Its snapshot is the text,
or the whole error as a person sees it. A new case is a new file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension

from provisionhub.errors import ProvisionError
from provisionhub_mustache import MustacheEngine

_CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
_SECTION = re.compile(r"^--- (options|partial (\S+))\n", re.MULTILINE)


class _ExactText(SingleFileSnapshotExtension):
    """One file for each snapshot, byte for byte: line ends matter."""

    file_extension = "txt"


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.stem)
def test_renders_golden_case(case: Path, snapshot: SnapshotAssertion) -> None:
    """The case renders what was recorded, or fails with the error recorded."""
    context, template, partials, options = _read(case)

    try:
        compiled = MustacheEngine(options).compile(
            template, name=f"{case.stem}.mustache", partials=partials
        )
        shown = compiled.render(context)
    except ProvisionError as error:
        shown = error.explain() + "\n"

    assert snapshot(extension_class=_ExactText) == shown.encode()


def _read(case: Path) -> tuple[Any, str, dict[str, str], dict[str, Any]]:
    text = case.read_bytes().decode()
    context, _, rest = text.partition("\n---\n")
    template, *sections = _SECTION.split(rest)
    partials: dict[str, str] = {}
    options: dict[str, Any] = {}
    for kind, name, body in zip(*[iter(sections)] * 3, strict=True):
        if kind == "options":
            options = json.loads(body)
        else:
            partials[name] = body
    return json.loads(context), template, partials, options
