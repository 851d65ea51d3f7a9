"""Our worker, on a provider that does nothing: all else is as in production.

``python our_peer.py NUMBER SECONDS`` publishes; without arguments it works.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from typing import cast

import pika
import structlog
from ledger import do

from provisionhub.gate import Verdicts
from provisionhub.job import Job
from provisionhub.pipeline import Pipeline
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Provisioned, Reporter
from provisionhub.status.control_plane import NoControlPlane
from provisionhub.worker import (
    Broker,
    Channel,
    Nursery,
    Plan,
    RetryPolicy,
    Worker,
    serve_jobs,
)
from provisionhub.worker.topology import Topology

URL = os.environ["BENCH_URL"]
QUEUE = os.environ["BENCH_QUEUE"]
SLOTS = int(os.environ["BENCH_SLOTS"])


class NoOp:
    """A pipeline that does nothing but what every peer's job does."""

    def run(self, job: Job) -> Provisioned:
        """Do the job, and return what a run returns."""
        do(int(job.name[1:]), cast("float", job.values["seconds"]))
        path = f"{job.namespace}/{job.name}"
        return Provisioned(Repository("1", path, "w", "c", "main"), CommitId("0" * 40))


def no_op(
    reporter: Reporter,  # noqa: ARG001 - as the worker calls it
    *,
    is_cancelled: Callable[[Job], bool],  # noqa: ARG001
    verdicts: Verdicts,  # noqa: ARG001
) -> Pipeline:
    """Return a pipeline that does nothing."""
    return cast("Pipeline", NoOp())


def serve(channel: Channel) -> None:
    """Be a job process."""
    serve_jobs(channel, no_op)


def plan() -> Plan:
    """Return what the worker does: everything, for ever."""
    return Plan(
        queue=QUEUE,
        worker_id="bench",
        concurrency=SLOTS,
        prefetch=1,
        mode="standard",
        types=frozenset(),
        batch=1,
        retries=RetryPolicy(first=5, most=4),
        longest=600,
        draining=25,
    )


def publish(number: int, seconds: float) -> None:
    """Fill the queue."""
    connection = Broker(URL, "bench").connect("publish")
    Topology(QUEUE).declare(connection)
    channel = connection.channel()
    channel.confirm_delivery()
    # Runs of this publishing alone: a worker knows those that it has settled.
    run = time.time_ns()
    for each in range(number):
        job = {
            "run_id": f"run-{run}-{each}",
            "type": "component",
            "blueprint": {
                "template": "t",
                "name": f"n{each}",
                "namespace": "x",
                "values": {"seconds": seconds},
            },
            "git_config": {"provider": "local"},
        }
        persistent = pika.BasicProperties(delivery_mode=2)
        channel.basic_publish("", QUEUE, json.dumps(job).encode(), persistent)
    connection.close()


def quieten() -> None:
    """Log errors only, as the peers are told to."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)


def main() -> None:
    """Publish, or work until a signal."""
    quieten()
    if len(sys.argv) > 1:
        publish(int(sys.argv[1]), float(sys.argv[2]))
        return
    nursery = Nursery(serve, lambda: None)  # before the first thread
    worker = Worker(plan(), Broker(URL, "bench"), nursery, NoControlPlane())
    sys.exit(worker.run())


if __name__ == "__main__":
    main()
