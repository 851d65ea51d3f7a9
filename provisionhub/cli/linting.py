"""``provisionhub lint``: blueprints checked without values, several at a time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Self

from rich.status import Status
from rich.text import Text

from provisionhub.app import App
from provisionhub.cli.console import FAILED, print_table, stderr
from provisionhub.cli.lint_formats import FORMATS, Form
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    LimitExceededError,
)
from provisionhub.linting import Report


def lint_blueprints(
    app: App, names: Sequence[str], *, form: Form, is_strict: bool, affects: bool
) -> int:
    """Lint the blueprints called *names*, or all; return the exit code.

    Args:
        app: The product.
        names: Names in a catalog, or paths to blueprints' folders.
        form: In which of ``FORMATS`` the findings are printed.
        is_strict: Whether warnings fail as errors do.
        affects: Show which files each value affects, too.

    Raises:
        BlueprintNotFoundError: If one of them is nowhere, or there is none at all.
        TransientError: If there is no locked process to lint in.
    """
    names = names or app.catalog.names()
    if not names:
        raise BlueprintNotFoundError(
            "there is no blueprint to lint",
            hint="BLUEPRINT_CATALOGS names folders that hold `blueprints/`",
        )
    reports = _lint(app, list(dict.fromkeys(names)))
    FORMATS[form](reports)
    if affects:
        _show_affects(reports)
    _sum_up(reports)
    errors = sum(report.errors for report in reports.values())
    warnings = sum(report.warnings for report in reports.values())
    return FAILED if errors or (is_strict and warnings) else 0


def _lint(app: App, names: Sequence[str]) -> dict[str, Report]:
    """Return the reports by name; each blueprint has a process of its own."""
    _ = app.catalog, app.sandbox  # once, before several threads would make them
    processors = os.cpu_count() or 1
    with _Progress(len(names)) as progress, ThreadPoolExecutor(processors) as pool:
        found = pool.map(lambda name: progress.after(name, _report(app, name)), names)
        return dict(zip(names, found, strict=True))


def _report(app: App, name: str) -> Report:
    try:
        source = app.read_blueprint(name)
    except (InvalidBlueprintError, LimitExceededError) as error:
        return Report.of(error)
    return app.lint(source)


class _Progress:
    """Tells how far it is, where a line can be drawn anew."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        console = stderr()
        self._status: Status | None = None
        if console.is_terminal and total > 1:
            self._status = console.status(f"Linting {total} blueprints")

    def __enter__(self) -> Self:
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def after(self, name: str, report: Report) -> Report:
        """Return *report*, and tell that *name* is done."""
        self._done += 1
        if self._status is not None:
            self._status.update(Text(f"Linting: {self._done}/{self._total} {name}"))
        return report


def _show_affects(reports: Mapping[str, Report]) -> None:
    print_table(
        ("BLUEPRINT", "VALUE", "FILES"),
        [
            (name, pointer or "(all values)", ", ".join(files))
            for name, report in reports.items()
            for pointer, files in report.affects.items()
        ],
    )


def _sum_up(reports: Mapping[str, Report]) -> None:
    console = stderr()
    silent = [name for name, report in reports.items() if not report.is_outlined]
    if silent:
        which = ", ".join(silent)
        console.print(
            Text(f"note: only the syntax was checked, engines tell no more: {which}")
        )
    errors = sum(report.errors for report in reports.values())
    warnings = sum(report.warnings for report in reports.values())
    left_out = sum(report.left_out for report in reports.values())
    more = f", and {left_out} findings more" if left_out else ""
    console.print(
        Text(
            f"linted {_count(len(reports), 'blueprint')}: {_count(errors, 'error')}, "
            f"{_count(warnings, 'warning')}{more}"
        )
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
