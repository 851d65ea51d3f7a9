"""The broker for short commands: publish and confirm, and look at dead letters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from pika import BlockingConnection
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import NackError, UnroutableError

from provisionhub.errors import BrokerUnavailableError
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RunId
from provisionhub.worker.broker import AWAY, Broker, SetupError, describe
from provisionhub.worker.confirms import persistent
from provisionhub.worker.message import (
    ATTEMPT,
    ERROR,
    FIRST_RECEIVED,
    REASON,
    SOURCE,
    Sent,
    read_history,
    replayed,
)
from provisionhub.worker.slot import find_run_id
from provisionhub.worker.topology import Topology

_BY_BROKER: Final = "x-first-death-reason"
_FROM_BROKER: Final = "x-first-death-queue"


@dataclass(frozen=True)
class DeadLetter:
    """A run that was given up; all of its copies in the dead-letter queue.

    Attributes:
        id: Its run, or, where it names none, ``sha256:`` and the body's digest.
        headers: Of the latest copy.
        body: Of the latest copy.
        tags: Delivery tags of all copies.
    """

    id: str
    headers: dict[str, Any]
    body: bytes = field(repr=False)
    tags: tuple[int, ...]

    @property
    def reason(self) -> str:
        """Why, in a word: an error's code, or what the broker calls it."""
        return str(self.headers.get(REASON) or self.headers.get(_BY_BROKER, "unknown"))

    @property
    def source(self) -> str | None:
        """The queue that it came from, if that is known."""
        found = self.headers.get(SOURCE) or self.headers.get(_FROM_BROKER)
        return None if found is None else str(found)

    def to_json(self) -> JsonObject:
        """Return what is known of it, its history without the job itself."""
        return {
            "id": self.id,
            "reason": self.reason,
            "error": str(self.headers.get(ERROR, "")),
            "attempts": int(self.headers.get(ATTEMPT, 1)),
            "first_received_at": str(self.headers.get(FIRST_RECEIVED, "")),
            "source": self.source,
            "copies": len(self.tags),
            "history": [*read_history(self.headers)],
        }


class Mailbox:
    """One connection to the broker; what it holds returns when it closes.

    Args:
        connection: The connection.
        topology: The queues.
    """

    def __init__(self, connection: BlockingConnection, topology: Topology) -> None:
        self._topology = topology
        self._channel: BlockingChannel = connection.channel()
        self._channel.confirm_delivery()

    @classmethod
    @contextmanager
    def open(cls, broker: Broker, topology: Topology) -> Iterator[Mailbox]:
        """Be connected to *broker*, and have every queue there.

        Raises:
            BrokerUnavailableError: If it can't be reached, or goes away.
        """
        connection = None
        try:
            connection = broker.connect("command")
            topology.declare(connection)
            yield cls(connection, topology)
        except AWAY as error:
            raise BrokerUnavailableError(
                f"the broker {broker} is not available: {describe(error)}",
                hint="RABBITMQ_URL says where it is",
            ) from None
        except SetupError as error:
            raise BrokerUnavailableError(
                f"the broker's queues are of another kind: {error}"
            ) from None
        finally:
            if connection is not None and connection.is_open:
                connection.close()

    def publish(self, sent: Sent) -> None:
        """Publish *sent*; return once the broker has confirmed it.

        Raises:
            BrokerUnavailableError: If the broker won't have it.
        """
        properties = persistent(sent.headers)
        try:
            self._channel.basic_publish(
                "", sent.queue, sent.body, properties, mandatory=True
            )
        except (NackError, UnroutableError):
            raise BrokerUnavailableError(
                f"the queue `{sent.queue}` does not take the message"
            ) from None

    def dead_letters(self) -> list[DeadLetter]:
        """Return every run in the dead-letter queue, once each, oldest first."""
        found: dict[str, DeadLetter] = {}
        for tag, headers, body in self._messages(self._topology.dead_letters.name):
            known = _name(body)
            tags = found[known].tags if known in found else ()
            found[known] = DeadLetter(known, headers, body, (*tags, tag))
        return list(found.values())

    def replay(self, letters: Iterable[DeadLetter]) -> None:
        """Send *letters* back to their queues, to start afresh, each confirmed."""
        for letter in letters:
            source = letter.source or self._topology.main
            self.publish(replayed(Sent(source, letter.body, letter.headers)))
            self.discard([letter])

    def discard(self, letters: Sequence[DeadLetter]) -> None:
        """Have the broker forget *letters*, with every copy."""
        for letter in letters:
            for tag in letter.tags:
                self._channel.basic_ack(tag)

    def _messages(self, queue: str) -> Iterator[tuple[int, dict[str, Any], bytes]]:
        """Yield what waits in *queue* by now; not what comes meanwhile."""
        waiting = self._channel.queue_declare(queue, passive=True).method.message_count
        for _ in range(waiting):
            method, properties, body = self._channel.basic_get(queue)
            if method is None or properties is None or body is None:
                return
            yield method.delivery_tag, dict(properties.headers or {}), body


def _name(body: bytes) -> str:
    run_id: RunId | None = find_run_id(body)
    return run_id or f"sha256:{hashlib.sha256(body).hexdigest()[:12]}"
