"""Celery: late acks, quorum queue, confirmed and persistent messages.

``python celery_peer.py NUMBER SECONDS`` publishes; ``celery -A celery_peer worker``
works.
"""

from __future__ import annotations

import os
import sys

from celery import Celery
from ledger import do

QUEUE = os.environ["BENCH_QUEUE"]
IS_LATE = os.environ.get("BENCH_ACKS", "late") == "late"

app = Celery("bench", broker=os.environ["BENCH_URL"])
app.conf.update(
    broker_connection_retry_on_startup=True,
    broker_native_delayed_delivery_queue_type="classic",
    broker_transport_options={"confirm_publish": True},
    task_acks_late=IS_LATE,
    task_default_exchange=f"{QUEUE}.tasks",
    task_default_exchange_type="topic",
    task_default_queue=QUEUE,
    task_default_queue_type="quorum",
    task_default_routing_key=QUEUE,
    task_ignore_result=True,
    task_reject_on_worker_lost=IS_LATE,
    worker_prefetch_multiplier=1,
)


@app.task(name="job")
def job(number: int, seconds: float) -> None:
    """Do a job."""
    do(number, seconds)


if __name__ == "__main__":
    for each in range(int(sys.argv[1])):
        job.delay(each, float(sys.argv[2]))
