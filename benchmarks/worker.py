"""What the worker adds to each job: from the broker's delivery to the ack.

The job itself does nothing, so all that is measured is the worker: receiving,
reading strictly, the way to a job process and back, settling. Its parts are timed in
the threads that do them; with several slots they wait for each other there too.
Beside it, in the same run, the floor: bare pika that takes and acknowledges the same
messages. How other queue workers fare is in ``benchmarks/peers``.

    make bench
"""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import Value
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, Final, cast

import structlog

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from provisionhub.gate import Verdicts  # noqa: E402 - the path comes first
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
from provisionhub.worker.consumer import Consumer  # noqa: E402
from provisionhub.worker.message import Delivery  # noqa: E402
from provisionhub.worker.runner import Runner  # noqa: E402
from provisionhub.worker.settler import Settler  # noqa: E402
from provisionhub.worker.slot import Slot  # noqa: E402
from provisionhub.worker.topology import Topology  # noqa: E402
from support.rabbitmq import RabbitNode  # noqa: E402

JOBS: Final = 2000
SLOTS: Final = 5
BOUND: Final = 5.0
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
    verdicts: Verdicts,  # noqa: ARG001
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


class Stopwatch:
    """Adds up how long methods take, in whichever thread or process they run."""

    def __init__(self) -> None:
        self._parts: dict[str, Synchronized[float]] = {}

    def time(self, owner: object, name: str, part: str) -> None:
        """Count the time that the function *name* of *owner* takes as *part*."""
        timed = getattr(owner, name)
        # Shared with the job processes, which are forked later.
        total = self._parts[part] = Value("d")

        def measured(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes
            began = time.perf_counter()
            try:
                return timed(*args, **named)
            finally:
                self.add(part, time.perf_counter() - began)

        setattr(owner, name, measured)
        total.value = 0.0

    def expect(self, part: str) -> None:
        """Be ready to be told of *part*."""
        self._parts[part] = Value("d")

    def add(self, part: str, seconds: float) -> None:
        """Count *seconds* as *part*."""
        total = self._parts[part]
        with total.get_lock():
            total.value += seconds

    def take(self, number: int) -> dict[str, float]:
        """Return the milliseconds of each part for each of *number* jobs, and reset."""
        found = {}
        for part, total in self._parts.items():
            found[part] = total.value * 1000 / number
            total.value = 0.0
        return found


WHOLE: Final = "in the slot, all in all"
ACKED: Final = "the ack, until the consumer's thread has sent it"
PARTS: Final = {
    "read the message, hold it to its schema": (Slot, "_read"),
    "to the job process and back": (Runner, "run"),
    "decide, report, publish if need be": (Settler, "settle"),
    WHOLE: (Slot, "_take"),
}


def measure_parts() -> Stopwatch:
    """Return a stopwatch that times the parts of the worker."""
    stopwatch = Stopwatch()
    for part, (owner, name) in PARTS.items():
        stopwatch.time(owner, name, part)
    stopwatch.expect(ACKED)
    ack, send = Consumer.ack, Consumer._ack  # noqa: SLF001 - timed, not changed
    asked: dict[int, float] = {}

    def timed_ack(self: Consumer, delivery: Delivery) -> None:
        asked[delivery.tag] = time.perf_counter()
        ack(self, delivery)

    def timed_send(self: Consumer, delivery: Delivery) -> None:
        send(self, delivery)
        stopwatch.add(ACKED, time.perf_counter() - asked.pop(delivery.tag))

    Consumer.ack, Consumer._ack = timed_ack, timed_send  # noqa: SLF001
    return stopwatch


def take_with_worker(node: RabbitNode, nursery: Nursery) -> float:
    """Have a worker do all jobs; return how many it does a second."""
    plan = Plan(
        queue=QUEUE,
        worker_id="bench",
        concurrency=SLOTS,
        prefetch=1,
        mode="batch",
        types=frozenset(),
        batch=JOBS,
        retries=RetryPolicy(first=5, most=4),
        longest=600,
        draining=25,
    )
    worker = Worker(plan, Broker(node.url, "bench"), nursery, NoControlPlane())
    began = time.perf_counter()
    ended = worker.run()
    assert ended is Exit.DONE
    return JOBS / (time.perf_counter() - began)


def print_table(found: dict[str, float]) -> None:
    """Print the milliseconds of each part."""
    named = [part for part in PARTS if part != WHOLE]
    rest = found[WHOLE] - sum(found[part] for part in named)
    print(f"\noverhead for each job, {SLOTS} slots{'ms':>34}")
    for part in (part for part in PARTS if part != WHOLE):
        _print_row(part, found[part])
    _print_row("find its run, admit it, count, trace", rest)
    _print_row(WHOLE, found[WHOLE])
    _print_row(ACKED, found[ACKED])
    _print_row(f"received to settled (bound {BOUND:g})", found[WHOLE] + found[ACKED])


def _print_row(part: str, figure: float) -> None:
    print(f"  {part:54}{figure:8.2f}")


def main() -> None:
    """Measure, and print tables."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    stopwatch = measure_parts()
    nursery = Nursery(serve, lambda: None)  # before the first thread
    with tempfile.TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        try:
            connection = Broker(node.url, "bench").connect("setup")
            Topology(QUEUE).declare(connection)
            connection.close()
            publish(node, JOBS)
            rate = JOBS / take_bare(node, JOBS)
            print(f"bare pika           {rate:8.0f} messages/s")
            publish(node, JOBS)
            rate = take_with_worker(node, nursery)
            print(f"worker, {SLOTS} slots     {rate:8.0f} jobs/s")
        finally:
            node.close()
    print_table(stopwatch.take(JOBS))


if __name__ == "__main__":
    main()
