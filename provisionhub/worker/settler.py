"""Settles messages: durable fact first, then publish and confirm, then the ack.

Nothing here acknowledges: each method tells whether the message may go now.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from provisionhub.errors import ProvisionError, StatusRefusedError
from provisionhub.job import JobType
from provisionhub.repository import RunId
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned
from provisionhub.status.control_plane import ControlPlane, NotDelivered
from provisionhub.telemetry.metrics import JobOutcome, Metrics
from provisionhub.worker.message import Delivery, Sent
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
                return self._bury(delivery, run_id, error) and self.report(
                    delivery, run_id, outcome, seconds=seconds, is_dead_lettered=True
                )

    def refuse(
        self, delivery: Delivery, run_id: RunId | None, error: ProvisionError
    ) -> bool:
        """Dead-letter a message that is no job for us; tell whether it may go."""
        self._metrics.job_failed(None, error.code)
        self._metrics.job_processed(None, JobOutcome.DEAD_LETTERED)
        if not self._bury(delivery, run_id, error):
            return False
        return run_id is None or self.report(
            delivery, run_id, Failed(error, None), is_dead_lettered=True
        )

    def report(
        self,
        delivery: Delivery,
        run_id: RunId,
        outcome: Outcome,
        *,
        seconds: float | None = None,
        is_dead_lettered: bool = False,
    ) -> bool:
        """Deliver a final status: now, by a retry queue later, or once replayed.

        Args:
            delivery: Its message.
            run_id: Its run.
            outcome: How it ended.
            seconds: How long it took.
            is_dead_lettered: Whether a dead letter of it is there already.
        """
        delivered = self._control_plane.deliver_final(
            run_id, outcome, attempt=delivery.attempt, seconds=seconds
        )
        if not isinstance(delivered, NotDelivered):
            return True
        self._metrics.status_undelivered()
        is_dead_lettered = is_dead_lettered or delivery.is_dead_lettered
        tried = delivery.reports + 1
        if delivered.refused and self._policy.gives_up_reporting(tried):
            error = StatusRefusedError(delivered.reason)
            self._log.error(f"Reporting no more: {error}", run_id=run_id)
            return is_dead_lettered or self._bury(delivery, run_id, error, outcome)
        delay = self._policy.delay_after(tried, retry_after=delivered.retry_after)
        self._log.warning(
            f"Reporting again in {delay:g}s: {delivered.reason}", run_id=run_id
        )
        return self._put_off(
            delivery,
            delay,
            lambda name: delivery.unreported(
                name, outcome, is_dead_lettered=is_dead_lettered
            ),
        )

    def _retry(
        self, delivery: Delivery, run_id: RunId, error: ProvisionError, delay: float
    ) -> bool:
        if not self._put_off(
            delivery,
            delay,
            lambda name: delivery.retried(name, error, worker_id=self._worker_id),
        ):
            return False
        retry_at = datetime.now(UTC) + timedelta(seconds=delay)
        self._control_plane.retrying(
            run_id, error, attempt=delivery.attempt, retry_at=retry_at
        )
        return True

    def _put_off(
        self, delivery: Delivery, delay: float, sent_to: Callable[[str], Sent]
    ) -> bool:
        """Send what *sent_to* makes to a retry queue; to a longer one if it is ill."""
        *shorter, last = self._policy.delays_from(delay)
        for wait in shorter:
            queue = self._topology.retry(delivery.queue, wait)
            if self._sender.try_to_send(sent_to(queue.name), queue):
                return True
        queue = self._topology.retry(delivery.queue, last)
        return self._sender.send(sent_to(queue.name), queue)

    def _bury(
        self,
        delivery: Delivery,
        run_id: RunId | None,
        error: ProvisionError,
        unheard: Outcome | None = None,
    ) -> bool:
        """Dead-letter the message, with its outcome if nobody takes that."""
        queue, me = self._topology.dead_letters, self._worker_id
        if unheard is None:
            dead = delivery.dead_lettered(queue.name, error, worker_id=me)
        else:
            dead = delivery.unheard(queue.name, unheard, error, worker_id=me)
        if not self._sender.send(dead, queue):
            return False
        self.dead_letters += 1
        self._metrics.dead_lettered(error.code)
        self._log.error(
            f"Dead-lettered: {error}",
            run_id=run_id,
            reason=error.code,
            attempt=delivery.attempt,
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
