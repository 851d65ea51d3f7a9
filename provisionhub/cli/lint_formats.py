"""How findings are printed: for people, for scripts, for GitLab and for GitHub."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from rich.text import Text

from provisionhub.cli.console import print_json, stdout
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.linting import Finding, Report, Severity
from provisionhub.source import printable

Reports = Mapping[str, Report]

_GITLAB_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor"}


class Form(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    CODE_QUALITY = "codequality"
    GITHUB = "github"


def _print_text(reports: Reports) -> None:
    """Print each finding as errors are: message, place with excerpt, hint."""
    console = stdout()
    for name, finding in _each(reports):
        shown = Text(_explain(name, finding) + "\n")
        shown.highlight_regex(r"\Aerror\[[a-z-]+\]", "bold red")
        shown.highlight_regex(r"\Awarning\[[a-z-]+\]", "bold yellow")
        shown.highlight_regex(r"(?m)^hint:", "bold cyan")
        shown.highlight_regex(r"(?m)^ +\^+$", "bold red")
        console.print(shown, soft_wrap=True)


def _explain(name: str, finding: Finding) -> str:
    head = f"{finding.severity}[{finding.code}] {name}: {finding.message}"
    parts = [printable(head)]
    if finding.at is not None:
        parts.append(finding.at.show())
    if finding.hint is not None:
        parts += ["", f"hint: {finding.hint}"]
    return "\n".join(parts)


def _print_json(reports: Reports) -> None:
    """Print one object: each blueprint's report by its name."""
    print_json({"blueprints": {name: each.to_json() for name, each in reports.items()}})


def _print_code_quality(reports: Reports) -> None:
    """Print a report as GitLab takes it under ``artifacts:reports:codequality``.

    A fingerprint says which finding is the same as before: it must stay when lines
    move, and differ from all others of the report.
    """
    seen: Counter[str] = Counter()
    issues: list[JsonValue] = []
    for name, finding in _each(reports):
        key = "\n".join((name, finding.code, finding.message, *_context(finding)))
        seen[key] += 1
        fingerprint = hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()
        issues.append(_issue(name, finding, fingerprint))
    print_json(issues)


def _issue(name: str, finding: Finding, fingerprint: str) -> JsonObject:
    hint = "" if finding.hint is None else f" ({finding.hint})"
    return {
        "description": f"{name}: {finding.message}{hint}",
        "check_name": str(finding.code),
        "fingerprint": fingerprint,
        "severity": _GITLAB_SEVERITIES[finding.severity],
        "location": {
            "path": _path(name, finding),
            "lines": {"begin": 1 if finding.at is None else finding.at.line},
        },
    }


def _context(finding: Finding) -> Iterator[str]:
    """Yield what tells a finding from its likes, whatever its line's number."""
    at = finding.at
    if at is None:
        return
    yield at.file
    if at.excerpt is not None:
        index = at.line - at.excerpt.first_line
        yield from (line.strip() for line in at.excerpt.lines[index : index + 1])


def _print_annotations(reports: Reports) -> None:
    """Print workflow commands, from which GitHub makes annotations."""
    for name, finding in _each(reports):
        at = finding.at
        where = f"file={_property(_path(name, finding))}"
        if at is not None:
            where += f",line={at.line},col={at.column},endColumn={at.column + at.width}"
        title = _property(f"{finding.code} in {name}")
        hint = "" if finding.hint is None else f"\nhint: {finding.hint}"
        message = _data(finding.message + hint)
        sys.stdout.write(f"::{finding.severity} {where},title={title}::{message}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _path(name: str, finding: Finding) -> str:
    """Return the file as CI knows it: from where the command runs, if it is below."""
    if finding.at is None:
        return name
    path = Path(finding.at.file)
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _each(reports: Reports) -> Iterator[tuple[str, Finding]]:
    for name, report in reports.items():
        for finding in report.findings:
            yield name, finding


FORMATS: Final[Mapping[Form, Callable[[Reports], None]]] = {
    Form.TEXT: _print_text,
    Form.JSON: _print_json,
    Form.CODE_QUALITY: _print_code_quality,
    Form.GITHUB: _print_annotations,
}
"""What prints each."""
