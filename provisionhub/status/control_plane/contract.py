"""What the worker asks of a control plane, and what becomes of a final status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from provisionhub.errors import ProvisionError
from provisionhub.job import Job
from provisionhub.repository import RunId
from provisionhub.status.reporter import Outcome, Reporter


@dataclass(frozen=True, slots=True)
class Delivered:
    """The control plane has a final status of the run: the message may go."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """The final status must be delivered again: the message may not go yet.

    Attributes:
        reason: Why, for people; holds no secret.
        retry_after: How long the control plane asked us to wait, in seconds.
        refused: Whether it answered that it won't have this report. A repeat helps
            only once somebody has mended one of the two sides.
    """

    reason: str
    retry_after: float | None = None
    refused: bool = False


Delivery: TypeAlias = Delivered | NotDelivered
"""What became of a final status."""


class RunReporter(Reporter, Protocol):
    """Reports one attempt at one run, and hears of its cancellation."""

    def is_cancelled(self, job: Job) -> bool:
        """Tell whether the run was cancelled, as far as is known by now.

        Waits for the answer to the latest report, but for a short while only, and
        not at all while the control plane can't be reached.
        """
        ...


class ControlPlane(Protocol):
    """Whoever asked for the runs. Safe to use from several threads."""

    def reporter(self, *, attempt: int) -> RunReporter:
        """Return who is to be told of one attempt, counted from 1.

        It reports as it goes; the outcome is the caller's to report, because only
        the caller knows whether another attempt follows.
        """
        ...

    def retrying(
        self, run_id: RunId, error: ProvisionError, *, attempt: int, retry_at: datetime
    ) -> None:
        """Tell that *attempt* failed, and that the next one starts at *retry_at*."""
        ...

    def deliver_final(
        self,
        run_id: RunId,
        outcome: Outcome,
        *,
        attempt: int,
        seconds: float | None = None,
    ) -> Delivery:
        """Deliver the run's final status, and tell whether it was taken.

        Takes a bounded time and never raises. May be called again, by any worker
        and on any attempt: the report is recognised as the same one.

        Args:
            run_id: The run that has ended.
            outcome: How.
            attempt: The attempt that ended it, counted from 1.
            seconds: How long that attempt took.
        """
        ...

    def trouble(self) -> str | None:
        """Return why reports would not be taken, or None if they seem to be."""
        ...

    def close(self) -> None:
        """Send what is still waiting, for a bounded time, and let go."""
        ...
