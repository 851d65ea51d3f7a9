"""A runner and its job process: who waits for whom, and what a death costs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from provisionhub.gate import KnownVerdicts
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Outcome, Provisioned
from provisionhub.status.control_plane import NoControlPlane
from provisionhub.telemetry.metrics import Metrics
from provisionhub.worker.channel import Channel, ChannelClosedError
from provisionhub.worker.nursery import Child, Nursery
from provisionhub.worker.outcomes import outcome_to_json
from provisionhub.worker.runner import Runner
from support.jobs import job as make_job

DONE = Provisioned(Repository("1", "a/b", "w", "c", "main"), CommitId("0" * 40))
Tidy = Callable[[Channel], None]


class Nurse:
    """Starts threads that behave as job processes do, each tidying up in its way."""

    def __init__(self, *tidies: Tidy) -> None:
        self.buried: list[int] = []
        self._tidies = iter(tidies)
        self._pids = iter(range(1, 100))

    def start(self) -> Child:
        """Start one."""
        ours, theirs = socket.socketpair()
        arguments = (Channel(theirs), next(self._tidies))
        threading.Thread(target=_serve, args=arguments, daemon=True).start()
        return Child(next(self._pids), Channel(ours))

    def bury(self, child: Child) -> int:
        """Note that one is no more."""
        child.channel.close()
        self.buried.append(child.pid)
        return -9


def _serve(channel: Channel, tidy: Tidy) -> None:
    try:
        while True:
            channel.receive()
            channel.send({"event": "ended", "outcome": outcome_to_json(DONE)})
            tidy(channel)
    except ChannelClosedError:
        channel.close()


def free(channel: Channel) -> None:
    """Have nothing to tidy."""
    channel.send({"event": "free"})


def die(channel: Channel) -> None:
    """End in the midst of it."""
    channel.close()
    raise ChannelClosedError


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    """Counts."""
    metrics = Metrics(dict)
    yield metrics
    metrics.close()


def _runner(nurse: Nurse, metrics: Metrics) -> Runner:
    nursery = cast("Nursery", nurse)
    return Runner(nursery, longest=30, metrics=metrics, verdicts=KnownVerdicts())


def _run(runner: Runner) -> Outcome | None:
    return runner.run(make_job(), NoControlPlane().reporter(attempt=1))


def test_success_is_told_before_the_workspace_is_removed(metrics: Metrics) -> None:
    """Nobody waits for a process to tidy up but whoever needs it next."""
    gate = threading.Event()

    def tidy_later(channel: Channel) -> None:
        gate.wait()
        free(channel)

    nurse = Nurse(tidy_later)
    runner = _runner(nurse, metrics)

    assert _run(runner) == DONE

    assert not gate.is_set()
    gate.set()
    assert _run(runner) == DONE
    assert nurse.buried == []
    runner.close()


def test_process_that_dies_while_it_tidies_up_costs_no_job(metrics: Metrics) -> None:
    """The next job has a new process, and the last keeps its outcome."""
    nurse = Nurse(die, free)
    runner = _runner(nurse, metrics)

    outcomes = [_run(runner), _run(runner)]

    assert outcomes == [DONE, DONE]
    assert nurse.buried == [1]
    runner.close()
    assert nurse.buried == [1, 2]


def test_process_is_ended_once_it_has_tidied_up(metrics: Metrics) -> None:
    """A worker that ends leaves no workspace behind: it waits for its removal."""
    tidied: list[list[int]] = []

    def tidy_slowly(channel: Channel) -> None:
        threading.Event().wait(0.2)
        tidied.append(list(nurse.buried))
        free(channel)

    nurse = Nurse(tidy_slowly)
    runner = _runner(nurse, metrics)
    _run(runner)

    runner.close()

    assert tidied == [[]]
    assert nurse.buried == [1]
