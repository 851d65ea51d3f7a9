"""What is reported on the way: best effort, in order, never in a job's way."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from provisionhub.errors import TransientError
from provisionhub.job import Job
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Provisioned, Reporter, ReporterGroup, Step
from provisionhub.status.control_plane import Delivered, HttpControlPlane
from provisionhub.status.control_plane.courier import Courier
from provisionhub.status.control_plane.http import Answer, Patience
from provisionhub.status.control_plane.reports import Reports, Request
from provisionhub.testing.control_plane import ControlPlaneDouble, Fault, Kind
from provisionhub.values import Redactor
from support.jobs import job

JOB = job({"token": "hunter2"})
RUN = JOB.run_id
MADE = Provisioned(Repository("1", "a/b", "", "", "main"), CommitId("a" * 40))
Connect = Callable[..., HttpControlPlane]


def report(told: Reporter, job: Job = JOB) -> None:
    """Report a whole run."""
    told.started(job)
    for step in Step:
        told.entered(job, step)
    told.said(job, Step.PUSH, "Committing files (3 files)")
    told.warned(job, Step.PUSH, "`a` is hidden")
    told.finished(job, MADE, 12.46)


def test_steps_are_reported_as_running(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Each step that lasts is reported, with attempt, worker and rising numbers."""
    told = connect().reporter(attempt=3)

    for number, step in enumerate(Step, start=1):
        told.entered(JOB, step)
        assert double.wait_for(lambda n=number: len(double.statuses(RUN)) == n)  # type: ignore[misc] # bound on purpose

    bodies = double.statuses(RUN)
    assert [body["step"] for body in bodies] == [str(step) for step in Step]
    assert {(body["status"], body["attempt"]) for body in bodies} == {("running", 3)}
    assert {body["worker_id"] for body in bodies} == {"worker-ä 1"}
    assert (
        double.received[0].headers["idempotency-key"]
        != (double.received[1].headers["idempotency-key"])
    )


def test_final_status_comes_last(double: ControlPlaneDouble, connect: Connect) -> None:
    """Whatever still waits, no report arrives after the final status."""
    control_plane = connect()
    double.plan(Fault(delay=0.2))

    report(control_plane.reporter(attempt=1))
    delivery = control_plane.deliver_final(RUN, MADE, attempt=1)
    control_plane.close()

    assert delivery == Delivered()
    assert double.final(RUN) == "succeeded"
    assert [body["status"] for body in double.statuses(RUN)][-1] == "succeeded"


def test_lines_that_operators_know_arrive(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """The lines of the log are the control plane's too, in order, in a batch."""
    control_plane = connect()

    report(control_plane.reporter(attempt=1))

    assert double.wait_for(lambda: len(double.lines(RUN)) == 4)
    lines = double.lines(RUN)
    assert [(line["level"], line["step"], line["message"]) for line in lines] == [
        ("info", None, "Starting provisioning for run: run-1"),
        ("info", "push", "Committing files (3 files)"),
        ("warning", "push", "`a` is hidden"),
        ("info", "push", "Provisioning completed in 12.5s"),
    ]
    assert sum(each.kind is Kind.LOGS for each in double.received) < len(lines)


def test_retry_is_reported_with_its_time(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A transient failure is reported with its error and when the next attempt is."""
    at = datetime(2026, 1, 31, 12, 0, 5, 250_000, tzinfo=UTC)

    connect().retrying(
        RUN, TransientError("502", retry_after=5), attempt=1, retry_at=at
    )

    assert double.wait_for(lambda: len(double.statuses(RUN)) == 1)
    (body,) = double.statuses(RUN)
    assert (body["status"], body["attempt"]) == ("retrying", 1)
    assert body["retry_at"] == "2026-01-31T12:00:05.250Z"
    assert body["error"] == TransientError("502", retry_after=5).to_json()


def test_attempt_made_twice_is_reported_twice(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """An attempt that a killed worker leaves to another has two times, and two keys."""
    control_plane = connect()

    for times in (1, 2):
        at = datetime(2026, 1, 31, 12, 0, times, tzinfo=UTC)
        control_plane.retrying(RUN, TransientError("502"), attempt=1, retry_at=at)
        assert double.wait_for(lambda n=times: len(double.statuses(RUN)) == n)  # type: ignore[misc] # a bound default

    assert double.complaints == []


def test_cancellation_is_heard(double: ControlPlaneDouble, connect: Connect) -> None:
    """A 409 with `cancelled` in answer to the latest step is known when asked."""
    told = connect().reporter(attempt=1)
    told.entered(JOB, Step.RENDER)
    before = told.is_cancelled(JOB)

    double.cancel(RUN)
    told.entered(JOB, Step.CREATE)

    assert (before, told.is_cancelled(JOB)) == (False, True)


def test_slow_log_delays_no_answer(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Lines that are taken slowly stand in the way of no report, and so of no job."""
    double.plan(Fault(delay=1.5), on=Kind.LOGS, times=9)
    told = connect().reporter(attempt=1)
    told.said(JOB, Step.RENDER, "a line")
    assert double.wait_for(lambda: len(double.received) == 1)
    double.cancel(RUN)

    began = time.monotonic()
    told.entered(JOB, Step.CREATE)

    assert told.is_cancelled(JOB)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"status": "running"}, id="running"),
        pytest.param({"status": "succeeded"}, id="succeeded"),
        pytest.param({}, id="nothing"),
    ],
)
def test_other_conflicts_cancel_nothing(
    body: dict[str, str], double: ControlPlaneDouble, connect: Connect
) -> None:
    """Only the word `cancelled` cancels."""
    double.plan(Fault(status=409, body=dict(body)))
    told = connect().reporter(attempt=1)

    told.entered(JOB, Step.CREATE)

    assert not told.is_cancelled(JOB)


