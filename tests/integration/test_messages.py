"""What becomes of messages: refused, retried, given up, sent back (9-12, 14, 15)."""

from __future__ import annotations

import json
import signal
import time
from itertools import pairwise
from typing import Final

import pytest
from pika.adapters.blocking_connection import BlockingChannel

from provisionhub.testing.control_plane import ControlPlaneDouble
from support.worker_stage import WorkerStage

pytestmark = pytest.mark.integration

_LATE: Final = 5.0


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        pytest.param("segv", "worker-crashed", id="segmentation fault"),
        pytest.param("oom", "worker-crashed", id="out of memory"),
        pytest.param("hang", "timeout", id="hang in native code"),
    ],
)
def test_09_job_process_dies(stage: WorkerStage, verb: str, reason: str) -> None:
    """A job that takes its process down costs itself its attempts, and nobody else."""
    worker = stage.started(
        MAX_ATTEMPTS="2", MAX_JOB_DURATION="5s", WORKER_CONCURRENCY="2"
    )

    stage.submit(f"{verb}-1", "slow-1", "slow-2", "plain-1")

    stage.wait_for(lambda: stage.depth(".dlq") == 1, seconds=90)
    stage.wait_for(lambda: stage.has_commits("slow-1", "slow-2", "plain-1"))
    stage.wait_for(stage.is_drained)
    assert stage.dead_reasons() == {f"run-{verb}-1": reason}
    assert stage.calls()[f"run-{verb}-1"] == 2
    assert stage.dead_letters()[0]["attempts"] == 2
    assert worker.end() == 0
    assert stage.processes() == []


def test_10_messages_that_are_no_jobs(stage: WorkerStage) -> None:
    """What is no job is dead-lettered within a second, with the reason."""
    worker = stage.started()
    good = json.dumps(stage.job("plain-1"))
    bodies = {
        "invalid JSON": b"{nope",
        "not UTF-8": b'{"run_id": "\xff"}',
        "empty": b"",
        "2 MiB": b'"' + b"x" * (2 << 20) + b'"',
        "100 000 levels deep": b"[" * 100_000 + b"]" * 100_000,
        "duplicate keys": good.replace(
            '{"run_id"', '{"run_id": "a", "run_id"'
        ).encode(),
        "NaN": good.replace('"values": {}', '"values": {"n": NaN}').encode(),
        "wrong schema": b'{"run_id": "wrong-1"}',
        "unknown type": json.dumps(stage.job("x", type="planet")).encode(),
    }
    before = worker.metric("process_resident_memory_bytes")
    took = {}

    for number, (name, body) in enumerate(bodies.items(), start=1):
        began = time.monotonic()
        stage.publish(body)
        stage.wait_for(lambda n=number: stage.depth(".dlq") == n)  # type: ignore[misc] # a bound default
        took[name] = time.monotonic() - began

    reasons = stage.dead_reasons()
    assert len(reasons) == len(bodies)
    assert set(reasons.values()) == {"invalid-job"}
    assert {"wrong-1", "run-x"} <= set(reasons)
    assert max(took.values()) < 1, took
    grown = worker.metric("process_resident_memory_bytes") - before
    assert grown < 10 * max(map(len, bodies.values()))
    stage.submit("plain-1")
    stage.wait_for(lambda: stage.has_commits("plain-1"))


def test_11_transient_error_for_ever(stage: WorkerStage) -> None:
    """Attempts are spaced by doubled waits; then it is dead-lettered and failed, once.

    The first wait is 2 s and not 5: the whole would take CI 35 s.
    """
    with ControlPlaneDouble() as control_plane:
        stage.started(
            RABBITMQ_RETRY_DELAY="2s",
            CONTROL_PLANE_URL=control_plane.url,
            CONTROL_PLANE_API_KEY=control_plane.api_key,
        )
        stage.submit("busy-1")
        stage.wait_for(lambda: control_plane.final("run-busy-1") == "failed")
        stage.wait_for(stage.is_drained)
        told = [str(one["status"]) for one in control_plane.statuses("run-busy-1")]

    waits = [later - earlier for earlier, later in pairwise(stage.call_times())]
    # Never early; late by what a shared machine takes beside the wait.
    assert waits == pytest.approx([2, 4, 8], rel=0.1, abs=0.8)
    assert all(wait > least for wait, least in zip(waits, [1.9, 3.9, 7.9], strict=True))
    (letter,) = stage.dead_letters()
    assert letter["reason"] == "temporarily-unavailable"
    assert [entry["attempt"] for entry in letter["history"]] == [1, 2, 3, 4]
    assert (told.count("retrying"), told.count("failed")) == (3, 1)
    assert (control_plane.complaints, control_plane.repeats) == ([], 0)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_12_long_wait_holds_back_no_short_one(stage: WorkerStage, how: str) -> None:
    """Each wait has a queue of its own, and survives a restart of the broker."""
    first = stage.started(RABBITMQ_RETRY_DELAY="300s", MAX_ATTEMPTS="2")
    stage.submit("busy-1")
    stage.wait_for(lambda: stage.queues().get(f"{stage.queue}.retry.300000") == 1)
    assert first.end() == 0
    stage.started(RABBITMQ_RETRY_DELAY="5s", MAX_ATTEMPTS="2")
    stage.submit("busy-2")
    stage.wait_for(lambda: stage.queues().get(f"{stage.queue}.retry.5000") == 1)

    getattr(stage.rabbit, how)()
    stage.rabbit.start()

    stage.wait_for(lambda: stage.calls()["run-busy-2"] == 2, seconds=20)
    _, failed, again = stage.call_times()
    assert again - failed >= 5
    stage.wait_for(lambda: set(stage.dead_reasons()) == {"run-busy-2"})
    assert stage.depth(".retry.300000") == 1


