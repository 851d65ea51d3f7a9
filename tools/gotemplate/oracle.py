"""Asks real Go what it makes of cases, through the program in `tools/oracle`."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisionhub.jsontypes import JsonObject
from support.go_cases import MAIN, Answer, Case

_TIMED_OUT: Final = 3  # how the program ends after a case that took too long


class OracleError(Exception):
    """The program failed, or answered what was not asked."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """The program, built; each question starts it anew, which takes milliseconds."""

    program: Path

    def ask(self, cases: Sequence[Case]) -> list[Answer | None]:
        """Return Go's answer to each case.

        None stands for what has no one answer: Go gave two different ones, wrote
        without end, or took too long.

        Raises:
            OracleError: If the program fails.
        """
        answers: list[Answer | None] = []
        while len(answers) < len(cases):
            before = len(answers)
            answers += self._run(cases[before:])
            if len(answers) == before:
                raise OracleError("the oracle answered nothing")
        return answers

    def _run(self, cases: Sequence[Case]) -> Iterator[Answer | None]:
        done = subprocess.run(
            [self.program, "answer"],
            input="".join(f"{json.dumps(_question(case))}\n" for case in cases),
            env=os.environ | {"TZ": "UTC"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode not in (0, _TIMED_OUT):
            raise OracleError(done.stderr[-2000:])
        for line in done.stdout.splitlines():
            yield _read(json.loads(line))


def _question(case: Case) -> JsonObject:
    return {
        "id": case.name,
        "templates": dict(case.templates),
        "main": MAIN,
        "data": case.data,
        "options": list(case.options),
        "delims": list(case.delims),
        "funcs": case.funcs,
    }


def _read(line: JsonObject) -> Answer | None:
    phase = str(line.get("phase", ""))
    if line.get("unstable") or phase in ("limit", "timeout", "panic"):
        return None
    if phase == "data":
        raise OracleError(str(line["error"]))
    if phase:
        return Answer(str(line["error"]), phase)
    if "base64" in line:
        raw = base64.b64decode(str(line["base64"]))
        return Answer(raw.decode("utf-8", "surrogateescape"))
    return Answer(str(line.get("output", "")))
