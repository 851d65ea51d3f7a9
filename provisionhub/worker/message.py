"""Messages as the worker sees them: what came, and what it sends on.

Attempts are counted in headers of our own. RabbitMQ's ``x-death`` is no counter:
a message replayed with a copied one and then sent through a queue with a time to
live is dropped without a word, so no ``x-`` header is ever sent on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, TypeAlias, cast

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.status import Failed, Outcome
from provisionhub.worker.outcomes import outcome_from_json, outcome_to_json

ATTEMPT: Final = "ph-attempt"
FIRST_RECEIVED: Final = "ph-first-received"
SOURCE: Final = "ph-source"
REASON: Final = "ph-reason"
ERROR: Final = "ph-error"
HISTORY: Final = "ph-history"
OUTCOME: Final = "ph-outcome"
REPORTS: Final = "ph-reports"
DEAD_LETTERED: Final = "ph-dead-lettered"
WORKER: Final = "ph-worker"

_OURS: Final = "ph-"
_REPLAYED: Final = frozenset({FIRST_RECEIVED, OUTCOME})
_LONGEST_TEXT: Final = 1024
_LONGEST_HISTORY: Final = 10
_LARGEST_OUTCOME: Final = 16 * 1024

Headers: TypeAlias = Mapping[str, Any]
"""A message's headers: whatever AMQP can say."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to be published, persistent and confirmed.

    Attributes:
        queue: Where it goes, through the default exchange.
        body: What it says.
        headers: What goes with it.
    """

    queue: str
    body: bytes = field(repr=False)
    headers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """A message that the broker has delivered, and that waits to be settled.

    Attributes:
        queue: The queue that it came from.
        body: What it says; not yet looked at.
        headers: As they came.
        epoch: The channel that it came on; the tag means nothing on another one.
        tag: Its delivery tag.
        is_redelivered: Whether it may have been delivered before.
        received_at: When, in UTC.
    """

    queue: str
    body: bytes = field(repr=False)
    headers: Headers
    epoch: int
    tag: int
    is_redelivered: bool
    received_at: datetime

    @cached_property
    def attempt(self) -> int:
        """Which attempt this is, counted from 1."""
        found = self.headers.get(ATTEMPT)
        return max(found, 1) if isinstance(found, int) else 1

    @cached_property
    def first_received_at(self) -> datetime:
        """When the job was first received, on whatever attempt."""
        found = self.headers.get(FIRST_RECEIVED)
        try:
            return datetime.fromisoformat(str(found)).astimezone(UTC)
        except (ValueError, OverflowError):
            return self.received_at

    @cached_property
    def reports(self) -> int:
        """How often its final status could not be delivered so far."""
        found = self.headers.get(REPORTS)
        return max(found, 0) if isinstance(found, int) else 0

    @cached_property
    def is_dead_lettered(self) -> bool:
        """Whether a dead letter of it is there, and only its report is left."""
        return self.headers.get(DEAD_LETTERED) is True

    @cached_property
    def outcome(self) -> Outcome | None:
        """How the run ended, if all that is left is to report it."""
        found = self.headers.get(OUTCOME)
        if not isinstance(found, str):
            return None
        try:
            return outcome_from_json(json.loads(found))
        except ValueError:
            return None

    @cached_property
    def identity(self) -> tuple[str, int, int]:
        """What tells this delivery of this attempt from any other message."""
        return hashlib.sha256(self.body).hexdigest(), self.attempt, self.reports

    def retried(self, queue: str, error: ProvisionError, *, worker_id: str) -> Sent:
        """Return what goes to the retry queue called *queue*: the next attempt."""
        headers = self._sent_on(error, worker_id) | {ATTEMPT: self.attempt + 1}
        return Sent(queue, self.body, headers)

    def dead_lettered(
        self, queue: str, error: ProvisionError, *, worker_id: str
    ) -> Sent:
        """Return what goes to the dead-letter queue called *queue*."""
        headers = self._sent_on(error, worker_id) | {REASON: error.code}
        return Sent(queue, self.body, headers)

    def unreported(
        self, queue: str, outcome: Outcome, *, is_dead_lettered: bool
    ) -> Sent:
        """Return what goes to *queue* for its *outcome* to be reported later."""
        headers = self._ours() | {
            OUTCOME: _shortened(outcome_to_json(outcome)),
            REPORTS: self.reports + 1,
            DEAD_LETTERED: is_dead_lettered,
        }
        return Sent(queue, self.body, headers)

    def unheard(
        self, queue: str, outcome: Outcome, error: ProvisionError, *, worker_id: str
    ) -> Sent:
        """Return what goes to the dead-letter queue as nobody takes its *outcome*.

        Replayed, what was done is only reported, and what failed is tried again.
        """
        dead = self.dead_lettered(queue, error, worker_id=worker_id)
        headers = {n: v for n, v in dead.headers.items() if n != OUTCOME}
        if not isinstance(outcome, Failed):
            headers[OUTCOME] = _shortened(outcome_to_json(outcome))
        return replace(dead, headers=headers)

    def _sent_on(self, error: ProvisionError, worker_id: str) -> dict[str, Any]:
        return self._ours() | {
            ERROR: clipped(f"{error.code}: {error.message}"),
            HISTORY: json.dumps([*self._history(), self._entry(error, worker_id)]),
        }

    def _ours(self) -> dict[str, Any]:
        """Return the headers that travel on: the sender's own, and ours."""
        kept = {
            name: v for name, v in self.headers.items() if not name.startswith("x-")
        }
        return kept | {
            ATTEMPT: self.attempt,
            FIRST_RECEIVED: self.first_received_at.isoformat(),
            SOURCE: self.queue,
        }

    def _history(self) -> list[JsonObject]:
        return read_history(self.headers)[1 - _LONGEST_HISTORY :]

    def _entry(self, error: ProvisionError, worker_id: str) -> JsonObject:
        return {
            "attempt": self.attempt,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "worker": worker_id,
            "code": error.code,
            "message": clipped(error.message),
        }


def read_history(headers: Headers) -> list[JsonObject]:
    """Return what became of each attempt so far, oldest first."""
    try:
        found = json.loads(str(headers.get(HISTORY, "[]")))
    except ValueError:
        return []
    return cast("list[JsonObject]", found) if isinstance(found, list) else []


def replayed(sent: Sent) -> Sent:
    """Return *sent* as a job that starts afresh: attempts and reasons forgotten.

    An outcome that is still to be reported is not: what was done stays done.
    """
    kept = {
        name: value
        for name, value in sent.headers.items()
        if not name.startswith((_OURS, "x-")) or name in _REPLAYED
    }
    return replace(sent, headers=kept)


def clipped(text: str) -> str:
    """Return the first KiB of *text*, in UTF-8."""
    data = text.encode("utf-8", "replace")
    if len(data) <= _LONGEST_TEXT:
        return text
    return data[: _LONGEST_TEXT - 3].decode("utf-8", "ignore") + "…"


def _shortened(outcome: JsonObject) -> str:
    """Return *outcome* as text, its error's details left out if they are long."""
    text = json.dumps(outcome)
    error = outcome.get("error")
    if len(text) <= _LARGEST_OUTCOME or not isinstance(error, dict):
        return text
    message = clipped(str(error["message"]))
    return json.dumps(
        {**outcome, "error": {**error, "message": message, "details": {}}}
    )
