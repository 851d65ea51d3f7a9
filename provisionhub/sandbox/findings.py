"""What lint found, as it crosses from a locked process; nothing of it is believed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.linting import Code, Finding, Report
from provisionhub.sandbox.failures import (
    read_location,
    read_text,
    write_location,
    write_text,
)
from provisionhub.sandbox.reading import Reader

_MOST_FINDINGS: Final = 500
_MOST_VALUES: Final = 10_000
_MOST_FILES: Final = 10_000
_MOST_EFFECTS: Final = 200_000
"""How many values and files are told of as affecting and affected, in pairs."""
_CODES: Final = {str(code): code for code in Code}


def write_report(report: Report) -> JsonObject:
    """Return *report* as JSON from which ``read_report`` makes it again."""
    listed = report.findings[:_MOST_FINDINGS]
    findings: list[JsonValue] = [_write_finding(each) for each in listed]
    files = sorted({file for each in report.affects.values() for file in each})
    named: list[JsonValue] = [write_text(file) for file in files[:_MOST_FILES]]
    return {
        "findings": findings,
        "left_out": report.left_out + len(report.findings) - len(listed),
        "outlined": report.is_outlined,
        "files": named,
        "affects": _write_affects(report, files[:_MOST_FILES]),
    }


def read_report(said: JsonObject) -> Report:
    """Return the report that *said* holds.

    Raises:
        BrokenFrameError: If it holds none, or more than a sound process would send.
    """
    reader = Reader(said)
    findings = reader.each("findings", _read_finding, most=_MOST_FINDINGS)
    files = [read_text(file) for file in reader.texts("files", most=_MOST_FILES)]
    affects = reader.each(
        "affects", lambda each: _read_affected(each, files), most=_MOST_VALUES
    )
    return Report(
        tuple(findings),
        dict(affects),
        is_outlined=reader.flag("outlined"),
        left_out=reader.count("left_out"),
    )


def _write_finding(finding: Finding) -> JsonObject:
    hint, pointer, at = finding.hint, finding.pointer, finding.at
    return {
        "code": str(finding.code),
        "message": write_text(finding.message),
        "hint": None if hint is None else write_text(hint),
        "pointer": None if pointer is None else write_text(pointer),
        "at": None if at is None else write_location(at),
    }


def _read_finding(reader: Reader) -> Finding:
    code = _CODES.get(reader.text("code"))
    if code is None:
        raise reader.broken("a finding of no known kind")
    hint, pointer = reader.optional_text("hint"), reader.optional_text("pointer")
    at = reader.get("at")
    return Finding(
        code,
        read_text(reader.text("message")),
        None if at is None else read_location(at),
        None if hint is None else read_text(hint),
        None if pointer is None else read_text(pointer),
    )


def _write_affects(report: Report, files: Sequence[str]) -> list[JsonValue]:
    """Return each value with the files that it affects, each by its number.

    Many a value affects most of the files: they are named once.
    """
    number = {file: index for index, file in enumerate(files)}
    told: list[JsonValue] = []
    left = _MOST_EFFECTS
    for pointer, affected in islice(report.affects.items(), _MOST_VALUES):
        indices = [number[file] for file in affected if file in number][:left]
        left -= len(indices)
        told.append({"pointer": write_text(pointer), "files": [*indices]})
    return told


def _read_affected(reader: Reader, files: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    indices = reader.counts("files", most=_MOST_FILES, below=len(files))
    return read_text(reader.text("pointer")), tuple(files[each] for each in indices)
