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
from provisionhub.worker.topology import Topology, depth

_TICK: Final = 0.5
_DEPTHS: Final = 5.0


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
        prefetch: Most messages that wait for their ack, for each of them.
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
        prefetch: int,
        take: Callable[[Delivery], None],
        stale: Callable[[], None] = lambda: None,
        reconnected: Callable[[], None] = lambda: None,
    ) -> None:
        self.depths: Mapping[str, int] = {}
        self.ticked_at = time.monotonic()
        self.is_consuming = False
        self._topology = topology
        self._sources = tuple(sources)
        self._prefetch = prefetch
        self._take = take
        self._stale = stale
        self._epoch = 0
        self._channel: BlockingChannel | None = None
        self._is_wanted = True
        self._next_depths = 0.0
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
            self._channel = channel
            if self._is_wanted:
                self._consume(channel)
            while not self.link.closing.is_set():
                connection.process_data_events(time_limit=_TICK)
                self.ticked_at = time.monotonic()
                self._check(channel)
                self._look(connection)
        finally:
            self.is_consuming = False
            self._channel = None
            self.depths = {}

    def _consume(self, channel: BlockingChannel) -> None:
        # For each consumer: quorum queues refuse a limit for the whole channel.
        channel.basic_qos(prefetch_count=self._prefetch)
        for source in self._sources:
            channel.basic_consume(source, partial(self._deliver, source, self._epoch))
        self.is_consuming = True

    def _check(self, channel: BlockingChannel) -> None:
        """Look for what pika does not tell: a closed channel, a cancelled consumer."""
        if not channel.is_open:
            raise ConsumerLostError("the broker has closed the channel")
        missing = len(self._sources) - len(channel.consumer_tags)
        if self._is_wanted and missing:
            raise ConsumerLostError("the broker has cancelled the consumer")

    def _look(self, connection: BlockingConnection) -> None:
        """Ask, now and then, how many messages wait."""
        if time.monotonic() < self._next_depths:
            return
        self._next_depths = time.monotonic() + _DEPTHS
        names = [*self._sources, self._topology.dead_letters.name]
        found = {name: depth(connection, name) for name in names}
        self.depths = {name: n for name, n in found.items() if n is not None}

    def _deliver(  # noqa: PLR0913, PLR0917 - as pika calls it
        self,
        source: str,
        epoch: int,
        channel: BlockingChannel,  # noqa: ARG002
        method: pika.spec.Basic.Deliver,
        properties: pika.BasicProperties,
        body: bytes,
    ) -> None:
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
