"""What a control plane keeps, and how it answers."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from provisionhub.jsontypes import JsonObject
from provisionhub.testing.control_plane.faults import Kind
from provisionhub.testing.control_plane.protocol import (
    check_headers,
    read_body,
    route,
)

_FINAL: Final = frozenset({"succeeded", "failed", "cancelled"})
_CIRCUMSTANCES: Final = frozenset(
    {"attempt", "worker_id", "occurred_at", "sequence", "duration_seconds"}
)
_REASONS: Final = frozenset({"step", "error"})


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came.

    Attributes:
        method: ``PATCH``, ``POST`` or ``GET``.
        path: Its path.
        headers: By lower-case names.
        data: Its body.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    data: bytes

    @property
    def kind(self) -> Kind | None:
        """What it is about; None if there is no such place."""
        found = route(self.method, self.path)
        return None if found is None else found[1]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status code and JSON body."""

    status: int
    body: JsonObject = field(default_factory=dict)


@dataclass
class Run:
    """What is kept of one run.

    Attributes:
        statuses: Reports that were taken and changed something, in that order.
        late: Reports that were overtaken by a newer one.
        lines: Entries of its log.
        is_cancelled: Whether somebody has cancelled it.
    """

    statuses: list[JsonObject] = field(default_factory=list)
    late: list[JsonObject] = field(default_factory=list)
    lines: list[JsonObject] = field(default_factory=list)
    is_cancelled: bool = False

    @property
    def final(self) -> str | None:
        """The final status that it has by now."""
        last = str(self.statuses[-1]["status"]) if self.statuses else ""
        return last if last in _FINAL else None


class Ledger:
    """Keeps to the contract, and notes each breach of it; safe to share.

    Args:
        api_key: The bearer token that it asks for.
    """

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key
        self._lock = threading.RLock()
        self._taken: dict[str, tuple[JsonObject, Reply]] = {}
        self.runs: defaultdict[str, Run] = defaultdict(Run)
        self.repeats = 0
        self.complaints: list[str] = []

    def take(self, received: Received) -> Reply:
        """Answer a request, keeping what it tells."""
        with self._lock:
            if received.headers.get("authorization") != f"Bearer {self._api_key}":
                return Reply(401, {"message": "wrong key"})
            if received.method == "GET":
                return self._show(received.path)
            found = route(received.method, received.path)
            if found is None:
                return self._refuse(404, f"no such place: {received.path}")
            wrong = check_headers(received.headers)
            if wrong:
                return self._refuse(400, "; ".join(wrong))
            try:
                body = read_body(found[1], received.data)
            except (TypeError, ValueError) as error:
                return self._refuse(422, str(error))
            return self._once(*found, received.headers["idempotency-key"], body)

    def _show(self, path: str) -> Reply:
        run = self.runs.get(path.rpartition("/")[2])
        if run is None or not run.statuses:
            return Reply(404)
        return Reply(200, {"status": run.statuses[-1]["status"]})

    def _once(self, run_id: str, kind: Kind, key: str, body: JsonObject) -> Reply:
        if key in self._taken:
            first, reply = self._taken[key]
            self.repeats += 1
            if _essence(first) != _essence(body):
                self._refuse(422, f"{run_id}: two reports under one key")
            return reply
        run = self.runs[run_id]
        take = self._take_status if kind is Kind.STATUS else self._take_lines
        reply = take(run, body)
        if reply.status < 300:  # noqa: PLR2004 - the end of 2xx
            self._taken[key] = body, reply
        return reply

    def _take_status(self, run: Run, body: JsonObject) -> Reply:
        status = str(body["status"])
        if status in _FINAL:
            return self._take_final(run, status, body)
        if run.is_cancelled or run.final is not None:
            return Reply(409, {"status": run.final or "cancelled"})
        if run.statuses and sequence_of(body) <= sequence_of(run.statuses[-1]):
            run.late.append(body)
            return Reply(200)
        run.statuses.append(body)
        return Reply(200)

    def _take_final(self, run: Run, status: str, body: JsonObject) -> Reply:
        # A dead letter that is replayed may turn a failure into a success.
        if run.final is not None and (run.final, status) != ("failed", "succeeded"):
            self.complaints.append(f"{status} after {run.final}")
            return Reply(409, {"status": run.final})
        if run.statuses and sequence_of(body) <= sequence_of(run.statuses[-1]):
            self.complaints.append(f"{status} is numbered below a report before it")
        run.statuses.append(body)
        return Reply(200)

    def _take_lines(self, run: Run, body: JsonObject) -> Reply:
        entries = cast("list[JsonObject]", body["entries"])
        run.lines += entries
        numbers = [sequence_of(entry) for entry in entries]
        if numbers != sorted(set(numbers)):
            self.complaints.append("the lines of a batch are not numbered upwards")
        return Reply(202)

    def _refuse(self, status: int, message: str) -> Reply:
        self.complaints.append(message)
        return Reply(status, {"message": message})


def sequence_of(body: JsonObject) -> int:
    """Return a report's or an entry's place among all that is told of its run."""
    return cast("int", body["sequence"])


def _essence(body: JsonObject) -> JsonObject:
    """Return what two reports under one key must have in common.

    Two attempts of a run may fail for different reasons: the first one's stands.
    """
    others = _CIRCUMSTANCES | (_REASONS if body.get("status") == "failed" else set())
    return {name: body[name] for name in body.keys() - others}