def test_12_provider_says_when(stage: WorkerStage) -> None:
    """Told to come again later, the next longer wait that there is is taken."""
    stage.started(MAX_ATTEMPTS="2")

    stage.submit("limited-1")

    stage.wait_for(lambda: stage.depth(".dlq") == 1)
    first, second = stage.call_times()
    assert 0.75 < second - first < 0.8 + _LATE
    assert f"{stage.queue}.retry.800" in stage.queues()  # of 200, 400, 800, 1600 …


def test_14_ends_once_running_jobs_have(stage: WorkerStage) -> None:
    """Told to end, a worker lets short jobs finish, settles them, and exits with 0."""
    worker = stage.started(WORKER_CONCURRENCY="2")
    stage.submit("slow-1", "slow-2", "slow-3")
    stage.wait_for(lambda: len(stage.calls()) == 2)

    assert worker.end() == 0

    assert len(stage.commits()) == 2
    stage.wait_for(lambda: stage.depth() == 1)
    assert stage.processes() == []


@pytest.mark.parametrize("impatient", [False, True], ids=["limit", "second signal"])
def test_14_ends_with_work_left(stage: WorkerStage, impatient: bool) -> None:
    """Past the limit, or told twice, it ends its jobs, exits with 75, loses nothing."""
    worker = stage.started(SHUTDOWN_TIMEOUT="60s" if impatient else "500ms")
    stage.submit("gate-1")
    stage.wait_for(lambda: len(stage.calls()) == 1)

    worker.signal(signal.SIGTERM)
    stage.wait_for(lambda: "Draining" in worker.log)
    if impatient:
        worker.signal(signal.SIGTERM)

    assert worker.wait() == 75
    assert stage.processes() == []
    stage.wait_for(lambda: stage.depth() == 1)
    assert list((stage.root / "workspaces").iterdir()) == []
    stage.open_gate()
    stage.started()
    stage.wait_for(lambda: stage.has_commits("gate-1"))


def test_15_dead_letters_are_replayed(stage: WorkerStage) -> None:
    """A dead letter that is replayed is a job like any other, with fresh attempts."""
    stage.started(MAX_ATTEMPTS="1")
    stage.submit("busy-1", "busy-2")
    stage.wait_for(lambda: stage.depth(".dlq") == 2)

    planned = stage.command("dead-letters", "replay", "--all", "--dry-run")
    assert sorted(planned.stdout.split()) == ["run-busy-1", "run-busy-2"]
    assert len(stage.dead_letters()) == 2
    replayed = stage.command("dead-letters", "replay", "run-busy-1")
    assert replayed.returncode == 0, replayed.stderr
    stage.wait_for(lambda: stage.calls()["run-busy-1"] == 2)
    stage.wait_for(lambda: stage.depth(".dlq") == 2)

    discarded = stage.command("dead-letters", "discard", "run-busy-2", "run-none")
    assert discarded.returncode == 1
    assert "run-none" in discarded.stderr
    assert set(stage.dead_reasons()) == {"run-busy-1"}


def test_15_replay_killed_in_the_middle(stage: WorkerStage) -> None:
    """A replay that is killed, and done again, loses none and doubles no repository."""
    stage.started().end()
    names = [f"plain-{number}" for number in range(100)]
    bodies = [json.dumps(stage.job(name)).encode() for name in names]
    stage.publish(*bodies, queue=f"{stage.queue}.dlq", **{"ph-reason": "timeout"})
    found: list[tuple[int, int]] = []

    for more in (0, 1, 20, 40):
        with (
            stage.rabbit.channel() as channel,
            stage.running("dead-letters", "replay", "--all") as process,
        ):
            wanted = stage.depth() + more
            while _depth(channel, stage.queue) < wanted:
                assert process.poll() is None
            process.kill()
        # What it had taken comes back once the broker has missed it.
        stage.wait_for(lambda: stage.depth() + stage.depth(".dlq") >= len(names))
        found.append((stage.depth(), stage.depth(".dlq")))
    last = stage.command("dead-letters", "replay", "--all")

    assert last.returncode == 0, last.stderr
    assert any(0 < waiting < len(names) for waiting, _ in found), found
    # Killed between a confirm and its ack, each may leave one twice.
    assert len(names) <= stage.depth() <= len(names) + len(found)
    assert stage.depth(".dlq") == 0
    stage.started()
    stage.wait_for(stage.is_drained)
    assert stage.has_commits(*names)


