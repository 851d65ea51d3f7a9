"""No control plane: the log alone is told."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from provisionhub.errors import ProvisionError
from provisionhub.job import Job
from provisionhub.repository import RunId
from provisionhub.status.control_plane.contract import Delivered
from provisionhub.status.reporter import Outcome, Step


class NoControlPlane:
    """Stands in where no ``CONTROL_PLANE_URL`` is set.

    Steps and outcomes are in the log already (see ``LogReporter``), so all that is
    left to tell is when a run is tried again.
    """

    def __init__(self) -> None:
        self._log = structlog.stdlib.get_logger("provisionhub")

    def reporter(self, *, attempt: int) -> SilentReporter:  # noqa: ARG002 - as the contract has it
        """Return a reporter that tells nobody."""
        return SilentReporter()

    def retrying(
        self, run_id: RunId, error: ProvisionError, *, attempt: int, retry_at: datetime
    ) -> None:
        """Log that another attempt follows."""
        at = retry_at.astimezone(UTC)
        self._log.warning(
            f"Retrying at {at:%Y-%m-%dT%H:%M:%SZ}: {error}",
            run_id=run_id,
            attempt=attempt,
        )

    def deliver_final(
        self,
        run_id: RunId,  # noqa: ARG002 - as the contract has it
        outcome: Outcome,  # noqa: ARG002
        *,
        attempt: int,  # noqa: ARG002
        seconds: float | None = None,  # noqa: ARG002
    ) -> Delivered:
        """Take it: there is nobody to wait for."""
        return Delivered()

    def trouble(self) -> str | None:
        """Tell of none."""
        return None

    def close(self) -> None:
        """Nothing waits."""


class SilentReporter:
    """Tells nobody, and never hears of a cancellation."""

    def started(self, job: Job) -> None:
        """Pass over that *job* has begun."""

    def entered(self, job: Job, step: Step) -> None:
        """Pass over the step."""

    def said(self, job: Job, step: Step, message: str) -> None:
        """Pass over the line."""

    def warned(self, job: Job, step: Step, message: str) -> None:
        """Pass over the warning."""

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Pass over the outcome."""

    def is_cancelled(self, job: Job) -> bool:  # noqa: ARG002 - as the contract has it
        """Tell that it is not."""
        return False
