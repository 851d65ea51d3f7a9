"""The broker away, restarted, choked or rude: the worker lives (outcomes 4-8, 13)."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from support.rabbitmq import RabbitNode
from support.worker_stage import WorkerProcess, WorkerStage

pytestmark = pytest.mark.integration


def descriptors(worker: WorkerProcess) -> int:
    """Return how many descriptors the worker has open."""
    return len(list(Path(f"/proc/{worker.process.pid}/fd").iterdir()))


def threads(worker: WorkerProcess) -> int:
    """Return how many threads the worker has."""
    return len(list(Path(f"/proc/{worker.process.pid}/task").iterdir()))


def is_ready(worker: WorkerProcess) -> bool:
    """Tell whether the worker takes jobs."""
    return worker.health("/health/ready")[0] == 200


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_04_broker_restarted_in_mid_job(
    stage: WorkerStage, rabbit: RabbitNode, how: str
) -> None:
    """A running job adopts its message when the broker is back; none runs twice."""
    names = [f"gate-{number}" for number in range(3)]
    worker = stage.started()
    stage.submit(*names)
    stage.wait_for(lambda: len(stage.calls()) == 3)

    if how == "stop":
        rabbit.stop()
    else:
        rabbit.kill()
    stage.wait_for(lambda: worker.health()[1]["status"] == "degraded")
    assert worker.health("/health/ready")[0] == 503
    rabbit.start()
    stage.wait_for(lambda: is_ready(worker), seconds=12)
    stage.open_gate()

    stage.wait_for(lambda: stage.has_commits(*names) and stage.is_drained())
    assert stage.calls() == dict.fromkeys([f"run-{name}" for name in names], 1)
    assert worker.end() == 0
    assert worker.log.count("is away") == 1


def test_05_job_ends_while_the_broker_is_away(
    stage: WorkerStage, rabbit: RabbitNode
) -> None:
    """A job that ends without a broker is settled once it is back, not run again."""
    worker = stage.started()
    stage.submit("gate-1", "busy-1")
    stage.wait_for(lambda: len(stage.calls()) == 2)

    rabbit.kill()
    stage.open_gate()
    stage.wait_for(lambda: stage.has_commits("gate-1"))
    rabbit.start()
    stage.wait_for(lambda: is_ready(worker))

    stage.wait_for(stage.is_drained)
    assert stage.calls()["run-gate-1"] == 1


def test_05_broker_absent_at_start(stage: WorkerStage, rabbit: RabbitNode) -> None:
    """A worker without a broker waits, tells it once, and is alive but not ready."""
    rabbit.stop()
    worker = stage.start()
    stage.wait_for(lambda: worker.health()[0] == 200)
    time.sleep(2)

    assert worker.health()[1]["status"] == "degraded"
    assert worker.health("/health/ready")[0] == 503
    assert worker.log.count("is away") == 1
    rabbit.start()
    stage.wait_for(lambda: is_ready(worker), seconds=12)
    stage.submit("plain-1")
    stage.wait_for(lambda: stage.has_commits("plain-1"))


def test_05_wrong_credentials(stage: WorkerStage) -> None:
    """Wrong credentials are told once, without the password; the worker waits."""
    stage.url = stage.url.replace("guest:guest", "guest:pa55w0rd")
    worker = stage.start()
    stage.wait_for(lambda: "is away" in worker.log)

    assert worker.health("/health/ready")[0] == 503
    assert worker.health()[0] == 200
    assert "user or password" in worker.log or "ACCESS_REFUSED" in worker.log
    assert "pa55w0rd" not in worker.log
    assert worker.end() == 75


@pytest.mark.parametrize(
    ("queue", "concurrency"), [("", "5"), (".component", "1"), (".dlq", "5")]
)
def test_06_queue_deleted(
    stage: WorkerStage, rabbit: RabbitNode, queue: str, concurrency: str
) -> None:
    """A consumer that ends with its queue is noticed within 2 s, and the queue made.

    So is a queue that nobody consumes, for lack of slots or as it is the dead letters'.
    """
    worker = stage.started(WORKER_CONCURRENCY=concurrency)
    reconnects = worker.metric("broker_reconnects_total")

    with rabbit.channel() as channel:
        channel.queue_delete(stage.queue + queue)

    stage.wait_for(
        lambda: worker.metric("broker_reconnects_total") > reconnects,
        seconds=2 if queue != ".dlq" else 10,
    )
    stage.wait_for(lambda: is_ready(worker))
    stage.publish(json.dumps(stage.job("plain-1")).encode(), queue=stage.queue + queue)
    if queue != ".dlq":
        stage.wait_for(lambda: stage.has_commits("plain-1"))


def test_06_channel_closed(stage: WorkerStage, rabbit: RabbitNode) -> None:
    """A channel that the broker closes is noticed within 2 s, and made anew."""
    worker = stage.started()
    reconnects = worker.metric("broker_reconnects_total")

    _close_channels(rabbit, "worker-0 consumer")

    stage.wait_for(
        lambda: worker.metric("broker_reconnects_total") > reconnects, seconds=2
    )
    stage.wait_for(lambda: is_ready(worker))
    stage.submit("plain-1")
    stage.wait_for(lambda: stage.has_commits("plain-1"))


def test_07_fifteen_closed_connections(stage: WorkerStage, rabbit: RabbitNode) -> None:
    """Connections closed again and again lose, double and leak nothing."""
    worker = stage.started(WORKER_CONCURRENCY="2")
    stage.submit("gate-1", "gate-2")
    stage.wait_for(lambda: len(stage.calls()) == 2)
    before = descriptors(worker), threads(worker)

    for _ in range(15):
        reconnects = worker.metric("broker_reconnects_total")
        rabbit.close_connections()
        stage.wait_for(
            lambda was=reconnects: (  # type: ignore[misc] # a bound default
                worker.metric("broker_reconnects_total") >= was + 2 and is_ready(worker)
            )
        )
    stage.open_gate()

    stage.wait_for(lambda: stage.has_commits("gate-1", "gate-2"))
    stage.wait_for(stage.is_drained)
    assert stage.calls() == {"run-gate-1": 1, "run-gate-2": 1}
    assert stage.depth(".dlq") == 0
    after = descriptors(worker), threads(worker)
    assert after[0] <= before[0] + 2
    assert after[1] <= before[1]


def test_08_frozen_worker(stage: WorkerStage) -> None:
    """A worker that stands still for three heartbeats, and goes on, has one effect."""
    stage.url += "?heartbeat=2"
    worker = stage.started()
    stage.submit("slow-1")
    stage.wait_for(lambda: len(stage.calls()) == 1)

    worker.signal(signal.SIGSTOP)
    thawing = time.monotonic() + 3 * 2
    stage.started()
    stage.wait_for(lambda: stage.calls()["run-slow-1"] == 2)
    time.sleep(max(0.0, thawing - time.monotonic()))
    worker.signal(signal.SIGCONT)

    stage.wait_for(lambda: stage.has_commits("slow-1") and stage.is_drained())
    stage.wait_for(lambda: is_ready(worker))
    assert stage.depth(".dlq") == 0


def test_13_memory_alarm(stage: WorkerStage, rabbit: RabbitNode) -> None:
    """Short of memory, the broker settles successes; retries wait until it clears."""
    worker = stage.started(MAX_ATTEMPTS="2")
    stage.submit("busy-1")
    # From now on the publisher's connection is one that publishes.
    stage.wait_for(lambda: stage.depth(".dlq") == 1)
    stage.submit("gate-1", "made-1", "late-1")
    stage.wait_for(lambda: len(stage.calls()) == 4)
    rabbit.control("set_vm_memory_high_watermark", "absolute", "1MB")

    try:
        stage.open_gate()
        stage.wait_for(lambda: stage.queues()[stage.queue] == 1)
        stage.wait_for(
            lambda: worker.health("/health/ready")[1]["status"] == "publish-blocked"
        )
        held_back = stage.queues()
    finally:
        rabbit.control("set_vm_memory_high_watermark", "absolute", "2GB")

    assert stage.has_commits("gate-1", "made-1")
    assert held_back[stage.queue] == 1
    assert not any(n for name, n in held_back.items() if ".retry." in name)
    assert stage.calls()["run-late-1"] == 1
    stage.wait_for(stage.is_drained)
    assert stage.calls()["run-late-1"] == 2
    assert set(stage.dead_reasons()) == {"run-busy-1", "run-late-1"}
    assert worker.end() == 0


def _close_channels(rabbit: RabbitNode, connection: str) -> None:
    """Have the broker close every channel of a connection, as after a refusal."""
    expression = (
        "[exit(proplists:get_value(pid, C), kill) || "
        "C <- rabbit_channel:info_all([pid, connection]), "
        "{client_properties, P} <- rabbit_networking:connection_info("
        "proplists:get_value(connection, C), [client_properties]), "
        "{_, longstr, N} <- P, "
        f'N =:= <<"{connection}">>].'
    )
    rabbit.control("eval", expression)