def _depth(channel: BlockingChannel, queue: str) -> int:
    """Return how many messages wait, as quickly as can be."""
    return int(channel.queue_declare(queue, passive=True).method.message_count)


def test_15_replayed_job_succeeds(stage: WorkerStage) -> None:
    """A job that was given up while something was missing is done once replayed."""
    worker = stage.started(MAX_ATTEMPTS="1", MAX_JOB_DURATION="5s")
    stage.submit("gate-1")
    stage.wait_for(lambda: stage.depth(".dlq") == 1)
    stage.open_gate()

    stage.command("dead-letters", "replay", "--all")

    stage.wait_for(lambda: stage.has_commits("gate-1"))
    stage.wait_for(stage.is_drained)
    assert stage.depth(".dlq") == 0
    assert worker.end() == 0


def test_submitted_jobs_are_confirmed(stage: WorkerStage) -> None:
    """``submit`` takes files and standard input; one wrong job, and none is sent."""
    stage.started()
    (stage.root / "a.json").write_text(json.dumps(stage.job("plain-1")))
    (stage.root / "wrong.json").write_text("{}")

    refused = stage.command("submit", "a.json", "wrong.json")
    sent = stage.command("submit", "a.json", "-", text=json.dumps(stage.job("plain-2")))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert sent.stdout.split() == ["run-plain-1", "run-plain-2"]
    stage.wait_for(lambda: stage.has_commits("plain-1", "plain-2"))


def test_dead_letter_is_shown_without_values(stage: WorkerStage) -> None:
    """``dead-letters show`` tells the job and its history, never a value."""
    stage.started(MAX_ATTEMPTS="1")
    text = json.dumps(stage.job("busy-1"))
    stage.publish(
        text.replace('"values": {}', '"values": {"token": "s3cret"}').encode()
    )
    stage.wait_for(lambda: stage.depth(".dlq") == 1)

    shown = stage.command("dead-letters", "show", "run-busy-1", "--json")

    letter = json.loads(shown.stdout)
    assert letter["job"]["blueprint"]["values"] == {"token": "***"}
    assert letter["history"][0]["code"] == "temporarily-unavailable"
    assert "s3cret" not in shown.stdout + shown.stderr


def test_specialized_worker(stage: WorkerStage) -> None:
    """A specialized worker takes its types' queues, and refuses what is astray."""
    stage.started(WORKER_MODE="specialized", WORKER_JOB_TYPES="system")
    system = json.dumps(stage.job("plain-1", type="system")).encode()
    astray = json.dumps(stage.job("plain-2")).encode()

    stage.publish(system, astray, queue=f"{stage.queue}.system")
    stage.submit("plain-3")

    stage.wait_for(lambda: stage.has_commits("plain-1"))
    stage.wait_for(lambda: stage.depth(".dlq") == 1)
    assert stage.dead_reasons() == {"run-plain-2": "unroutable-type"}
    assert stage.depth() == 1


def test_batch_ends_when_the_queue_is_empty(stage: WorkerStage) -> None:
    """A batch takes what there is, and tells by its exit code whether all went well."""
    stage.started().end()
    stage.submit("plain-1", "plain-2", "busy-1")

    ended = stage.start(WORKER_MODE="batch", MAX_ATTEMPTS="1").wait()

    assert ended == 1
    assert stage.has_commits("plain-1", "plain-2")


def test_batch_ends_at_its_size(stage: WorkerStage) -> None:
    """A batch leaves to others what is more than its size."""
    stage.started().end()
    stage.submit("plain-1", "plain-2", "plain-3")

    ended = stage.start(
        WORKER_MODE="batch", WORKER_BATCH_SIZE="2", WORKER_CONCURRENCY="1"
    ).wait()

    assert ended == 0
    assert len(stage.commits()) == 2
    assert stage.depth() == 1


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"WORKER_MODE": "specialized"}, id="no types"),
        pytest.param({"MAX_JOB_DURATION": "45m"}, id="longer than the broker waits"),
        pytest.param({"RABBITMQ_URL": "http://x"}, id="no broker's address"),
    ],
)
def test_misconfigured_worker(stage: WorkerStage, settings: dict[str, str]) -> None:
    """Settings that can't go well end the worker at once, with 78."""
    assert stage.start(**settings).wait() == 78


def test_queue_of_another_kind(stage: WorkerStage) -> None:
    """A queue with other arguments ends the worker with the broker's own sentence."""
    with stage.rabbit.channel() as channel:
        channel.queue_declare(
            f"{stage.queue}.dlq", durable=True, arguments={"x-queue-type": "quorum"}
        )

    worker = stage.start()

    assert worker.wait() == 78
    assert "inequivalent arg" in worker.log


def test_classic_queue_is_used_as_it_is(stage: WorkerStage) -> None:
    """A classic queue that somebody has made is used, with one warning."""
    with stage.rabbit.channel() as channel:
        channel.queue_declare(stage.queue, durable=True)

    worker = stage.started()
    stage.submit("plain-1")

    stage.wait_for(lambda: stage.has_commits("plain-1"))
    assert worker.log.count("is a classic one") == 1
