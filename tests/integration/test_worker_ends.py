"""However a worker ends, nothing that it has started lives on."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from support.worker_stage import WorkerProcess, WorkerStage

pytestmark = pytest.mark.integration


def nursery_of(worker: WorkerProcess) -> int:
    """Return the process that forks the worker's job processes."""
    pid = worker.process.pid
    (nursery,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(nursery)


def test_nursery_is_killed(stage: WorkerStage) -> None:
    """A worker that can start no job process ends with 70; its jobs come again.

    One of them hangs in native code, and so hears of nothing.
    """
    worker = stage.started(WORKER_CONCURRENCY="2")
    stage.submit("hang-1", "gate-1")
    stage.wait_for(lambda: len(stage.calls()) == 2)

    os.kill(nursery_of(worker), signal.SIGKILL)

    assert worker.wait() == 70
    assert stage.processes() == []
    stage.wait_for(lambda: stage.depth() == 2)
    assert "the nursery has ended" in worker.log or "a slot has ended" in worker.log


def test_worker_alone_is_killed(stage: WorkerStage) -> None:
    """What a killed worker leaves behind notices it, and ends."""
    worker = stage.started(WORKER_CONCURRENCY="2")
    stage.submit("hang-1", "gate-1")
    stage.wait_for(lambda: len(stage.calls()) == 2)

    worker.signal(signal.SIGKILL)
    worker.wait()

    stage.wait_for(lambda: stage.processes() == [], seconds=10)
    stage.wait_for(lambda: stage.depth() == 2)


def test_health_address_is_taken(stage: WorkerStage) -> None:
    """A worker whose address is somebody else's ends with 78, and in order."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        worker = stage.start(HEALTH_ADDRESS=address)

        assert worker.wait() == 78

    assert "HEALTH_ADDRESS" in worker.log
    assert stage.processes() == []


@pytest.mark.long
def test_job_hangs_as_the_worker_is_told_to_end(stage: WorkerStage) -> None:
    """A job that hears of nothing is killed in the end; its message comes again."""
    worker = stage.started(SHUTDOWN_TIMEOUT="500ms")
    stage.submit("hang-1")
    stage.wait_for(lambda: len(stage.calls()) == 1)

    began = time.monotonic()
    assert worker.end() == 75

    assert time.monotonic() - began < 25
    assert stage.processes() == []
    stage.wait_for(lambda: stage.depth() == 1)
