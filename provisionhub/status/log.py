"""Reports a run to the log, in the lines that operators know."""

from __future__ import annotations

import structlog

from provisionhub.job import Job
from provisionhub.status.lines import ending_line, ending_step, starting_line
from provisionhub.status.reporter import Cancelled, Failed, Outcome, Provisioned, Step


class LogReporter:
    """Writes each step and the outcome to the log, with run id, attempt and step.

    Args:
        attempt: The attempt that is reported, counted from 1.
    """

    def __init__(self, *, attempt: int = 1) -> None:
        self._log = structlog.stdlib.get_logger("provisionhub").bind(attempt=attempt)

    def started(self, job: Job) -> None:
        """Log that *job* has begun."""
        self._log.info(
            starting_line(job.run_id),
            run_id=job.run_id,
            step=None,
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

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Log the outcome."""
        step = ending_step(outcome)
        log = self._log.bind(
            run_id=job.run_id,
            step=None if step is None else str(step),
            duration_seconds=round(seconds, 3),
        )
        line = ending_line(outcome, seconds)
        match outcome:
            case Provisioned(repository, commit):
                log.info(line, repository=repository.full_path, commit=commit)
            case Failed(error):
                log.error(line, error=error.to_json())
            case Cancelled():
                log.warning(line)
