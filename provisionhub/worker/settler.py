"""Settles messages: durable fact first, then publish and confirm, then the ack.

Nothing here acknowledges: each method tells whether the message may go now.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog

from provisionhub.errors import ProvisionError
from provisionhub.job import JobType
from provisionhub.repository import RunId
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned
from provisionhub.status.control_plane import ControlPlane, NotDelivered
from provisionhub.telemetry.metrics import JobOutcome, Metrics
from provisionhub.worker.message import Delivery
from provisionhub.worker.policy import Acknowledge, DeadLetter, Retry, RetryPolicy
from provisionhub.worker.sender import Sender
from provisionhub.worker.topology import Topology


class Settler:
    """Decides by the policy, and sees it done. Safe to use from several threads.

    Args:
        policy: What becomes of an outcome.
        topology: The queues.
        sender: Publishes.
        control_plane: Gets the final statuses.
        metrics: Counts.
        worker_id: Who settles, for the history of a dead letter.

    Attributes:
        dead_letters: How many messages were dead-lettered here.
    """

    def __init__(  # noqa: PLR0913 - what it ties together
        self,
        policy: RetryPolicy,
        topology: Topology,
        sender: Sender,
        control_plane: ControlPlane,
        metrics: Metrics,
        *,
        worker_id: str,
    ) -> None:
        self.dead_letters = 0
        self._policy = policy
        self._topology = topology
        self._sender = sender
        self._control_plane = control_plane
        self._metrics = metrics
        self._worker_id = worker_id
        self._log = structlog.stdlib.get_logger("provisionhub")

    def settle(
        self,
        delivery: Delivery,
        run_id: RunId,
        outcome: Outcome,
        *,
        kind: JobType | None = None,
        seconds: float | None = None,
    ) -> bool:
        """Settle an attempt that has ended; tell whether its message may go.

        Args:
            delivery: Its message.
            run_id: Its run.
            outcome: How it ended.
            kind: The job's type, if it is known.
            seconds: How long it took.
        """
        if isinstance(outcome, Failed):
            self._metrics.job_failed(kind, outcome.error.code)
        match self._policy.settle(outcome, attempt=delivery.attempt):
            case Acknowledge():
                self._metrics.job_processed(kind, _told(outcome))
                return self.report(delivery, run_id, outcome, seconds=seconds)
            case Retry(delay, error):
                self._metrics.job_processed(kind, JobOutcome.RETRIED)
                self._metrics.job_retried(kind)
                return self._retry(delivery, run_id, error, delay)
            case DeadLetter(error):
                self._metrics.job_processed(kind, JobOutcome.DEAD_LETTERED)
                return self._bury(delivery, error) and self.report(
                    delivery, run_id, outcome, seconds=seconds
                )

    def refuse(
        self, delivery: Delivery, run_id: RunId | None, error: ProvisionError
    ) -> bool:
        """Dead-letter a message that is no job for us; tell whether it may go."""
        self._metrics.job_failed(None, error.code)
        self._metrics.job_processed(None, JobOutcome.DEAD_LETTERED)
        if not self._bury(delivery, error):
            return False
        return run_id is None or self.report(delivery, run_id, Failed(error, None))

    def report(
        self,
        delivery: Delivery,
        run_id: RunId,
        outcome: Outcome,
        *,
        seconds: float | None = None,
    ) -> bool:
        """Deliver a final status, now or, by a retry queue, later."""
        delivered = self._control_plane.deliver_final(
            run_id, outcome, attempt=delivery.attempt, seconds=seconds
        )
        if not isinstance(delivered, NotDelivered):
            return True
        self._metrics.status_undelivered()
        delay = self._policy.delay_after(
            delivery.reports + 1, retry_after=delivered.retry_after
        )
        self._log.warning(
            f"Reporting again in {delay:g}s: {delivered.reason}", run_id=run_id
        )
        queue = self._topology.retry(delivery.queue, delay)
        return self._sender.send(delivery.unreported(queue.name, outcome), queue)

    def _retry(
        self, delivery: Delivery, run_id: RunId, error: ProvisionError, delay: float
    ) -> bool:
        queue = self._topology.retry(delivery.queue, delay)
        retried = delivery.retried(queue.name, error, worker_id=self._worker_id)
        if not self._sender.send(retried, queue):
            return False
        retry_at = datetime.now(UTC) + timedelta(seconds=delay)
        self._control_plane.retrying(
            run_id, error, attempt=delivery.attempt, retry_at=retry_at
        )
        return True

    def _bury(self, delivery: Delivery, error: ProvisionError) -> bool:
        queue = self._topology.dead_letters
        dead = delivery.dead_lettered(queue.name, error, worker_id=self._worker_id)
        if not self._sender.send(dead, queue):
            return False
        self.dead_letters += 1
        self._metrics.dead_lettered(error.code)
        self._log.error(
            f"Dead-lettered: {error}", reason=error.code, attempt=delivery.attempt
        )
        return True


def _told(outcome: Outcome) -> JobOutcome:
    match outcome:
        case Provisioned():
            return JobOutcome.SUCCEEDED
        case Cancelled():
            return JobOutcome.CANCELLED
        case Failed():
            return JobOutcome.FAILED
