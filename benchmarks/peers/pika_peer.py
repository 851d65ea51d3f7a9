"""Bare pika: what a broker and this machine allow. It does no more than take and ack.

``python pika_peer.py NUMBER SECONDS`` publishes; without arguments it works.
"""

from __future__ import annotations

import json
import os
import sys

import pika
from ledger import do

QUEUE = os.environ["BENCH_QUEUE"]
KIND = os.environ["BENCH_KIND"]
PREFETCH = int(os.environ["BENCH_SLOTS"])


def main() -> None:
    """Publish, or work for ever."""
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["BENCH_URL"]))
    channel = connection.channel()
    channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": KIND})
    if len(sys.argv) > 1:
        channel.confirm_delivery()
        for each in range(int(sys.argv[1])):
            body = json.dumps([each, float(sys.argv[2])]).encode()
            persistent = pika.BasicProperties(delivery_mode=2)
            channel.basic_publish("", QUEUE, body, persistent)
        return
    channel.basic_qos(prefetch_count=PREFETCH)
    for method, _, body in channel.consume(QUEUE):
        do(*json.loads(body))
        channel.basic_ack(method.delivery_tag)


if __name__ == "__main__":
    main()
