"""Go's own answers, recorded: every output and every error text must be the same."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from provisionhub_gotemplate import SPRIG, TemplateSet
from provisionhub_gotemplate.errors import TemplateError
from support.go_functions import GO_TEST, HELM

_VECTORS = Path(__file__).resolve().parents[3].parent / "shared/vectors/go.ndjson"
_FUNCTIONS: Mapping[str, Mapping[str, Any]] = {
    "builtin": {},
    "sprig": SPRIG,
    "gotest": GO_TEST,
    "helm": HELM,
}

pytestmark = pytest.mark.skipif(
    not _VECTORS.is_file(), reason="Go's recorded answers are not at hand"
)


@cache
def _cases() -> Mapping[str, list[dict[str, Any]]]:
    cases: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if _VECTORS.is_file():
        for line in _VECTORS.read_text(encoding="utf-8").split("\n")[:-1]:
            case = json.loads(line)
            cases[case["category"]].append(case)
    return cases


_UNSTEADY = frozenset({"sprig_upstream_tests-0017", "sprig_upstream_tests-0018"})
"""Cases that print the time of the recording, which a reproducible tree must not."""


def _answers(case: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return what the case gives, executed again: compiled code is met as well."""
    try:
        templates = TemplateSet(
            functions=_FUNCTIONS[case["funcs"]],
            delimiters=tuple(case.get("delims") or ("", "")),
            options=case["options"],
            name=case["main"],
        )
        for name, source in sorted(case["templates"].items()):
            templates.parse(name, source)
    except TemplateError as error:
        return {("error", str(error))}
    return {_answer(templates, case) for _ in range(_rounds(case))}


def _rounds(case: Mapping[str, Any]) -> int:
    """Return how often to execute: the dear cases once, or twice."""
    if case["category"] == "recursion_limit":
        return 1
    return 3 if case["funcs"] == "builtin" else 2


def _answer(templates: TemplateSet, case: Mapping[str, Any]) -> tuple[str, str]:
    try:
        return "output", templates.execute(case["main"], case["data"])
    except TemplateError as error:
        return "error", str(error)


def _expected(case: Mapping[str, Any]) -> tuple[str, str]:
    kind = "output" if "output" in case else "error"
    return kind, case[kind]


@pytest.mark.parametrize("category", sorted(_cases()))
def test_answers_as_go_does(category: str) -> None:
    """Each case of the category gives Go's output, or Go's error text."""
    cases = [case for case in _cases()[category] if case["id"] not in _UNSTEADY]

    wrong = [case["id"] for case in cases if _answers(case) != {_expected(case)}]

    print(f"{category:24} {len(cases) - len(wrong):5} of {len(cases)}")  # noqa: T201
    assert wrong == []
