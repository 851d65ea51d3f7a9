"""Records real Go's answers to the project's own cases: `make oracle`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from support.go_cases import Case, CaseFile
from tools.gotemplate.oracle import Oracle


def record(path: Path, oracle: Oracle) -> list[str]:
    """Write Go's answers into a file of cases; return what changed or has none."""
    file = CaseFile.load(path)
    told, answered = [], []
    for case, answer in zip(file.cases, oracle.ask(file.cases), strict=True):
        answered.append(replace(case, answer=answer))
        if answer is None:
            told.append(f"{path.name}: {case.name}: Go has no one answer to it")
        elif answer != case.answer:
            told.append(f"{path.name}: {case.name}: {_change(case)}")
    CaseFile(file.note, answered).save(path)
    return told


def _change(case: Case) -> str:
    return "recorded" if case.answer is None else "answer changed"


def main() -> None:
    """Record the answers to every file of a folder; fail if a case has none."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path, help="the built oracle")
    arguments.add_argument("folder", type=Path, help="where the case files are")
    given = arguments.parse_args()
    oracle = Oracle(given.program)
    told = [
        line
        for path in sorted(given.folder.glob("*.txt"))
        for line in record(path, oracle)
    ]
    print(*told, sep="\n", end="\n" if told else "")
    sys.exit(any(line.endswith("no one answer to it") for line in told))


if __name__ == "__main__":
    main()
