"""One job process finds out for all of its worker's, and none is held up for ever."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from provisionhub.gate import KnownVerdicts, Memory, Result, Verdict
from provisionhub.gate.verdict import Mismatch
from provisionhub.jsontypes import JsonObject
from provisionhub.telemetry.metrics import Metrics
from provisionhub.worker.channel import Channel
from provisionhub.worker.gating import AskedVerdicts, JobClaims

PASSED = Verdict(Result.PASSED, seconds=0.5)
MISMATCHED = Verdict(
    Result.MISMATCHED, seconds=0.25, mismatch=Mismatch("no", "a 1.0.0", "b", "-1", "x")
)


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    """Return figures of one's own."""
    metrics = Metrics()
    yield metrics
    metrics.close()


class Worker:
    """The worker's side of one job process, as a slot plays it."""

    def __init__(self, metrics: Metrics, verdicts: KnownVerdicts) -> None:
        ours, theirs = map(Channel, socket.socketpair())
        self.asked: list[str] = []
        self.claims = JobClaims(verdicts, metrics)
        self._channel = ours
        self._answers: queue.SimpleQueue[JsonObject] = queue.SimpleQueue()
        self.verdicts = AskedVerdicts(theirs, self._answers)
        self._theirs = theirs

    def play(self, frames: int) -> None:
        """Take as many frames, and answer those that ask."""
        for _ in range(frames):
            frame = self._channel.receive(seconds=10)
            self.asked.append(str(frame["event"]))
            if frame["event"] == "claims":
                self._answers.put(self.claims.answer(frame, seconds=10))
            else:
                self.claims.settle(frame)

    def close(self) -> None:
        """Let go of the channel."""
        self._channel.close()
        self._theirs.close()


def test_job_process_asks_once_and_then_knows(metrics: Metrics) -> None:
    """What one process found out, another is told; either asks but once."""
    shared = KnownVerdicts()
    first, second = Worker(metrics, shared), Worker(metrics, shared)
    playing = [
        threading.Thread(target=worker.play, args=(frames,))
        for worker, frames in ((first, 2), (second, 1))
    ]
    playing[0].start()

    assert first.verdicts.claim("a") is None
    first.verdicts.settle("a", MISMATCHED)
    playing[0].join()
    playing[1].start()
    told = [second.verdicts.claim("a") for _ in range(3)]
    playing[1].join()

    assert told == [MISMATCHED] * 3
    assert first.verdicts.claim("a") == MISMATCHED
    assert (first.asked, second.asked) == (["claims", "settles"], ["claims"])
    shown = metrics.exposition()[0].decode()
    assert 'snapshot_gate_total{result="mismatched"} 1.0' in shown
    assert "snapshot_gate_duration_seconds_sum 0.25" in shown
    first.close()
    second.close()


def test_process_that_died_lets_the_next_find_out(metrics: Metrics) -> None:
    """A claim ends with the attempt that made it."""
    shared = KnownVerdicts()
    gone = JobClaims(shared, metrics)
    assert gone.answer({"key": "a"}, seconds=1) == {"verdict": None}

    gone.release()

    began = time.monotonic()
    assert shared.claim("a") is None
    assert time.monotonic() - began < 25  # it would have waited 30


def test_nothing_found_out_is_nothing_remembered(metrics: Metrics) -> None:
    """A failure that may pass leaves the question open, and is not counted."""
    shared = KnownVerdicts()
    claims = JobClaims(shared, metrics)
    claims.answer({"key": "a"}, seconds=1)

    claims.settle({"key": "a", "verdict": None})

    assert shared.claim("a") is None
    assert 'snapshot_gate_total{result="passed"} 0.0' in (
        metrics.exposition()[0].decode()
    )


def test_others_wait_and_are_told() -> None:
    """While one finds out the others wait, and then all know."""
    shared = KnownVerdicts()
    assert shared.claim("a") is None
    told: queue.SimpleQueue[Verdict | None] = queue.SimpleQueue()
    waiting = [
        threading.Thread(target=lambda: told.put(shared.claim("a"))) for _ in range(4)
    ]
    for thread in waiting:
        thread.start()
    assert shared.claim("b") is None  # another question is not held up

    shared.settle("a", PASSED)

    assert [told.get(timeout=10) for _ in waiting] == [PASSED] * 4


def test_when_one_fails_the_next_takes_its_place() -> None:
    """Of those who wait one finds out next, and only one."""
    shared = KnownVerdicts()
    shared.claim("a")
    told: queue.SimpleQueue[Verdict | None] = queue.SimpleQueue()
    waiting = [
        threading.Thread(target=lambda: told.put(shared.claim("a"))) for _ in range(3)
    ]
    for thread in waiting:
        thread.start()

    shared.settle("a", None)

    assert told.get(timeout=10) is None
    shared.settle("a", PASSED)
    assert [told.get(timeout=10) for _ in range(2)] == [PASSED] * 2


def test_patience_has_an_end() -> None:
    """Who has waited long enough finds out by itself, which does no harm."""
    shared = KnownVerdicts()
    shared.claim("a")

    assert shared.claim("a", seconds=0.05) is None
    shared.settle("a", PASSED)
    shared.settle("a", PASSED)

    assert shared.claim("a") == PASSED


def test_worker_that_ends_holds_nobody_up() -> None:
    """Whoever waits goes on as soon as all is being ended."""
    shared = KnownVerdicts()
    shared.claim("a")
    told: queue.SimpleQueue[Verdict | None] = queue.SimpleQueue()
    thread = threading.Thread(target=lambda: told.put(shared.claim("a")))
    thread.start()

    shared.abandon()

    assert told.get(timeout=10) is None
    thread.join()


def test_memory_has_bounds() -> None:
    """Of many verdicts those remain that were used last."""
    memory = Memory(most=2)
    memory.put("a", PASSED)
    memory.put("b", PASSED)
    assert memory.get("a") == PASSED

    memory.put("c", MISMATCHED)

    assert ("a" in memory, "b" in memory, "c" in memory) == (True, False, True)


@pytest.mark.parametrize("verdict", [PASSED, MISMATCHED, Verdict(Result.SKIPPED)])
def test_verdict_crosses_as_json(verdict: Verdict) -> None:
    """What is told from process to process is all there is."""
    assert Verdict.from_json(verdict.to_json()) == verdict