def test_nobody_waits_for_a_slow_control_plane(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Steps and lines cost a job next to nothing, however slow the answers are."""
    told = connect().reporter(attempt=1)
    double.plan(Fault(delay=0.5), times=1)
    double.plan(Fault(delay=0.5), on=Kind.LOGS, times=1)
    began = time.monotonic()

    for _ in range(100):
        report(told)

    assert time.monotonic() - began < 0.3


def test_question_about_cancelling_is_answered_in_bounded_time(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A control plane that does not answer holds a job up once, and briefly."""
    told = connect().reporter(attempt=1)
    double.plan(Fault(delay=4.0), times=2)
    began = time.monotonic()

    for step in (Step.CREATE, Step.PUSH):
        told.entered(JOB, step)
        assert not told.is_cancelled(JOB)

    assert time.monotonic() - began < 3.5


def test_absent_control_plane_holds_nobody_up(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """While nobody is there, the question is not waited for."""
    double.stop()
    told = connect().reporter(attempt=1)
    began = time.monotonic()

    for _ in range(20):
        told.entered(JOB, Step.CREATE)
        assert not told.is_cancelled(JOB)

    assert time.monotonic() - began < 1


def test_lines_survive_a_short_outage(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A batch that was not taken is repeated, and stands in the log once."""
    double.plan(Fault(status=500), on=Kind.LOGS)
    double.plan(Fault(reset=True), on=Kind.LOGS)

    connect().reporter(attempt=1).said(JOB, Step.PUSH, "here")

    assert double.wait_for(lambda: double.repeats == 1)
    assert [line["message"] for line in double.lines(RUN)] == ["here"]


def test_closing_sends_what_waits(double: ControlPlaneDouble, connect: Connect) -> None:
    """The last lines are sent before the process ends."""
    control_plane = connect()
    control_plane.reporter(attempt=1).said(JOB, Step.PUSH, "last words")

    control_plane.close()

    assert [line["message"] for line in double.lines(RUN)] == ["last words"]


def test_closing_without_anybody_there_takes_a_bounded_time(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """What can't be sent at the end is counted as lost, and nobody hangs."""
    lost: list[int] = []
    control_plane = connect(lost=lost.append)
    double.stop()
    for number in range(250):
        control_plane.reporter(attempt=1).said(JOB, Step.PUSH, str(number))
    began = time.monotonic()

    control_plane.close()

    assert time.monotonic() - began < 2
    assert sum(lost) == 250


def test_oldest_lines_are_dropped_and_missed() -> None:
    """When too many wait, the oldest go, and a warning stands in their place."""
    sent: list[Request] = []
    lost: list[int] = []
    reports = Reports("w", Redactor(()), dict)

    def send(request: Request, _: Patience) -> Answer:
        sent.append(request)
        return Answer(202)

    courier = Courier(send, lost.append, capacity=3)
    for number in range(10):
        courier.put_line(reports.line(RUN, "info", Step.RENDER, str(number)))
    courier.close(5)

    (request,) = sent
    entries = request.body["entries"]
    assert isinstance(entries, list)
    messages = [entry["message"] for entry in entries if isinstance(entry, dict)]
    assert messages == [
        "7 lines are missing here: the control plane took them too slowly",
        "7",
        "8",
        "9",
    ]
    numbers = [entry["sequence"] for entry in entries if isinstance(entry, dict)]
    assert len(set(map(str, numbers))) == 4
    assert sorted(map(str, numbers)) == [str(number) for number in numbers]
    assert lost == [1] * 7


def test_line_of_any_length_is_sent_within_bounds(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A line is clipped rather than refused."""
    connect().reporter(attempt=1).said(JOB, Step.PUSH, "ü" * 100_000)

    assert double.wait_for(lambda: len(double.lines(RUN)) == 1)
    assert len(str(double.lines(RUN)[0]["message"])) == 8192


def test_many_lines_go_in_few_batches(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Lines of several runs arrive complete and in order, a hundred a request."""
    control_plane = connect()
    jobs = [job(run_id=f"run-{number}") for number in range(3)]
    for number in range(250):
        for each in jobs:
            control_plane.reporter(attempt=1).said(each, Step.RENDER, str(number))

    control_plane.close()

    for each in jobs:
        messages = [line["message"] for line in double.lines(each.run_id)]
        assert messages == [str(number) for number in range(250)]
    assert len(double.received) < 30


def test_outage_is_logged_once(
    double: ControlPlaneDouble, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    """An outage is one line, and its end another."""
    told = connect().reporter(attempt=1)
    double.plan(Fault(status=500), times=3)

    for step in Step:
        told.entered(JOB, step)
        assert not told.is_cancelled(JOB)
        seen = len(double.received)
        double.wait_for(lambda n=seen: len(double.received) >= n)  # type: ignore[misc] # bound on purpose
        time.sleep(0.05)

    shown = capsys.readouterr().out
    assert shown.count("does not take reports: it answered 500") == 1
    assert shown.count("takes reports again") == 1


def test_refusal_of_reports_is_logged_once(
    double: ControlPlaneDouble, connect: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    """A control plane that does not know the run is told of, and holds nobody up."""
    told = connect().reporter(attempt=1)
    double.plan(Fault(status=404), times=2)

    for step in (Step.RENDER, Step.CREATE):
        told.entered(JOB, step)
        assert not told.is_cancelled(JOB)

    assert capsys.readouterr().out.count("it answered 404 Not Found") == 1


def test_group_tells_each_of_its_members(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A group passes on all it is told, in order."""
    control_plane = connect()
    one, other = control_plane.reporter(attempt=1), control_plane.reporter(attempt=1)

    report(ReporterGroup(one, other))
    control_plane.close()

    assert len(double.lines(RUN)) == 8
