"""Connection B: what the worker sends on, persistent, mandatory and confirmed.

It is apart from the one that consumes, because a broker short of memory or disk
stops reading from connections that publish, acks included.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pika
import structlog
from pika import BlockingConnection
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import NackError, UnroutableError

from provisionhub.worker.broker import Broker
from provisionhub.worker.link import Link
from provisionhub.worker.message import Sent
from provisionhub.worker.topology import Queue, declare

_TICK: Final = 1.0
_AGAIN: Final = 0.5
_PATIENCE: Final = 30.0
_BLOCKED: Final = 5.0


@dataclass(slots=True)
class _Request:
    sent: Sent
    queue: Queue
    since: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)
    is_confirmed: bool = False


def persistent(headers: Mapping[str, Any]) -> pika.BasicProperties:
    """Return what goes with a JSON message that survives the broker's restart."""
    return pika.BasicProperties(  # type: ignore[no-untyped-call] # it has no py.typed
        headers=dict(headers),
        delivery_mode=pika.DeliveryMode.Persistent.value,
        content_type="application/json",
    )


class Sender:
    """Publishes from a thread of its own, in order, until the broker has confirmed.

    Args:
        broker: Where to.
        reconnected: Called whenever a connection was made anew.
    """

    def __init__(
        self, broker: Broker, *, reconnected: Callable[[], None] = lambda: None
    ) -> None:
        self._requests: deque[_Request] = deque()
        self._is_abandoned = False
        self._log = structlog.stdlib.get_logger("provisionhub")
        self.link = Link(broker, "publisher", self._session, reconnected=reconnected)

    @property
    def is_blocked(self) -> bool:
        """Whether something has waited for long to be confirmed."""
        waiting = next(iter(tuple(self._requests)), None)
        return waiting is not None and time.monotonic() - waiting.since > _BLOCKED

    def send(self, sent: Sent, queue: Queue) -> bool:
        """Publish *sent* to *queue*, made if it is missing; wait until it is confirmed.

        Returns:
            Whether it was. If not, the worker is ending.
        """
        request = _Request(sent, queue)
        self._requests.append(request)
        if self._is_abandoned:
            return False
        self.link.call(lambda: None)
        if not request.done.wait(_PATIENCE):
            self._log.warning(
                "The broker has not confirmed a message for long; still trying",
                queue=queue.name,
            )
            request.done.wait()
        return request.is_confirmed

    def abandon(self) -> None:
        """Have everybody who waits go on without a confirmation."""
        self._is_abandoned = True
        for request in tuple(self._requests):
            request.done.set()

    def _session(self, connection: BlockingConnection) -> None:
        channel = connection.channel()
        channel.confirm_delivery()
        declared: set[str] = set()
        while not (self.link.closing.is_set() and not self._requests):
            wait = _TICK
            while self._requests:
                if not self._publish(connection, channel, declared):
                    wait = _AGAIN
                    break
            if self._is_abandoned:
                return
            connection.process_data_events(time_limit=wait)

    def _publish(
        self,
        connection: BlockingConnection,
        channel: BlockingChannel,
        declared: set[str],
    ) -> bool:
        """Publish the first of the requests; tell whether it was confirmed."""
        request = self._requests[0]
        if request.queue.name not in declared:
            declare(connection, [request.queue])
            declared.add(request.queue.name)
        try:
            channel.basic_publish(
                "",
                request.sent.queue,
                request.sent.body,
                persistent(request.sent.headers),
                mandatory=True,
            )
        except (UnroutableError, NackError):
            # Deleted under our hands, or full: it is made again, or waits.
            declared.clear()
            return False
        self._requests.popleft()
        request.is_confirmed = True
        request.done.set()
        return True
