"""The product's eight steps: a job becomes a Git repository, exactly once.

    consume → validate → prepare workspace → render → create repository
            → commit & push → update status → clean up

Consuming is the caller's (a queue, a command line); the rest is here. Status,
log lines, traces, cancelling and secrets hang on the steps in ``Progress``, never
inside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final, Self

from provisionhub.catalog import Catalogs
from provisionhub.errors import ProvisionError
from provisionhub.gate import SnapshotGate
from provisionhub.job import Job
from provisionhub.publishing import Publisher
from provisionhub.renderer import Renderer
from provisionhub.repository import LooksAhead, Provider, provider_title
from provisionhub.status import Cancelled, Failed, Provisioned, Reporter, Step
from provisionhub.telemetry import log_context, mark_failed, span
from provisionhub.tree import tree_warnings
from provisionhub.values import Redactor, Values
from provisionhub.workspace import Workspaces

_CREATING: Final = frozenset({Step.CREATE, Step.PUSH})


def never_cancelled(job: Job) -> bool:  # noqa: ARG001 - stands in for a question
    """Tell that *job* is not cancelled: nobody is there who could."""
    return False


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Provisions jobs, one at a time, with parts chosen in ``app.py``.

    Attributes:
        is_cancelled: Tells whether a run was cancelled from outside; is asked at the
            start of each step that creates something, once the step is reported.
    """

    catalog: Catalogs
    gate: SnapshotGate
    renderer: Renderer
    workspaces: Workspaces
    provider_for: Callable[[str], Provider]
    publisher: Publisher
    reporter: Reporter
    is_cancelled: Callable[[Job], bool] = never_cancelled

    def run(self, job: Job) -> Provisioned | Cancelled:
        """Provision *job*, reporting each step, and leave nothing else behind.

        Running the same job again gives the same result and changes nothing. One
        that is cancelled on the way creates nothing from there on.

        Raises:
            PermanentError: If a retry would fail alike.
            TransientError: If it may succeed later.
        """
        with ExitStack() as cleanup:
            progress = Progress(job, self.reporter, self.is_cancelled)
            cleanup.enter_context(progress)
            try:
                provisioned = self._provision(job, progress, cleanup)
            except _CancelledOnTheWay as cancelled:
                return progress.cancelled(cancelled.step)
            except ProvisionError as error:
                raise progress.failed(error) from error.__cause__
            except Exception as bug:
                raise progress.failed(_unexpected(bug)) from bug
            progress.succeeded(provisioned)
        return provisioned

    def _provision(
        self, job: Job, progress: Progress, cleanup: ExitStack
    ) -> Provisioned:
        progress.enter(Step.VALIDATE)
        provider = self.provider_for(job.git.provider)
        blueprint = self.catalog.find(job.blueprint)
        blueprint.check_serves(job.type)
        self.gate.check(blueprint, progress)
        values = blueprint.accept(job.values)
        progress.keep_secret(values)
        wanted = blueprint.repository_for(job)
        if isinstance(provider, LooksAhead):
            provider.look_ahead(wanted, for_run=job.run_id)

        progress.enter(Step.PREPARE)
        workspace = cleanup.enter_context(self.workspaces.prepare(job.run_id))

        progress.enter(Step.RENDER, f"Rendering template: {blueprint.name}")
        rendered = self.renderer.render(blueprint, values, job)
        warnings = [*self.renderer.warnings(), *tree_warnings(rendered.tree)]
        progress.warn(Step.RENDER, warnings)
        workspace.write(rendered.tree)

        progress.enter(Step.CREATE, f"Creating repository: {wanted.full_path}")
        repository = provider.create_repository(wanted, for_run=job.run_id)
        progress.warn(Step.CREATE, list(repository.notes))

        progress.enter(Step.PUSH, f"Committing files ({len(rendered.tree)} files)")
        title = provider_title(provider, job.git.provider)
        commit = self.publisher.commit_and_push(
            workspace,
            repository,
            job=job,
            message=rendered.commit_message,
            before_push=lambda: progress.say(Step.PUSH, f"Pushing to {title}"),
        )
        return Provisioned(repository, commit)


class Progress:
    """Tells the reporter of one run: where it is, and how it ended.

    As a context it is the run's span in the trace, its steps are spans below it, and
    whatever anybody logs meanwhile carries run and step.
    """

    def __init__(
        self, job: Job, reporter: Reporter, is_cancelled: Callable[[Job], bool]
    ) -> None:
        self._job = job
        self._reporter = reporter
        self._is_cancelled = is_cancelled
        self._redactor = Redactor(())
        self._step: Step | None = None
        self._began = time.monotonic()
        self._run_scope = ExitStack()
        self._step_scope = ExitStack()

    def __enter__(self) -> Self:
        attributes = {"run_id": self._job.run_id, "job.type": str(self._job.type)}
        self._run_scope.enter_context(span("provision", attributes))
        self._run_scope.enter_context(log_context(run_id=self._job.run_id))
        self._reporter.started(self._job)
        return self

    def __exit__(self, *_: object) -> None:
        self._step_scope.close()
        self._run_scope.close()

    def enter(self, step: Step, message: str | None = None) -> None:
        """Tell that *step* begins, unless it would create for a run now cancelled."""
        self._step = step
        self._step_scope.close()
        self._step_scope.enter_context(span(str(step), {"run_id": self._job.run_id}))
        self._step_scope.enter_context(log_context(step=str(step)))
        self._reporter.entered(self._job, step)
        if step in _CREATING and self._is_cancelled(self._job):
            raise _CancelledOnTheWay(step)
        if message is not None:
            self.say(step, message)

    def say(self, step: Step, message: str) -> None:
        """Pass on a line for people about *step*."""
        self._reporter.said(self._job, step, self._redactor.redact(message))

    def keep_secret(self, values: Values) -> None:
        """Take the secrets among *values* out of all that is told from here on."""
        self._redactor = Redactor(values.secrets)

    def warn(self, step: Step, messages: list[str]) -> None:
        """Pass on what the author may not have meant."""
        for message in messages:
            self._reporter.warned(self._job, step, self._redactor.redact(message))

    def failed(self, error: ProvisionError) -> ProvisionError:
        """Tell that the run failed; return *error* with secrets taken out."""
        told = error.redacted(self._redactor.redact)
        mark_failed(told.code)
        self._step_scope.close()
        mark_failed(told.code)
        self._reporter.finished(self._job, Failed(told, self._step), self._seconds())
        return told

    def succeeded(self, provisioned: Provisioned) -> None:
        """Tell that the run is done."""
        self._reporter.finished(self._job, provisioned, self._seconds())

    def cancelled(self, step: Step) -> Cancelled:
        """Tell that the run was cancelled before *step*."""
        outcome = Cancelled(step)
        self._reporter.finished(self._job, outcome, self._seconds())
        return outcome

    def _seconds(self) -> float:
        return time.monotonic() - self._began


class _CancelledOnTheWay(Exception):  # noqa: N818 - no error: a way out of the steps
    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step


def _unexpected(bug: Exception) -> ProvisionError:
    return ProvisionError(
        f"unexpected {type(bug).__name__}: {bug}",
        hint="this is a bug in ProvisionHub or in a plugin; please report it",
    )
