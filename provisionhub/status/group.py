"""Several reporters that stand in for one."""

from __future__ import annotations

from provisionhub.job import Job
from provisionhub.status.reporter import Outcome, Reporter, Step


class ReporterGroup:
    """Tells each of its members, in order.

    Args:
        members: Those who are told.
    """

    def __init__(self, *members: Reporter) -> None:
        self._members = members

    def started(self, job: Job) -> None:
        """Tell each that *job* has begun."""
        for member in self._members:
            member.started(job)

    def entered(self, job: Job, step: Step) -> None:
        """Tell each that *job* is now at *step*."""
        for member in self._members:
            member.entered(job, step)

    def said(self, job: Job, step: Step, message: str) -> None:
        """Pass *message* on to each."""
        for member in self._members:
            member.said(job, step, message)

    def warned(self, job: Job, step: Step, message: str) -> None:
        """Pass the warning on to each."""
        for member in self._members:
            member.warned(job, step, message)

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Tell each how *job* ended."""
        for member in self._members:
            member.finished(job, outcome, seconds)
