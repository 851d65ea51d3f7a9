"""Connection B: what the worker sends on, persistent, mandatory and confirmed.

It is apart from the one that consumes, because a broker short of memory or disk
stops reading from connections that publish, acks included.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from pika import BlockingConnection

from provisionhub.worker.broker import Broker
from provisionhub.worker.confirms import Confirms
from provisionhub.worker.link import Link
from provisionhub.worker.message import Sent
from provisionhub.worker.topology import Queue, declare

_TICK: Final = 1.0
_AGAIN: Final = 0.5
_PATIENCE: Final = 30.0
_BLOCKED: Final = 5.0
_AVOIDED: Final = 300.0


@dataclass(eq=False, slots=True)
class _Request:
    sent: Sent
    queue: Queue
    may_be_passed_over: bool
    since: float = field(default_factory=time.monotonic)
    done: threading.Event = field(default_factory=threading.Event)
    is_confirmed: bool = False
    published_at: float | None = None
    not_before: float = 0.0


class Sender:
    """Publishes from a thread of its own, until the broker has confirmed.

    Args:
        broker: Where to.
        reconnected: Called whenever a connection was made anew.
        patience: How long a queue may take to confirm, in seconds, before it is
            passed over where there is another.
    """

    def __init__(
        self,
        broker: Broker,
        *,
        reconnected: Callable[[], None] = lambda: None,
        patience: float = _PATIENCE,
    ) -> None:
        self._requests: deque[_Request] = deque()
        self._declared: set[str] = set()
        self._avoided: dict[str, float] = {}
        self._patience = patience
        self._is_choked = False
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
        return self._wait(_Request(sent, queue, may_be_passed_over=False))

    def try_to_send(self, sent: Sent, queue: Queue) -> bool:
        """Publish *sent*, as ``send`` does, unless the queue alone does not confirm.

        Returns:
            Whether it was confirmed. If not, the broker may have it all the same.
        """
        if time.monotonic() < self._avoided.get(queue.name, 0.0):
            return False
        return self._wait(_Request(sent, queue, may_be_passed_over=True))

    def abandon(self) -> None:
        """Have everybody who waits go on without a confirmation."""
        self._is_abandoned = True
        for request in tuple(self._requests):
            request.done.set()

    def _wait(self, request: _Request) -> bool:
        self._requests.append(request)
        if self._is_abandoned:
            return False
        self.link.call(lambda: None)
        if not request.done.wait(_PATIENCE):
            self._log.warning(
                "The broker has not confirmed a message for long; still trying",
                queue=request.queue.name,
            )
            request.done.wait()
        return request.is_confirmed

    def _session(self, connection: BlockingConnection) -> None:
        confirms = Confirms(connection.channel())
        self._is_choked = False
        connection.add_on_connection_blocked_callback(partial(self._hear_choke, True))  # noqa: FBT003 - what it hears
        connection.add_on_connection_unblocked_callback(
            partial(self._hear_choke, False)  # noqa: FBT003
        )
        self._declared.clear()
        for request in tuple(self._requests):
            request.published_at = None
        while not (self.link.closing.is_set() and not self._requests):
            wait = self._publish(connection, confirms)
            if self._is_abandoned:
                return
            connection.process_data_events(time_limit=wait)
            self._pass_over()

    def _publish(self, connection: BlockingConnection, confirms: Confirms) -> float:
        """Publish what is not yet on its way; return how long to wait then."""
        now, wait = time.monotonic(), _TICK
        for request in tuple(self._requests):
            if request.published_at is not None:
                continue
            if now < request.not_before:
                wait = _AGAIN
                continue
            if request.queue.name not in self._declared:
                declare(connection, [request.queue])
                self._declared.add(request.queue.name)
            request.published_at = time.monotonic()
            confirms.publish(request.sent, partial(self._settle, request))
        return wait

    def _settle(self, request: _Request, is_confirmed: bool) -> None:  # noqa: FBT001 - as it is told
        if not is_confirmed:
            # Deleted under our hands, or full: it is made again, or waits.
            self._declared.clear()
            request.published_at = None
            request.not_before = time.monotonic() + _AGAIN
            return
        request.is_confirmed = True
        self._end(request)

    def _pass_over(self) -> None:
        """Give up what a queue does not confirm, if there is another for it."""
        now = time.monotonic()
        for request in tuple(self._requests):
            sent_at = request.published_at
            if sent_at is None or not request.may_be_passed_over or self._is_choked:
                continue
            if now - sent_at > self._patience:
                name = request.queue.name
                self._log.error("A queue confirms nothing: passing it over", queue=name)
                self._avoided[name] = now + _AVOIDED
                self._end(request)

    def _end(self, request: _Request) -> None:
        if request in self._requests:
            self._requests.remove(request)
        request.done.set()

    def _hear_choke(self, is_choked: bool, *_: object) -> None:  # noqa: FBT001 - as above
        """Note whether the broker, short of memory or disk, reads what we publish."""
        self._is_choked = is_choked
