"""What the worker adds to each job: from the broker's delivery to the ack.

The job itself does nothing, so all that is measured is the worker: receiving,
reading strictly, the way to a job process and back, settling. Beside it, in the
same run, the limit: bare pika that takes and acknowledges the same messages.

    make bench
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

import structlog

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from provisionhub.job import Job  # noqa: E402 - the path comes first
from provisionhub.pipeline import Pipeline  # noqa: E402
from provisionhub.repository import CommitId, Repository  # noqa: E402
from provisionhub.status import Provisioned, Reporter  # noqa: E402
from provisionhub.status.control_plane import NoControlPlane  # noqa: E402
from provisionhub.worker import (  # noqa: E402
    Broker,
    Channel,
    Exit,
    Nursery,
    Plan,
    RetryPolicy,
    Worker,
    serve_jobs,
)
from provisionhub.worker.confirms import persistent  # noqa: E402
from provisionhub.worker.topology import Topology  # noqa: E402
from support.rabbitmq import RabbitNode  # noqa: E402

JOBS: Final = 2000
SLOTS: Final = 5
QUEUE: Final = "bench"


class NoOp:
    """A pipeline that has always been done already."""

    def run(self, job: Job) -> Provisioned:
        """Return what a run returns."""
        path = f"{job.namespace}/{job.name}"
        return Provisioned(Repository("1", path, "w", "c", "main"), CommitId("0" * 40))


def no_op(
    reporter: Reporter,  # noqa: ARG001 - as the worker calls it
    *,
    is_cancelled: Callable[[Job], bool],  # noqa: ARG001
) -> Pipeline:
    """Return a pipeline that does nothing."""
    return cast("Pipeline", NoOp())


def serve(channel: Channel) -> None:
    """Be a job process that does nothing."""
    serve_jobs(channel, no_op)


def publish(node: RabbitNode, number: int) -> None:
    """Fill the queue with *number* jobs."""
    with node.channel() as channel:
        for each in range(number):
            job = {
                "run_id": f"run-{each}",
                "type": "component",
                "blueprint": {"template": "t", "name": f"n{each}", "namespace": "x"},
                "git_config": {"provider": "local"},
            }
            body = json.dumps(job).encode()
            channel.basic_publish("", QUEUE, body, persistent({}))


def take_bare(node: RabbitNode, number: int) -> float:
    """Take and acknowledge *number* messages with bare pika; return the seconds."""
    with node.channel() as channel:
        channel.basic_qos(prefetch_count=SLOTS)
        began = time.perf_counter()
        for count, (method, _, _) in enumerate(channel.consume(QUEUE), start=1):
            assert method is not None
            channel.basic_ack(method.delivery_tag)
            if count == number:
                break
        took = time.perf_counter() - began
        channel.cancel()
    return took


def take_with_worker(node: RabbitNode, nursery: Nursery, number: int) -> None:
    """Have a worker do *number* jobs; print what it took."""
    plan = Plan(
        queue=QUEUE,
        worker_id="bench",
        concurrency=SLOTS,
        prefetch=1,
        mode="batch",
        types=frozenset(),
        batch=number,
        retries=RetryPolicy(first=5, most=4),
        longest=600,
        draining=25,
    )
    worker = Worker(plan, Broker(node.url, "bench"), nursery, NoControlPlane())
    began = time.perf_counter()
    ended = worker.run()
    took = time.perf_counter() - began
    assert ended is Exit.DONE
    shown = worker.metrics.exposition()[0].decode().splitlines()
    held = sum(
        float(line.rsplit(" ", 1)[1])
        for line in shown
        if line.startswith("job_duration_seconds_sum")
    )
    print(f"worker, {SLOTS} slots     {number / took:8.0f} jobs/s")
    print(f"  slot held by a job  {held / number * 1000:8.2f} ms")


def main() -> None:
    """Measure, and print a table."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    nursery = Nursery(serve, lambda: None)  # before the first thread
    with tempfile.TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        try:
            connection = Broker(node.url, "bench").connect("setup")
            Topology(QUEUE).declare(connection)
            connection.close()
            publish(node, JOBS)
            print(f"bare pika           {JOBS / take_bare(node, JOBS):8.0f} messages/s")
            publish(node, JOBS)
            take_with_worker(node, nursery, JOBS)
        finally:
            node.close()


if __name__ == "__main__":
    main()
