"""Reports a run to the log, in the lines that operators know."""

from __future__ import annotations

import structlog

from provisionhub.job import Job
from provisionhub.status.reporter import Failed, Provisioned, Step


class LogReporter:
    """Writes each step and the outcome to the log, with run id and step."""

    def __init__(self) -> None:
        self._log = structlog.stdlib.get_logger("provisionhub")

    def started(self, job: Job) -> None:
        """Log that *job* has begun."""
        self._log.info(
            f"Starting provisioning for run: {job.run_id}",
            run_id=job.run_id,
            blueprint=str(job.blueprint),
        )

    def entered(self, job: Job, step: Step) -> None:
        """Log that *job* is now at *step*."""
        self._log.debug("Step entered", run_id=job.run_id, step=str(step))

    def said(self, job: Job, step: Step, message: str) -> None:
        """Log *message*."""
        self._log.info(message, run_id=job.run_id, step=str(step))

    def warned(self, job: Job, step: Step, message: str) -> None:
        """Log *message* as a warning."""
        self._log.warning(message, run_id=job.run_id, step=str(step))

    def finished(self, job: Job, outcome: Provisioned | Failed, seconds: float) -> None:
        """Log the outcome."""
        match outcome:
            case Provisioned(repository, commit):
                self._log.info(
                    f"Provisioning completed in {seconds:.1f}s",
                    run_id=job.run_id,
                    repository=repository.full_path,
                    commit=commit,
                    duration_seconds=round(seconds, 3),
                )
            case Failed(error, step):
                self._log.error(
                    f"Provisioning failed: {error}",
                    run_id=job.run_id,
                    step=None if step is None else str(step),
                    error=error.to_json(),
                    duration_seconds=round(seconds, 3),
                )
