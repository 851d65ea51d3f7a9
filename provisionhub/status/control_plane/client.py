"""The control plane over HTTP: reports as a run goes on, and its final status."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import structlog

from provisionhub.errors import ProvisionError
from provisionhub.job import Job
from provisionhub.repository import RunId
from provisionhub.status.control_plane.contract import (
    Delivered,
    Delivery,
    NotDelivered,
)
from provisionhub.status.control_plane.courier import Courier
from provisionhub.status.control_plane.http import Answer, Http, Patience
from provisionhub.status.control_plane.outbox import Pending
from provisionhub.status.control_plane.reports import (
    Headers,
    Reports,
    Status,
)
from provisionhub.status.lines import ending_line, ending_step, starting_line
from provisionhub.status.reporter import Failed, Outcome, Step
from provisionhub.values import Redactor

_FINAL: Final = Patience(connect=3.0, read=10.0)
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 5.0
_NO_RUN: Final = "provisionhub-doctor"
_HEARING: Final = 2.0
_FLUSHING: Final = 5.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Which control plane, and as whom.

    Attributes:
        url: Where it is; ``/api/v1/…`` is put behind it.
        api_key: The bearer token; empty sends none.
        worker_id: Who reports.
    """

    url: str
    api_key: str
    worker_id: str

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r}, worker_id={self.worker_id!r})"


class HttpControlPlane:
    """Reports to a control plane; safe to use from several threads.

    Args:
        endpoint: Which, and as whom.
        redactor: Hides the secrets among the settings.
        trace_headers: Returns the W3C headers of the trace that is going on.
        lost: Is called with a number of log lines that nobody will see.
        patience: How long a final status is tried before the caller is told that it
            was not delivered, in seconds; an attempt under way is not cut short.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        redactor: Redactor,
        *,
        trace_headers: Callable[[], Headers] = dict,
        lost: Callable[[int], None] = lambda _: None,
        patience: float = 15.0,
    ) -> None:
        self._http = Http(endpoint.url, endpoint.api_key, endpoint.worker_id)
        self._reports = Reports(endpoint.worker_id, redactor, trace_headers)
        self._courier = Courier(self._http.send, lost)
        # Of its own, so that no report, whose answer is waited for, stands behind it.
        self._lines = Courier(self._http.send, lost, what="log lines")
        self._patience = patience
        self._closing = threading.Event()
        self._log = structlog.stdlib.get_logger("provisionhub")

    def reporter(self, *, attempt: int) -> ControlPlaneReporter:
        """Return who is to be told of one attempt, counted from 1."""
        return ControlPlaneReporter(self._reports, self._courier, self._lines, attempt)

    def retrying(
        self, run_id: RunId, error: ProvisionError, *, attempt: int, retry_at: datetime
    ) -> None:
        """Tell that *attempt* failed, and that the next one starts at *retry_at*."""
        request = self._reports.retrying(
            run_id, error, attempt=attempt, retry_at=retry_at
        )
        self._courier.put_status(Pending(run_id, request, lambda _: None))

    def deliver_final(
        self,
        run_id: RunId,
        outcome: Outcome,
        *,
        attempt: int,
        seconds: float | None = None,
    ) -> Delivery:
        """Deliver the run's final status, and tell whether it was taken."""
        self._courier.withdraw(run_id)
        request = self._reports.final(run_id, outcome, attempt=attempt, seconds=seconds)
        give_up = time.monotonic() + self._patience
        for pause in _pauses():
            answer = self._http.send(request, _FINAL)
            delivery = self._judge(run_id, request.body["status"], answer)
            if isinstance(delivery, Delivered) or delivery.refused:
                break
            wait = max(pause, delivery.retry_after or 0.0)
            if time.monotonic() + wait > give_up or self._closing.wait(wait):
                break
        return delivery

    def trouble(self) -> str | None:
        """Return why reports would not be taken, or None if they seem to be.

        Asks for a run that there is not. Any answer will do but that the key is
        wrong, that the address leads elsewhere, or that the server itself is ill.
        """
        answer = self._http.look(f"/api/v1/runs/{_NO_RUN}", _FINAL)
        if answer.status is None:
            return f"it can't be reached: {answer.problem}"
        if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return f"it does not accept the key: {answer.problem}"
        is_redirect = HTTPStatus(300) <= answer.status < HTTPStatus(400)
        if is_redirect or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return answer.problem
        return None

    def close(self) -> None:
        """Send what is still waiting, for a bounded time, and let go.

        A final status that is being tried is tried no more.
        """
        self._closing.set()
        give_up = time.monotonic() + _FLUSHING
        for courier in (self._courier, self._lines):
            courier.close(max(0.0, give_up - time.monotonic()))

    def _judge(self, run_id: RunId, told: object, answer: Answer) -> Delivery:
        if answer.is_taken:
            return Delivered()
        if answer.settled is not None:
            # It has its final status: whatever is sent now, the answer stays this.
            if answer.settled != told:
                self._log.warning(
                    f"The control plane has the run as {answer.settled}, not {told}",
                    run_id=run_id,
                )
            return Delivered()
        reason = f"the control plane does not take the final status: {answer.problem}"
        return NotDelivered(reason, answer.retry_after, refused=answer.is_refusal)


class ControlPlaneReporter:
    """Reports one attempt as it goes: its steps and its lines, from the background.

    The outcome becomes a line only: whoever runs the job delivers the final status.
    """

    def __init__(
        self, reports: Reports, courier: Courier, lines: Courier, attempt: int
    ) -> None:
        self._reports = reports
        self._courier = courier
        self._lines = lines
        self._attempt = attempt
        self._latest: Pending | None = None
        self._is_answered = True
        self._cancelled = threading.Event()

    def started(self, job: Job) -> None:
        """Send the line that *job* has begun."""
        self._say(job, "info", None, starting_line(job.run_id))

    def entered(self, job: Job, step: Step) -> None:
        """Report that *job* is now at *step*."""
        request = self._reports.running(job.run_id, step, attempt=self._attempt)
        self._latest = Pending(job.run_id, request, self._hear)
        self._courier.put_status(self._latest)

    def said(self, job: Job, step: Step, message: str) -> None:
        """Send *message* as a line."""
        self._say(job, "info", step, message)

    def warned(self, job: Job, step: Step, message: str) -> None:
        """Send *message* as a warning."""
        self._say(job, "warning", step, message)

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Send the line of the outcome."""
        level = "error" if isinstance(outcome, Failed) else "info"
        self._say(job, level, ending_step(outcome), ending_line(outcome, seconds))

    def is_cancelled(self, job: Job) -> bool:  # noqa: ARG002 - it reports one run
        """Tell whether the run was cancelled, as far as is known by now."""
        hopeful = self._is_answered and not self._courier.is_struggling
        if self._latest is not None and hopeful:
            self._is_answered = self._latest.done.wait(_HEARING)
        return self._cancelled.is_set()

    def _hear(self, answer: Answer) -> None:
        self._is_answered = answer.status is not None
        if answer.settled is Status.CANCELLED:
            self._cancelled.set()

    def _say(self, job: Job, level: str, step: Step | None, message: str) -> None:
        self._lines.put_line(self._reports.line(job.run_id, level, step, message))


def _pauses() -> Iterator[float]:
    """Yield the waits between attempts, doubling, with jitter; without end."""
    pause = _FIRST_PAUSE
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
        pause = min(pause * 2, _LONGEST_PAUSE)
