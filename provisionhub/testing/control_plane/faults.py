"""What a test plans to go wrong."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from provisionhub.jsontypes import JsonObject


class Kind(StrEnum):
    """What a request is about."""

    STATUS = "status"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Fault:
    """How one request goes wrong.

    Attributes:
        status: Answer this instead of taking the request; None takes it.
        body: What that answer says.
        headers: Further headers of it, such as ``Retry-After``.
        delay: Wait before anything else, in seconds.
        reset: Break the connection instead of answering; with a *status* before the
            request has any effect, without one after it has.
    """

    status: int | None = None
    body: JsonObject = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    reset: bool = False


class FaultPlan:
    """The faults that are still to come, by kind; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[Kind, deque[Fault]] = {kind: deque() for kind in Kind}

    def add(self, fault: Fault, *, on: Kind, times: int) -> None:
        """Let the next *times* requests of that kind, not yet spoken for, meet it."""
        with self._lock:
            self._planned[on].extend([fault] * times)

    def next(self, kind: Kind | None) -> Fault | None:
        """Take out the fault that a request of *kind* meets, if one is planned."""
        with self._lock:
            planned = self._planned[kind] if kind is not None else None
            return planned.popleft() if planned else None

    def clear(self) -> None:
        """Forget what is still to come."""
        with self._lock:
            for planned in self._planned.values():
                planned.clear()
