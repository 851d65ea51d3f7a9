"""Our engine answers the project's own cases as real Go did, to the letter."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from support.go_cases import Case, CaseFile, load_cases
from support.go_engine import answer

FOLDER: Final = Path(__file__).parent / "cases"
CASES: Final = dict(load_cases(FOLDER))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_answers_as_go_did(case: Case) -> None:
    """A case gives the output, or the error, that Go gave."""
    assert case.answer == answer(case)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*.txt")), ids=lambda each: each.stem
)
def test_file_stays_as_it_is_when_saved(path: Path, tmp_path: Path) -> None:
    """Reading a file of cases and writing it again changes no byte."""
    copy = tmp_path / path.name

    CaseFile.load(path).save(copy)

    assert path.read_bytes() == copy.read_bytes()


def test_names_are_distinct() -> None:
    """No case hides another of the same name."""
    files = [CaseFile.load(path) for path in FOLDER.glob("*.txt")]

    assert sum(len(file.cases) for file in files) == len(CASES)
