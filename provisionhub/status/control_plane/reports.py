"""The control plane's requests: their bodies, order and idempotency keys.

``schemas/control-plane.openapi.yaml`` is the contract; nothing is sent from here.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RunId
from provisionhub.status.lines import ending_step
from provisionhub.status.reporter import Cancelled, Failed, Outcome, Provisioned, Step
from provisionhub.values import Redactor

_KEYS: Final = uuid.UUID("6f1c3f0e-54c5-4f0a-9d0c-0b8b1b0f7a51")
_LONGEST_LINE: Final = 8_192

Headers = Mapping[str, str]


class Status(StrEnum):
    """What a run is, as the control plane sees it."""

    RUNNING = "running"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL: Final = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED})
"""What a run stays once it is so."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the control plane.

    Attributes:
        method: ``PATCH`` or ``POST``.
        path: Below the control plane's URL; its parts need no escaping.
        key: Equal for every repeat of the same report.
        body: JSON.
        trace: The W3C trace headers of the moment that it tells of.
    """

    method: str
    path: str
    key: str
    body: JsonObject = field(repr=False)
    trace: Headers = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a run's log on its way.

    Attributes:
        run_id: Whose it is.
        sequence: Its place among all that is told of the run.
        entry: Itself, as JSON.
        trace: The W3C trace headers of the moment at which it was said.
    """

    run_id: RunId
    sequence: int
    entry: JsonObject
    trace: Headers


class Sequence:
    """Numbers that rise, on this worker and from one worker to the next.

    They are milliseconds since 1970, each at least one above the last: a job may be
    tried again anywhere, without knowing what the worker before had counted to.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """Return a number above all before."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000)
            return self._last


class Reports:
    """Puts what happened into requests, with secrets taken out.

    Args:
        worker_id: Which worker reports.
        redactor: Hides the secrets among the settings. A job's own are out already.
        trace_headers: Returns the W3C headers of the trace that is going on.
    """

    def __init__(
        self, worker_id: str, redactor: Redactor, trace_headers: Callable[[], Headers]
    ) -> None:
        self._worker_id = worker_id
        self._redactor = redactor
        self._trace_headers = trace_headers
        self._sequence = Sequence()

    def running(self, run_id: RunId, step: Step, *, attempt: int) -> Request:
        """Return the report that *attempt* is at *step*.

        Every one has a key of its own: the answer to it tells whether the run was
        cancelled meanwhile, so no earlier answer may stand in for it.
        """
        body = self._status(Status.RUNNING, step, attempt)
        return self._patch(run_id, body, self._unlike_any(run_id, body))

    def retrying(
        self, run_id: RunId, error: ProvisionError, *, attempt: int, retry_at: datetime
    ) -> Request:
        """Return the report that *attempt* failed and another follows.

        A worker that was killed may leave the same attempt to be made twice, and to
        be followed by another at two times: so this has a key of its own as well.
        """
        body = self._status(Status.RETRYING, None, attempt)
        body["error"] = self._redactor.redact_json(error.to_json())
        body["retry_at"] = _rfc3339(retry_at)
        return self._patch(run_id, body, self._unlike_any(run_id, body))

    def final(
        self, run_id: RunId, outcome: Outcome, *, attempt: int, seconds: float | None
    ) -> Request:
        """Return the report of how the run ended.

        Its key comes from run and status alone: a worker that was killed in between
        leaves its job twice in the queue, as two different attempts.
        """
        status = _status_of(outcome)
        body = self._status(status, ending_step(outcome), attempt)
        if seconds is not None:
            body["duration_seconds"] = round(seconds, 3)
        match outcome:
            case Provisioned(repository, commit):
                body["repository"] = repository.to_json()
                body["commit"] = commit
            case Failed(error):
                body["error"] = self._redactor.redact_json(error.to_json())
            case Cancelled():
                pass
        return self._patch(run_id, body, f"{run_id}/{status}")

    def line(self, run_id: RunId, level: str, step: Step | None, message: str) -> Line:
        """Return a line for the run's log."""
        sequence = self._sequence.next()
        entry: JsonObject = {
            "sequence": sequence,
            "occurred_at": _now(),
            "level": level,
            "step": None if step is None else str(step),
            "message": _clip(self._redactor.redact(message)),
        }
        return Line(run_id, sequence, entry, self._trace_headers())

    def _status(self, status: Status, step: Step | None, attempt: int) -> JsonObject:
        return {
            "status": str(status),
            "step": None if step is None else str(step),
            "attempt": attempt,
            "worker_id": self._worker_id,
            "occurred_at": _now(),
            "sequence": self._sequence.next(),
        }

    def _unlike_any(self, run_id: RunId, body: JsonObject) -> str:
        return f"{run_id}/{self._worker_id}/{body['sequence']}"

    def _patch(self, run_id: RunId, body: JsonObject, name: str) -> Request:
        trace = self._trace_headers()
        return Request("PATCH", f"/api/v1/runs/{run_id}", _key(name), body, trace)


def log_batch(lines: list[Line], *, dropped: int) -> Request:
    """Return the request that delivers *lines*, one or more of the same run.

    Args:
        lines: In their order.
        dropped: How many lines before them nobody will ever see; told in their place.
    """
    first = lines[0]
    entries = [line.entry for line in lines]
    if dropped:
        entries.insert(0, _gap(first, dropped))
    name = f"{first.run_id}/logs/{first.sequence}/{lines[-1].sequence}"
    path = f"/api/v1/runs/{first.run_id}/logs"
    body: JsonObject = {"entries": [*entries]}
    return Request("POST", path, _key(name), body, first.trace)


def _gap(after: Line, dropped: int) -> JsonObject:
    lines = "1 line is" if dropped == 1 else f"{dropped} lines are"
    return after.entry | {
        "sequence": after.sequence - 1,
        "level": "warning",
        "message": f"{lines} missing here: the control plane took them too slowly",
    }


def _status_of(outcome: Outcome) -> Status:
    match outcome:
        case Provisioned():
            return Status.SUCCEEDED
        case Failed():
            return Status.FAILED
        case Cancelled():
            return Status.CANCELLED


def _key(name: str) -> str:
    return str(uuid.uuid5(_KEYS, name))


def _now() -> str:
    return _rfc3339(datetime.now(UTC))


def _rfc3339(moment: datetime) -> str:
    """Return *moment* in UTC, in milliseconds: ``2026-01-31T12:00:00.000Z``."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_LINE else text[: _LONGEST_LINE - 1] + "…"
