"""Publishing without a wait for each confirm, so that no queue waits for another's.

A quorum queue without a leader takes messages and confirms none, for as long as that
lasts. pika's blocking channel waits for one confirm at a time, and would wait for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from provisionhub.worker.message import Sent

Settled = Callable[[bool], None]
"""Is told whether the broker has the message: safe on disk, in its queue."""


def persistent(
    headers: Mapping[str, Any], *, message_id: str | None = None
) -> pika.BasicProperties:
    """Return what goes with a JSON message that survives the broker's restart."""
    return pika.BasicProperties(  # type: ignore[no-untyped-call] # it has no py.typed
        headers=dict(headers),
        delivery_mode=pika.DeliveryMode.Persistent.value,
        content_type="application/json",
        message_id=message_id,
    )


class Confirms:
    """Publishes on a channel, and hears what became of each message.

    Args:
        channel: A new channel, on which nothing else is published.
    """

    def __init__(self, channel: BlockingChannel) -> None:
        self._channel = channel
        self._number = 0
        self._waiting: dict[int, Settled] = {}
        self._returned: set[int] = set()
        # The channel below, whose interface pika documents, has no other way to it.
        below = channel._impl  # noqa: SLF001
        below.add_on_return_callback(self._hear_return)
        below.confirm_delivery(self._hear_confirm)

    def publish(self, sent: Sent, settled: Settled) -> None:
        """Publish *sent*; *settled* is called later, while the connection is used."""
        self._number += 1
        self._waiting[self._number] = settled
        properties = persistent(sent.headers, message_id=str(self._number))
        self._channel.basic_publish(
            "", sent.queue, sent.body, properties, mandatory=True
        )

    def _hear_return(
        self,
        channel: object,  # noqa: ARG002 - as pika calls it
        method: object,  # noqa: ARG002
        properties: pika.BasicProperties,
        body: bytes,  # noqa: ARG002
    ) -> None:
        """Note that a message had no queue to go to; its confirm comes after."""
        self._returned.add(int(str(properties.message_id)))

    def _hear_confirm(
        self, frame: pika.frame.Method[pika.spec.Basic.Ack | pika.spec.Basic.Nack]
    ) -> None:
        method = frame.method
        last = method.delivery_tag
        heard = [n for n in self._waiting if n <= last] if method.multiple else [last]
        is_ack = isinstance(method, pika.spec.Basic.Ack)
        for number in heard:
            settled = self._waiting.pop(number)
            settled(is_ack and number not in self._returned)
            self._returned.discard(number)
