"""Fuzzing repeats by its seed, and boils what it finds down to little."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from support.go_cases import MAIN, Answer, Case
from tools.gotemplate.breakage import broken
from tools.gotemplate.comparing import Difference, answer, compare
from tools.gotemplate.fuzz import random_case
from tools.gotemplate.oracle import Oracle
from tools.gotemplate.shrinking import shrink


@dataclass(frozen=True, slots=True)
class _Liar(Oracle):
    """An oracle that says what we say, but for each template with a field `.x`."""

    program: Path = Path("none")

    def ask(self, cases: Sequence[Case]) -> list[Answer | None]:
        return [
            Answer("a lie") if ".x" in case.templates[MAIN] else answer(case)
            for case in cases
        ]


def test_seed_and_number_make_the_case() -> None:
    """The same seed gives the same cases, another seed others."""
    first = [random_case(7, number) for number in range(50)]

    assert first == [random_case(7, number) for number in range(50)]
    assert first != [random_case(8, number) for number in range(50)]


def test_random_cases_survive_their_file() -> None:
    """Any case can be written into a case file, and is read back the same."""
    cases = [
        replace(random_case(3, number), answer=Answer("fine\n"))
        for number in range(200)
    ]
    plain = [
        case
        for case in cases
        if not any(
            "\n---" in each or "\n>>>" in each for each in case.templates.values()
        )
    ]

    read = [Case.read(case.text().removeprefix("=== ")) for case in plain]

    assert [replace(case, layout="") for case in read] == [
        replace(case, options=list(case.options), delims=list(case.delims))
        for case in plain
    ]


def test_breakage_changes_the_source() -> None:
    """Most of what is broken differs from what it was."""
    source = "{{if .a}}{{.b | printf `%d`}}{{end}}"

    results = {broken(source, Random(seed)) for seed in range(100)}  # noqa: S311

    assert len(results - {source}) > 80


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        pytest.param(
            'template: t:1:2: executing "t" at <.a>: nil data; no entry for key "a"',
            'template: u:9:7: executing "u" at <.b.c>: nil data; no entry for key "c"',
            True,
            id="other place and names",
        ),
        pytest.param(
            "template: t:1: unexpected EOF",
            "template: t:1: unclosed action",
            False,
            id="other words",
        ),
    ],
)
def test_kind_is_what_differs_whatever_the_place(
    one: str, other: str, is_same: bool
) -> None:
    """Differences are of one kind if their errors say the same of other things."""
    kinds = {
        Difference(Case("c", {MAIN: ""}), Answer(text, "exec"), Answer("x")).kind
        for text in (one, other)
    }

    assert (len(kinds) == 1) == is_same


def test_shrinking_leaves_what_matters() -> None:
    """A difference that one field makes is shrunk to an action with that field."""
    source = "text {{if .a}}{{range .l}}{{.x}} more{{end}}{{else}}{{print 1 2}}{{end}}"
    case = Case("c", {MAIN: source, "u": "{{.}}"}, {"a": 1, "l": [{"x": 1}, {"x": 2}]})
    (found,) = compare([case], _Liar())
    assert found is not None

    smallest = shrink(found, _Liar())

    assert ".x" in smallest.case.templates[MAIN]
    assert len(smallest.case.templates[MAIN]) < len(source) / 2
    assert list(smallest.case.templates) == [MAIN]
    assert smallest.case.data is None
