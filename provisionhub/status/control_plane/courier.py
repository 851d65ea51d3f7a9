"""Sends what can wait from a thread of its own, so that no job waits for it.

Statuses go before lines, and of each run only the newest. Lines go in batches; when
they come faster than they are taken, the oldest are dropped, and that is told.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from provisionhub.repository import RunId
from provisionhub.status.control_plane.http import Answer, Patience
from provisionhub.status.control_plane.outbox import Outbox, Pending
from provisionhub.status.control_plane.reports import Line, Request

_CAPACITY: Final = 2_000
_BATCH: Final = 100
_LINGER: Final = 0.2
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 15.0
_STATUS: Final = Patience(connect=1.0, read=2.0)
_LINES: Final = Patience(connect=2.0, read=5.0)

Send = Callable[[Request, Patience], Answer]


class Courier:
    """An outbox and the thread that empties it, which starts with the first use.

    Args:
        send: Sends one request; never raises.
        lost: Is called with a number of lines that nobody will see.
        capacity: Most lines that wait at a time.
        what: What it sends, for the log.
    """

    def __init__(
        self,
        send: Send,
        lost: Callable[[int], None],
        *,
        capacity: int = _CAPACITY,
        what: str = "reports",
    ) -> None:
        self._send = send
        self._lost = lost
        self._what = what
        self._log = structlog.stdlib.get_logger("provisionhub")
        self._changed = threading.Condition()
        self._outbox = Outbox(capacity)
        self._batch: Request | None = None
        self._pause = _FIRST_PAUSE
        self._due = 0.0
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self._is_struggling = False
        self._problem = ""

    @property
    def is_struggling(self) -> bool:
        """Whether the last request found nobody: waiting for the next is in vain."""
        return self._is_struggling

    def put_status(self, pending: Pending) -> None:
        """Send *pending* as soon as may be, in place of the run's last."""
        with self._changed:
            self._outbox.put_status(pending)
            self._wake()
            if self._is_closing:
                self._outbox.withdraw(pending.run_id)

    def withdraw(self, run_id: RunId) -> None:
        """Do not send the run's status that still waits."""
        with self._changed:
            self._outbox.withdraw(run_id)

    def put_line(self, line: Line) -> None:
        """Send *line* with one of the next batches."""
        with self._changed:
            if not self._outbox and self._batch is None:
                self._due = time.monotonic() + _LINGER
            dropped = self._outbox.put_line(line)
            self._wake()
        if dropped:
            self._lost(dropped)

    def close(self, seconds: float) -> None:
        """Send what waits, for at most *seconds*, and end the thread."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(seconds)

    def _wake(self) -> None:
        if self._is_closing:
            return
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="control-plane", daemon=True
            )
            self._thread.start()
        self._changed.notify()

    def _run(self) -> None:
        while (parcel := self._next()) is not None:
            match parcel:
                case Pending():
                    self._deliver_status(parcel)
                case Request():
                    self._deliver_batch(parcel)
        with self._changed:
            left = self._outbox.clear()
        if left:
            self._lost(left)

    def _next(self) -> Pending | Request | None:
        """Wait for what is to be sent next; return None at the end."""
        with self._changed:
            while True:
                if self._outbox.has_status:
                    return self._outbox.next_status()
                waiting = self._batch is not None or len(self._outbox) > 0
                wait = self._due - time.monotonic()
                if waiting and (wait <= 0 or self._is_closing):
                    return self._take_batch()
                if self._is_closing:
                    return None
                self._changed.wait(wait if waiting else None)

    def _take_batch(self) -> Request:
        # One whose answer was lost is repeated as it was, under its own key.
        batch = self._batch or self._outbox.next_batch(_BATCH)
        self._batch = batch
        return batch

    def _deliver_status(self, pending: Pending) -> None:
        answer = self._send(pending.request, _STATUS)
        self._judge(answer)
        pending.heard(answer)
        pending.done.set()

    def _deliver_batch(self, batch: Request) -> None:
        answer = self._send(batch, _LINES)
        self._judge(answer)
        if answer.is_taken:
            self._batch, self._pause, self._due = None, _FIRST_PAUSE, 0.0
        elif answer.is_refusal or self._is_closing:
            self._batch = None
            self._lost(_entries(batch))
        else:
            asked = min(answer.retry_after or 0.0, _LONGEST_PAUSE)
            jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, hides nothing
            self._due = time.monotonic() + max(asked, self._pause * jitter)
            self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _judge(self, answer: Answer) -> None:
        """Log the first sign of trouble and the end of it, and nothing between."""
        self._is_struggling = not (answer.is_taken or answer.is_refusal)
        problem = "" if answer.settled is not None else answer.problem
        if problem and not self._problem:
            self._log.warning(
                f"The control plane does not take {self._what}: {problem}"
            )
        elif self._problem and not problem:
            self._log.info(f"The control plane takes {self._what} again")
        self._problem = problem


def _entries(batch: Request) -> int:
    entries = batch.body["entries"]
    return len(entries) if isinstance(entries, list) else 0
