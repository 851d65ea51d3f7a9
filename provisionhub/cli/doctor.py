"""``provisionhub doctor``: what this system can give, each part checked in turn.

A check is a function that takes the app and returns its findings; a new part of
the product adds one to ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rich.text import Text

from provisionhub.app import App
from provisionhub.cli.console import FAILED, print_json, print_table, stdout
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found.

    Attributes:
        is_sound: Whether the part will do its work here.
        summary: One line.
        headers: Names of the table's columns.
        rows: What was looked at, one row each.
        hint: How to mend what is wrong.
    """

    is_sound: bool
    summary: str
    headers: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    hint: str | None = None

    def to_json(self) -> JsonObject:
        """Return ``{ok, summary, hint?, checks?}``."""
        shown: JsonObject = {"ok": self.is_sound, "summary": self.summary}
        if self.hint is not None:
            shown["hint"] = self.hint
        if self.rows:
            shown["checks"] = [self._row(row) for row in self.rows]
        return shown

    def _row(self, row: tuple[str, ...]) -> JsonValue:
        names = (header.lower().replace(" ", "_") for header in self.headers)
        return dict(zip(names, row, strict=True))


Check = Callable[[App], Findings]


def doctor(app: App, checks: Mapping[str, Check], *, as_json: bool) -> int:
    """Run *checks* by their names; return the exit code: 1 if one is not sound."""
    found = {name: _run(check, app) for name, check in checks.items()}
    if as_json:
        print_json({name: findings.to_json() for name, findings in found.items()})
    else:
        for name, findings in found.items():
            _show(name, findings)
    return 0 if all(findings.is_sound for findings in found.values()) else FAILED


def check_sandbox(app: App) -> Findings:
    """Try to break out of the sandbox, and show which layer stops what."""
    report = app.sandbox.guard.report()
    return Findings(
        is_sound=report.holds,
        summary=f"{report.level}; SANDBOX={app.settings.sandbox}",
        headers=("ATTEMPT", "OUTCOME", "STOPPED BY EACH ALONE"),
        rows=[
            (trial.does, trial.how, ", ".join(trial.stopped_by) or "none of them")
            for trial in report.trials
        ],
        hint=None if report.holds else report.hint,
    )


CHECKS: Final[Mapping[str, Check]] = {"sandbox": check_sandbox}
"""What ``provisionhub doctor`` checks, in order."""


def _run(check: Check, app: App) -> Findings:
    try:
        return check(app)
    except ProvisionError as error:
        return Findings(is_sound=False, summary=error.message, hint=error.hint)


def _show(name: str, findings: Findings) -> None:
    mark = Text("ok", "bold green") if findings.is_sound else Text("bad", "bold red")
    stdout().print(Text.assemble((name, "bold"), ": ", mark, f", {findings.summary}"))
    if findings.rows:
        print_table(findings.headers, findings.rows)
    if findings.hint is not None:
        stdout().print(Text(f"hint: {findings.hint}"))
