"""The product's eight steps: a job becomes a Git repository, exactly once.

    consume → validate → prepare workspace → render → create repository
            → commit & push → update status → clean up

Consuming is the caller's (a queue, a command line); the rest is here. Status,
log lines and secrets hang on the steps in ``Progress``, never inside them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from provisionhub.catalog import Catalogs
from provisionhub.errors import ProvisionError
from provisionhub.job import Job
from provisionhub.publishing import Publisher
from provisionhub.renderer import Renderer
from provisionhub.repository import Provider
from provisionhub.status import Failed, Provisioned, Reporter, Step
from provisionhub.tree import tree_warnings
from provisionhub.values import Redactor, Values
from provisionhub.workspace import Workspaces


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Provisions jobs, one at a time, with parts chosen in ``app.py``."""

    catalog: Catalogs
    renderer: Renderer
    workspaces: Workspaces
    provider_for: Callable[[str], Provider]
    publisher: Publisher
    reporter: Reporter

    def run(self, job: Job) -> Provisioned:
        """Provision *job*, reporting each step, and leave nothing else behind.

        Running the same job again gives the same result and changes nothing.

        Raises:
            PermanentError: If a retry would fail alike.
            TransientError: If it may succeed later.
        """
        progress = Progress(job, self.reporter)
        with ExitStack() as cleanup:
            try:
                provisioned = self._provision(job, progress, cleanup)
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
        values = blueprint.accept(job.values)
        progress.keep_secret(values)

        progress.enter(Step.PREPARE)
        workspace = cleanup.enter_context(self.workspaces.prepare(job.run_id))

        progress.enter(Step.RENDER, f"Rendering template: {blueprint.name}")
        rendered = self.renderer.render(blueprint, values, job)
        progress.warn([*self.renderer.warnings(), *tree_warnings(rendered.tree)])
        workspace.write(rendered.tree)

        wanted = blueprint.repository_for(job)
        progress.enter(Step.CREATE, f"Creating repository: {wanted.full_path}")
        repository = provider.create_repository(wanted, for_run=job.run_id)

        progress.enter(Step.PUSH, f"Committing files ({len(rendered.tree)} files)")
        commit = self.publisher.commit_and_push(
            workspace, repository, job=job, message=rendered.commit_message
        )
        return Provisioned(repository, commit)


class Progress:
    """Tells the reporter of one run: where it is, and how it ended."""

    def __init__(self, job: Job, reporter: Reporter) -> None:
        self._job = job
        self._reporter = reporter
        self._redactor = Redactor(())
        self._step: Step | None = None
        self._began = time.monotonic()
        reporter.started(job)

    def enter(self, step: Step, message: str | None = None) -> None:
        """Tell that *step* begins."""
        self._step = step
        self._reporter.entered(self._job, step)
        if message is not None:
            self._reporter.said(self._job, step, self._redactor.redact(message))

    def keep_secret(self, values: Values) -> None:
        """Take the secrets among *values* out of all that is told from here on."""
        self._redactor = Redactor(values.secrets)

    def warn(self, messages: list[str]) -> None:
        """Pass on what the author may not have meant."""
        for message in messages:
            if self._step is not None:
                self._reporter.warned(
                    self._job, self._step, self._redactor.redact(message)
                )

    def failed(self, error: ProvisionError) -> ProvisionError:
        """Tell that the run failed; return *error* with secrets taken out."""
        told = error.redacted(self._redactor.redact)
        self._reporter.finished(self._job, Failed(told, self._step), self._seconds())
        return told

    def succeeded(self, provisioned: Provisioned) -> None:
        """Tell that the run is done."""
        self._reporter.finished(self._job, provisioned, self._seconds())

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _unexpected(bug: Exception) -> ProvisionError:
    return ProvisionError(
        f"unexpected {type(bug).__name__}: {bug}",
        hint="this is a bug in ProvisionHub or in a plugin; please report it",
    )
