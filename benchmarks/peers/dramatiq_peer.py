"""Dramatiq, as it comes: durable classic queues, confirmed and persistent messages.

``python dramatiq_peer.py NUMBER SECONDS`` publishes; ``dramatiq dramatiq_peer`` works.
"""

from __future__ import annotations

import os
import sys

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from ledger import do

QUEUE = os.environ["BENCH_QUEUE"]

dramatiq.set_broker(RabbitmqBroker(url=os.environ["BENCH_URL"], confirm_delivery=True))


@dramatiq.actor(queue_name=QUEUE)
def job(number: int, seconds: float) -> None:
    """Do a job."""
    do(number, seconds)


if __name__ == "__main__":
    for each in range(int(sys.argv[1])):
        job.send(each, float(sys.argv[2]))
