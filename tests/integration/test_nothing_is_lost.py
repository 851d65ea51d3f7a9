"""Workers killed at the worst moments: nothing lost, nothing twice (outcomes 1-3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from provisionhub.testing.control_plane import ControlPlaneDouble, Fault
from support.proxy import Proxy
from support.worker_stage import WorkerStage

pytestmark = pytest.mark.integration


@pytest.fixture
def control_plane() -> Iterator[ControlPlaneDouble]:
    """Return a control plane that listens."""
    with ControlPlaneDouble() as double:
        yield double


@pytest.fixture
def proxy(stage: WorkerStage) -> Iterator[Proxy]:
    """Return a proxy that the stage's workers go through."""
    proxy = Proxy(stage.rabbit.port)
    stage.url = stage.url.replace(str(stage.rabbit.port), str(proxy.port))
    yield proxy
    proxy.close()


def reporting_to(double: ControlPlaneDouble) -> dict[str, str]:
    """Return the settings of a worker that reports to *double*."""
    return {"CONTROL_PLANE_URL": double.url, "CONTROL_PLANE_API_KEY": double.api_key}


def test_01_worker_killed_in_mid_job(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """Every job of a killed worker is done by the next: one repository, one status."""
    settings = reporting_to(control_plane)
    names = ["gate-1", "gate-2", "plain-1"]
    worker = stage.started(**settings)
    stage.submit(*names)
    stage.wait_for(lambda: len(stage.calls()) == 3)

    worker.kill()
    stage.wait_for(lambda: stage.processes() == [], seconds=15)
    stage.open_gate()
    stage.started(**settings)

    stage.wait_for(lambda: stage.has_commits(*names) and stage.is_drained())
    finals = [control_plane.statuses(f"run-{name}")[-1]["status"] for name in names]
    assert finals == ["succeeded"] * 3
    assert control_plane.complaints == []


def test_02_worker_killed_once_the_repository_was_made(stage: WorkerStage) -> None:
    """A repository without a commit is adopted by the next attempt."""
    worker = stage.started()
    stage.submit("made-1")
    stage.wait_for(lambda: stage.commits() == {"made-1": 0})

    worker.kill()
    stage.open_gate()
    stage.started()

    stage.wait_for(lambda: stage.has_commits("made-1") and stage.is_drained())


def test_02_worker_killed_once_it_had_pushed(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """A run that was pushed, and not reported, is reported by the next attempt."""
    settings = reporting_to(control_plane)
    worker = stage.started(**settings)
    control_plane.stop()
    stage.submit("plain-1")
    stage.wait_for(lambda: stage.has_commits("plain-1"))

    worker.kill()
    control_plane.start()
    stage.started(**settings)

    stage.wait_for(lambda: control_plane.final("run-plain-1") == "succeeded")
    stage.wait_for(stage.is_drained)
    assert stage.has_commits("plain-1")


def test_02_worker_killed_between_report_and_ack(
    stage: WorkerStage, control_plane: ControlPlaneDouble, proxy: Proxy
) -> None:
    """A run that was reported, and not acknowledged, has one final status."""
    settings = reporting_to(control_plane)
    worker = stage.started(**settings)
    stage.submit("gate-1")
    stage.wait_for(lambda: stage.calls()["run-gate-1"] == 1)
    proxy.hold(b"worker-0 consumer")
    stage.open_gate()
    stage.wait_for(lambda: control_plane.final("run-gate-1") == "succeeded")

    worker.kill()
    stage.started(**settings)

    stage.wait_for(lambda: stage.calls()["run-gate-1"] == 2 and stage.is_drained())
    assert stage.has_commits("gate-1")
    finals = [
        status
        for status in control_plane.statuses("run-gate-1")
        if status["status"] == "succeeded"
    ]
    assert len(finals) == 1


def test_03_worker_killed_between_retry_and_ack(
    stage: WorkerStage, proxy: Proxy
) -> None:
    """A job that is in the queue twice has one repository, and is shown once."""
    settings = {"RABBITMQ_RETRY_DELAY": "2s", "MAX_ATTEMPTS": "2"}
    worker = stage.started(**settings)
    stage.submit("half-1")
    stage.wait_for(lambda: stage.commits() == {"half-1": 0})
    proxy.hold(b"worker-0 consumer")
    stage.open_gate()
    stage.wait_for(lambda: stage.queues().get(f"{stage.queue}.retry.2000") == 1)

    worker.kill()
    stage.started(**settings)

    stage.wait_for(lambda: stage.depth(".dlq") == 2)
    assert stage.dead_reasons() == {"run-half-1": "temporarily-unavailable"}
    assert stage.dead_letters()[0]["copies"] == 2
    assert stage.commits() == {"half-1": 0}


def test_16_one_run_published_twice(stage: WorkerStage) -> None:
    """One run in two messages is one repository with one commit."""
    stage.started()

    stage.submit("slow-1", "slow-1")

    stage.wait_for(lambda: stage.calls()["run-slow-1"] == 2)
    stage.wait_for(stage.is_drained)
    assert stage.has_commits("slow-1")


def test_18_cancelled_run(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """A run that is cancelled on the way pushes nothing, and is acknowledged."""
    stage.started(**reporting_to(control_plane))
    stage.submit("gate-1")
    stage.wait_for(lambda: stage.calls()["run-gate-1"] == 1)

    control_plane.cancel("run-gate-1")
    stage.open_gate()

    stage.wait_for(lambda: control_plane.final("run-gate-1") == "cancelled")
    stage.wait_for(stage.is_drained)
    assert stage.commits() == {"gate-1": 0}
    assert stage.depth(".dlq") == 0


def test_18_control_plane_is_ill_in_every_way(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """Answering 500, slow, then down: every final status arrives, once, in the end."""
    stage.started(**reporting_to(control_plane))
    names = [f"plain-{number}" for number in range(15)]

    control_plane.plan(Fault(status=500), times=40)
    stage.submit(*names[:5])
    stage.wait_for(lambda: len(stage.calls()) == 5)
    control_plane.clear_faults()
    control_plane.plan(Fault(delay=1), times=10)
    stage.submit(*names[5:10])
    stage.wait_for(lambda: len(stage.calls()) == 10)
    control_plane.stop()
    stage.submit(*names[10:])
    # While it is down slots wait for it, so that not all jobs may be done by now.
    stage.wait_for(lambda: len(stage.calls()) > 10)
    control_plane.clear_faults()
    control_plane.start()

    stage.wait_for(lambda: all(control_plane.final(f"run-{name}") for name in names))
    stage.wait_for(stage.is_drained)
    assert {control_plane.final(f"run-{name}") for name in names} == {"succeeded"}
    assert control_plane.complaints == []
    assert stage.has_commits(*names)


def test_18_status_refused_for_good_is_a_dead_letter(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """What the control plane won't hear is kept, told loudly, and told by a replay.

    The refusals before are made up by a header: they take ten minutes.
    """
    control_plane.plan(Fault(status=404), times=1000)
    worker = stage.started(**reporting_to(control_plane))
    jobs = [json.dumps(stage.job(name)).encode() for name in ("plain-1", "segv-1")]
    headers: dict[str, Any] = {"ph-reports": 50, "ph-attempt": 4}
    stage.publish(*jobs, **headers)
    stage.wait_for(lambda: stage.depth(".dlq") == 2)
    stage.wait_for(stage.is_drained)

    # The job that failed has its own dead letter, which says more.
    assert stage.dead_reasons() == {
        "run-plain-1": "status-refused",
        "run-segv-1": "worker-crashed",
    }
    assert worker.log.count("Reporting no more") == 2
    control_plane.clear_faults()
    replayed = stage.command("dead-letters", "replay", "run-plain-1")

    assert replayed.returncode == 0, replayed.stderr
    stage.wait_for(lambda: control_plane.final("run-plain-1") == "succeeded")
    assert stage.calls() == {"run-plain-1": 1, "run-segv-1": 1}
    assert stage.has_commits("plain-1")


def test_18_final_status_waits_for_the_control_plane(
    stage: WorkerStage, control_plane: ControlPlaneDouble
) -> None:
    """A final status that can't be delivered is delivered later; nothing runs again."""
    control_plane.plan(Fault(status=403), times=1000)
    stage.started(**reporting_to(control_plane))
    stage.submit("plain-1")
    stage.wait_for(lambda: any(".retry." in name for name in stage.queues()))

    control_plane.clear_faults()

    stage.wait_for(lambda: control_plane.final("run-plain-1") == "succeeded")
    stage.wait_for(stage.is_drained)
    assert stage.calls() == {"run-plain-1": 1}
