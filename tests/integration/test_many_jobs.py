"""Ten thousand jobs, and everything breaking at once: outcome 17, and all of them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pika
import pytest

from provisionhub.worker.confirms import persistent
from support.chaos import Audit, Scene, Strikes, Workload
from support.rabbitmq import RabbitNode
from support.worker_stage import WorkerStage

pytestmark = pytest.mark.integration

_JOBS: Final = int(os.environ.get("OUTCOME_JOBS", "2000"))
"""``make outcomes`` asks for ten thousand, which would take CI's time."""
_SLOTS: Final = 5
_QUEUES: Final = ("", "", ".component", ".system")


@contextmanager
def quick_worker(stage: WorkerStage) -> Iterator[subprocess.Popen[bytes]]:
    """Be a worker whose jobs do nothing; killed at the end, if it still lives."""
    command = [sys.executable, "-m", "support.quick_worker"]
    with (
        (stage.root / "quick.log").open("ab") as log,
        subprocess.Popen(
            [*command, stage.queue, str(_SLOTS), str(stage.root)],
            env=stage.environment(),
            stdout=log,
            stderr=log,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def publish(stage: WorkerStage) -> None:
    """Fill the three queues; unconfirmed, because confirms would take a minute."""
    connection = pika.BlockingConnection(pika.URLParameters(stage.url))
    channel = connection.channel()
    for number in range(_JOBS):
        queue = stage.queue + _QUEUES[number % len(_QUEUES)]
        body = json.dumps(stage.job(f"quick-{number}")).encode()
        channel.basic_publish("", queue, body, persistent({}))
    connection.close()


def ran(stage: WorkerStage) -> Counter[str]:
    """Return how often each run was done."""
    file = stage.root / "ran"
    return Counter(file.read_text().split() if file.exists() else ())


def held(stage: WorkerStage) -> int:
    """Return how many messages the worker holds that holds most."""
    shown = stage.rabbit.control("list_channels", "messages_unacknowledged")
    return max(map(int, shown.split()[1:]), default=0)


@pytest.mark.timeout(900)
def test_17_thousands_of_jobs(stage: WorkerStage) -> None:
    """Many jobs, workers scaled up and down: each is done once; none is hoarded.

    What a job does is nothing here: rendering ten thousand would take CI's time.
    """
    stage.started().end()  # makes the queues
    publish(stage)
    most: list[int] = []

    def wait_for(jobs: int) -> None:
        while len(ran(stage)) < jobs:
            most.append(held(stage))
            time.sleep(0.1)

    with (
        quick_worker(stage) as first,
        quick_worker(stage) as second,
    ):
        wait_for(_JOBS // 5)
        with quick_worker(stage) as third, quick_worker(stage) as fourth:
            wait_for(_JOBS * 2 // 5)
            ended = end(first, second)
            wait_for(_JOBS * 3 // 5)
            with quick_worker(stage) as fifth:
                wait_for(_JOBS)
                stage.wait_for(stage.is_drained)
                ended += end(third, fourth, fifth)

    assert ended == [0] * 5
    assert ran(stage) == {f"run-quick-{number}": 1 for number in range(_JOBS)}
    assert stage.depth(".dlq") == 0
    assert 0 < max(most) <= _SLOTS


def end(*workers: subprocess.Popen[bytes]) -> list[int]:
    """Tell workers to end; return their exit codes."""
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    return [worker.wait(timeout=30) for worker in workers]


@pytest.mark.long
@pytest.mark.timeout(900)
def test_chaos(rabbit: RabbitNode, tmp_path: Path) -> None:
    """Everything breaks at least once while jobs run: the counts are right.

    ``make chaos`` does the same with thousands of jobs, for minutes.
    """
    chance = random.Random(0)  # noqa: S311 - it keeps no secret
    with Scene.set(rabbit, tmp_path, slots=_SLOTS) as scene:
        scene.make_queues()
        workload = Workload(scene.stage, chance, 100)
        workload.publish()
        scene.take(workload)
        for _ in range(3):
            scene.start()
        strikes = Strikes(scene, workload, chance)
        strikes.strike_each()

        assert scene.calm_down(seconds=120)
        rows = Audit(scene, workload, broken=strikes.counts["nursery killed"]).rows()

    assert [str(row) for row in rows if row.is_wrong] == []
