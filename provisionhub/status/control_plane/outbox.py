"""What waits to be sent: the newest status of each run, and the lines of all."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from provisionhub.repository import RunId
from provisionhub.status.control_plane.http import Answer
from provisionhub.status.control_plane.reports import Line, Request, log_batch


@dataclass(frozen=True)
class Pending:
    """A status on its way.

    Attributes:
        run_id: Whose it is.
        request: What is sent.
        heard: Is called with the answer, on the courier's thread.
        done: Set once there is an answer, or none will come.
    """

    run_id: RunId
    request: Request
    heard: Callable[[Answer], None]
    done: threading.Event = field(default_factory=threading.Event)


class Outbox:
    """Holds a bounded number of lines; of more, it drops the oldest and counts them.

    Not safe to share: the courier guards it.

    Args:
        capacity: Most lines that wait at a time.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._statuses: dict[RunId, Pending] = {}
        self._lines: deque[Line] = deque()
        self._dropped: Counter[RunId] = Counter()

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def has_status(self) -> bool:
        """Whether a status waits."""
        return bool(self._statuses)

    def put_status(self, pending: Pending) -> None:
        """Keep *pending* in place of an older status of the same run."""
        self.withdraw(pending.run_id)
        self._statuses[pending.run_id] = pending

    def withdraw(self, run_id: RunId) -> None:
        """Forget the run's status: a newer one overtakes it."""
        overtaken = self._statuses.pop(run_id, None)
        if overtaken is not None:
            overtaken.done.set()

    def next_status(self) -> Pending:
        """Take out the status that has waited longest."""
        return self._statuses.pop(next(iter(self._statuses)))

    def put_line(self, line: Line) -> int:
        """Keep *line*; return how many older ones were dropped for it."""
        self._lines.append(line)
        if len(self._lines) <= self._capacity:
            return 0
        self._dropped[self._lines.popleft().run_id] += 1
        return 1

    def next_batch(self, longest: int) -> Request:
        """Take out at most *longest* lines of the run whose turn it is."""
        run_id = self._lines[0].run_id
        batch: list[Line] = []
        others: deque[Line] = deque()
        for line in self._lines:
            mine = line.run_id == run_id and len(batch) < longest
            (batch if mine else others).append(line)
        self._lines = others
        return log_batch(batch, dropped=self._dropped.pop(run_id, 0))

    def clear(self) -> int:
        """Forget everything; return how many lines that were."""
        for run_id in list(self._statuses):
            self.withdraw(run_id)
        lines = len(self._lines)
        self._lines.clear()
        self._dropped.clear()
        return lines
