"""Shows a run on a terminal: each step as it begins, and as done when it is."""

from __future__ import annotations

import time
from typing import Final

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from provisionhub.job import Job
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step

_DOING: Final = {
    Step.VALIDATE: "Validating job and values",
    Step.PREPARE: "Preparing workspace",
    Step.RENDER: "Rendering",
    Step.CREATE: "Creating repository",
    Step.PUSH: "Committing and pushing",
}
_SAYS_ON_WHAT: Final = frozenset({Step.RENDER, Step.CREATE, Step.PUSH})


class ConsoleReporter:
    """Tells a person of one run: a line a step, with a spinner where one can turn."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner: Status | None = None
        self._step: Step | None = None
        self._doing = ""
        self._warnings: list[str] = []
        self._began = 0.0

    def started(self, job: Job) -> None:
        """Show what is provisioned."""
        self._console.print(
            f"[bold]Provisioning {escape(job.namespace)}/{escape(job.name)}[/] "
            f"from {escape(str(job.blueprint))} [dim](run {escape(job.run_id)})[/]"
        )

    def entered(self, job: Job, step: Step) -> None:  # noqa: ARG002 - one job a console
        """Show the step before as done, and *step* as begun."""
        self._settle("[green]✓[/]")
        self._step, self._doing = step, _DOING[step]
        self._began = time.monotonic()
        if self._console.is_terminal:
            self._spinner = self._console.status(self._line())
            self._spinner.start()

    def said(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002 - as above
        """Show what the step does in its own words; the first remain of some."""
        if step in _SAYS_ON_WHAT and self._doing == _DOING[step]:
            self._doing = message
        if self._spinner is not None:
            self._spinner.update(_line(step, message))

    def warned(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002 - as above
        """Keep *message* until the step is done."""
        self._warnings.append(message)

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Show the last step and how the run ended."""
        match outcome:
            case Provisioned(repository, commit):
                self._settle("[green]✓[/]")
                self._console.print(
                    f"[bold green]Provisioned[/] {escape(repository.full_path)} "
                    f"in {seconds:.1f}s: commit {commit[:12]} on "
                    f"{escape(repository.default_branch)}, run {escape(job.run_id)}"
                )
            case Failed():
                self._settle("[red]✗[/]")
            case Cancelled():
                self._settle("[yellow]-[/]")
                self._console.print(
                    f"[bold yellow]Cancelled[/] run {escape(job.run_id)}"
                )

    def _settle(self, mark: str) -> None:
        if self._spinner is not None:
            self._spinner.stop()
            self._spinner = None
        if self._step is not None:
            took = time.monotonic() - self._began
            self._console.print(f"  {mark} {self._line()} [dim]{took:.2f}s[/]")
        for warning in self._warnings:
            self._console.print(f"    [yellow]warning:[/] {escape(warning)}")
        self._step, self._warnings = None, []

    def _line(self) -> str:
        return _line(self._step, self._doing)


def _line(step: Step | None, doing: str) -> str:
    return f"{step or '':<9} {escape(doing)}"
