"""The publisher's connection: one queue that is ill holds no other back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from provisionhub.worker import Broker
from provisionhub.worker.message import Sent
from provisionhub.worker.sender import Sender
from provisionhub.worker.topology import Queue
from support.rabbitmq import RabbitNode

pytestmark = pytest.mark.integration


@pytest.fixture
def sender(rabbit: RabbitNode) -> Iterator[Sender]:
    """Return a sender with little patience."""
    sender = Sender(Broker(rabbit.url, "a test"), patience=1)
    sender.link.start()
    yield sender
    sender.abandon()
    sender.link.close(seconds=10)


def make_queue() -> Queue:
    """Return a queue that nobody else uses."""
    return Queue(f"sent-{uuid.uuid4().hex[:8]}", {"x-queue-type": "quorum"})


def test_queue_that_confirms_nothing_is_passed_over(
    rabbit: RabbitNode, sender: Sender
) -> None:
    """A quorum queue without a leader makes nobody wait who has another queue."""
    ill, well = make_queue(), make_queue()
    to_the_ill = Sent(ill.name, b"{}")
    assert sender.try_to_send(to_the_ill, ill)
    rabbit.control("eval", f"sys:suspend('%2F_{ill.name}').")

    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(sender.try_to_send, to_the_ill, ill)
        assert sender.send(Sent(well.name, b"{}"), well)
        assert not waiting.done()
        assert not waiting.result(timeout=20)

    began = time.monotonic()
    assert not sender.try_to_send(to_the_ill, ill)
    assert time.monotonic() - began < 1
    rabbit.control("eval", f"sys:resume('%2F_{ill.name}').")


def test_queue_that_was_deleted_is_made_again(
    rabbit: RabbitNode, sender: Sender
) -> None:
    """What the broker returns is published again, once its queue is there."""
    queue = make_queue()
    assert sender.send(Sent(queue.name, b"1"), queue)
    with rabbit.channel() as channel:
        channel.queue_delete(queue.name)

    assert sender.send(Sent(queue.name, b"2"), queue)

    with rabbit.channel() as channel:
        _, _, body = channel.basic_get(queue.name, auto_ack=True)
    assert body == b"2"
