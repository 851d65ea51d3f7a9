"""The Mustache spec's own tests: all of its core, inheritance and dynamic names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from provisionhub_mustache import MustacheEngine

_VECTORS = (
    Path(__file__).resolve().parents[3].parent / "shared" / "vectors" / "mustache"
)
_OPTIONAL = ("~inheritance", "~dynamic-names")
_CORE = (
    "comments",
    "delimiters",
    "interpolation",
    "inverted",
    "partials",
    "sections",
)

pytestmark = pytest.mark.skipif(
    not _VECTORS.is_dir(), reason=f"the spec's data is not at {_VECTORS.name}/"
)


def _load(module: str) -> list[dict[str, Any]]:
    path = _VECTORS / f"{module}.json"
    if not path.is_file():
        return []
    tests: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["tests"]
    return tests


def _rows() -> list[Any]:
    return [
        pytest.param(test, id=f"{module}-{number}-{test['name']}")
        for module in (*_CORE, *_OPTIONAL)
        for number, test in enumerate(_load(module))
    ]


@pytest.mark.parametrize("test", _rows())
def test_renders_as_the_spec_says(test: dict[str, Any]) -> None:
    """Each of the spec's examples renders what the spec expects."""
    engine = MustacheEngine({"escape": "html", "missing": "empty"})

    template = engine.compile(
        test["template"], name=test["name"], partials=test.get("partials", {})
    )

    assert test["expected"] == template.render(test["data"])


def test_the_whole_spec_is_at_hand() -> None:
    """The core modules hold 136 tests, dynamic names 21 and inheritance 27."""
    counts = {module: len(_load(module)) for module in (*_CORE, *_OPTIONAL)}

    assert sum(counts[module] for module in _CORE) == 136
    assert counts["~dynamic-names"] == 21
    assert counts["~inheritance"] == 27
