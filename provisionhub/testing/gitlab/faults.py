"""What a test plans to go wrong."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """How a request goes wrong.

    Attributes:
        on: Regular expression; met by requests whose ``METHOD path`` it is found in.
        times: How many requests meet it.
        after: How many of them go well before the first that does not.
        status: Answer this, instead of having any effect.
        body: What that answer says.
        headers: Further headers of that answer.
        delay: Wait this long first, in seconds.
        reset: Break the connection; with ``late`` only after the effect.
        late: Let the request have its effect first, and then lose the answer.
        hold: Wait for this event first.
    """

    on: str
    times: int = 1
    after: int = 0
    status: int | None = None
    body: bytes = b'{"message":"500 Internal Server Error"}'
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    delay: float = 0.0
    reset: bool = False
    late: bool = False
    hold: threading.Event | None = field(default=None, compare=False)


class FaultPlan:
    """The faults that are still to come; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[tuple[Fault, list[int]]] = []

    def add(self, fault: Fault) -> None:
        """Let the requests that it is for meet *fault*."""
        with self._lock:
            self._planned.append((fault, [fault.after, fault.times]))

    def next(self, request: str) -> Fault | None:
        """Take out the fault that *request*, ``METHOD path``, meets, if any."""
        with self._lock:
            for planned in self._planned:
                fault, counts = planned
                if not re.search(fault.on, request):
                    continue
                if counts[0] > 0:
                    counts[0] -= 1
                    return None
                counts[1] -= 1
                if counts[1] <= 0:
                    self._planned.remove(planned)
                return fault
        return None

    def clear(self) -> None:
        """Forget what is still to come."""
        with self._lock:
            self._planned.clear()
