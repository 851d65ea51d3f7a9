"""Connection A: takes messages, and acknowledges them; nothing else goes over it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

import pika
import structlog
from pika import BlockingConnection
from pika.adapters.blocking_connection import BlockingChannel

from provisionhub.worker.broker import AWAY, Broker
from provisionhub.worker.link import Link
from provisionhub.worker.message import Delivery
from provisionhub.worker.seats import Seat, Seats
from provisionhub.worker.topology import Topology, depth

_TICK: Final = 0.5
_DEPTHS: Final = 5.0
_SHORT: Final = 0.5
"""How often to look, in seconds, whether a queue needs more seats than it has."""


class ConsumerLostError(ConnectionError):
    """The connection lives, but nothing is delivered on it any more."""


class Consumer:
    """Consumes from a thread of its own.

    Every channel is an *epoch*: delivery tags of an earlier one mean nothing, or,
    worse, another message. An ack whose epoch is over is dropped and counted; the
    broker delivers that message again.

    Args:
        broker: Where from.
        topology: The queues that are declared before.
        sources: The queues that are consumed.
        budget: Most messages that wait for their ack, in all.
        take: Is given each delivery, in the consumer's thread.
        stale: Called for each ack that is dropped.
        reconnected: Called whenever a connection was made anew.

    Attributes:
        depths: How many messages wait in each queue; empty while the broker is away.
        ticked_at: When the thread last did anything, on the monotonic clock.
        is_consuming: Whether messages are delivered.
        failed_acks: Whether the last ack asked for could not be sent.
    """

    def __init__(  # noqa: PLR0913 - three parts and three callbacks
        self,
        broker: Broker,
        topology: Topology,
        sources: Sequence[str],
        *,
        budget: int,
        take: Callable[[Delivery], None],
        stale: Callable[[], None] = lambda: None,
        reconnected: Callable[[], None] = lambda: None,
    ) -> None:
        self.depths: Mapping[str, int] = {}
        self.ticked_at = time.monotonic()
        self.is_consuming = False
        self._topology = topology
        self._sources = tuple(sources)
        self._budget = budget
        self._seats = Seats(sources, budget)
        self._take = take
        self._stale = stale
        self._epoch = 0
        self._channel: BlockingChannel | None = None
        self._is_wanted = True
        self._looked_at = 0.0
        log = structlog.stdlib.get_logger("provisionhub")
        self.link = Link(
            broker, "consumer", self._session, reconnected=reconnected, tell=log.warning
        )

    def is_current(self, delivery: Delivery) -> bool:
        """Tell whether *delivery* can still be acknowledged."""
        return self._channel is not None and delivery.epoch == self._epoch

    def ack(self, delivery: Delivery) -> None:
        """Let the broker forget *delivery*; from any thread."""
        if not self.link.call(partial(self._ack, delivery)):
            self._stale()

    def cancel(self) -> None:
        """Take nothing more; what was taken can still be acknowledged."""
        self._is_wanted = False
        self.link.call(self._cancel)

    def _session(self, connection: BlockingConnection) -> None:
        try:
            self._topology.declare(connection)
            channel = connection.channel()
            self._epoch += 1
            self._seats = Seats(self._sources, self._budget)
            self._channel = channel
            while not self.link.closing.is_set():
                if self._is_wanted:
                    self._consume(channel)
                connection.process_data_events(time_limit=_TICK)
                self.ticked_at = time.monotonic()
                self._check(channel)
                self._look(connection, channel)
        finally:
            self.is_consuming = False
            self._channel = None
            self.depths = {}

    def _consume(self, channel: BlockingChannel) -> None:
        """Have every seat that is free take its place."""
        for seat in self._seats.free:
            # For the next consumer, not the channel: quorum queues refuse the latter.
            channel.basic_qos(prefetch_count=seat.size)
            take = partial(self._deliver, seat, seat.queue, self._epoch)
            seat.tag = channel.basic_consume(seat.queue, take)
        self.is_consuming = self._is_wanted

    def _check(self, channel: BlockingChannel) -> None:
        """Look for what pika does not tell: a closed channel, a cancelled consumer."""
        if not channel.is_open:
            raise ConsumerLostError("the broker has closed the channel")
        if self._is_wanted and set(self._seats.tags) - set(channel.consumer_tags):
            raise ConsumerLostError("the broker has cancelled the consumer")

    def _look(self, connection: BlockingConnection, channel: BlockingChannel) -> None:
        """Ask, now and then, how many messages wait; share the seats accordingly."""
        now = time.monotonic()
        often = self._is_wanted and self._seats.may_be_short
        if now - self._looked_at < (_SHORT if often else _DEPTHS):
            return
        self._looked_at = now
        names = [*self._sources, self._topology.dead_letters.name]
        found = {name: depth(connection, name) for name in names}
        self.depths = {name: n for name, n in found.items() if n is not None}
        if len(self.depths) < len(names):
            raise ConsumerLostError("a queue is gone")
        if self._is_wanted:
            for tag in self._seats.moves(self.depths):
                channel.basic_cancel(tag)

    def _deliver(  # noqa: PLR0913, PLR0917 - as pika calls it
        self,
        seat: Seat,
        source: str,
        epoch: int,
        channel: BlockingChannel,  # noqa: ARG002
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
        self._seats.take(seat, method.delivery_tag)
        self._take(
            Delivery(
                queue=source,
                body=body,
                headers=properties.headers or {},
                epoch=epoch,
                tag=method.delivery_tag,
                is_redelivered=bool(method.redelivered),
                received_at=datetime.now(UTC).replace(microsecond=0),
            )
        )

    def _ack(self, delivery: Delivery) -> None:
        channel = self._channel
        if channel is None or not channel.is_open or not self.is_current(delivery):
            self._stale()
            return
        channel.basic_ack(delivery.tag)
        self._seats.settle(delivery.tag)

    def _cancel(self) -> None:
        self.is_consuming = False
        channel = self._channel
        if channel is None:
            return
        for tag in channel.consumer_tags:
            try:
                channel.basic_cancel(tag)
            except AWAY:
                return
