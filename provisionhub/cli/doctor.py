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


def check_broker(app: App) -> Findings:
    """See whether the broker lets us in, and whether its queues fit; change nothing."""
    found = app.inspect_broker()
    return Findings(
        is_sound=all(queue.fits for queue in found),
        summary=f"{app.broker('doctor')} lets us in",
        headers=("QUEUE", "STATE"),
        rows=[(queue.name, queue.state) for queue in found],
        hint=None
        if all(queue.fits for queue in found)
        else "the queue is there with other arguments: set RABBITMQ_QUEUE to another "
        "name, or have its operator delete it once it is empty",
    )


def check_gitlab(app: App) -> Findings:
    """See whether token, scopes, group and role are enough for the first push."""
    if not app.settings.gitlab_token.get_secret_value():
        return Findings(is_sound=True, summary="GITLAB_TOKEN is not set: not used")
    found = app.inspect_gitlab()
    wrong = [finding for finding in found if not finding.ok]
    return Findings(
        is_sound=not wrong,
        summary=app.settings.gitlab_url,
        headers=("FOUND", "AS IT MUST BE"),
        rows=[(finding.what, "yes" if finding.ok else "no") for finding in found],
        hint="; ".join(finding.hint for finding in wrong if finding.hint) or None,
    )


def check_control_plane(app: App) -> Findings:
    """See whether reports would be taken."""
    if not app.settings.control_plane_url:
        return Findings(
            is_sound=True, summary="CONTROL_PLANE_URL is not set: the log alone is told"
        )
    control_plane = app.control_plane("doctor")
    try:
        trouble = control_plane.trouble()
    finally:
        control_plane.close()
    return Findings(
        is_sound=trouble is None,
        summary=trouble or f"{app.settings.control_plane_url} takes reports",
        hint=None
        if trouble is None
        else "check CONTROL_PLANE_URL and CONTROL_PLANE_API_KEY",
    )


CHECKS: Final[Mapping[str, Check]] = {
    "sandbox": check_sandbox,
    "broker": check_broker,
    "gitlab": check_gitlab,
    "control plane": check_control_plane,
}
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
