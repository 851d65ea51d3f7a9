"""Who is told of an attempt: the log, and whoever asked for the run."""

from __future__ import annotations

from provisionhub.job import Job
from provisionhub.status import LogReporter, ReporterGroup
from provisionhub.status.control_plane import ControlPlane


class AttemptReporter(ReporterGroup):
    """Tells the log and the control plane of one attempt.

    Args:
        control_plane: Whoever asked for the run.
        attempt: Which, counted from 1.
    """

    def __init__(self, control_plane: ControlPlane, *, attempt: int) -> None:
        self._run = control_plane.reporter(attempt=attempt)
        super().__init__(LogReporter(attempt=attempt), self._run)

    def is_cancelled(self, job: Job) -> bool:
        """Tell whether the run was cancelled, as far as is known by now."""
        return self._run.is_cancelled(job)
