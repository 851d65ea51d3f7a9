"""What the log says of a run."""

from __future__ import annotations

import json

import pytest

from provisionhub.errors import TemplateRuntimeError
from provisionhub.repository import CommitId, Repository
from provisionhub.status import (
    Cancelled,
    Failed,
    LogReporter,
    Outcome,
    Provisioned,
    Step,
)
from provisionhub.telemetry import configure_logs
from support.jobs import job

JOB = job({"token": "hunter2"})
MADE = Provisioned(
    Repository("1", "my-team/my-service", "", "", "main"), CommitId("a" * 40)
)


def report(outcome: Outcome) -> None:
    """Report a short run, on its second attempt, that ends with *outcome*."""
    reporter = LogReporter(attempt=2)
    reporter.started(JOB)
    reporter.entered(JOB, Step.RENDER)
    reporter.said(JOB, Step.RENDER, "Rendering template: sample")
    reporter.warned(JOB, Step.RENDER, "`a` is hidden")
    reporter.finished(JOB, outcome, 12.46)


def test_log_has_the_lines_that_operators_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As JSON each line is an object with message, level, time, run and step."""
    configure_logs("info", "json")

    report(MADE)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["level"], line["message"]) for line in lines] == [
        ("info", "Starting provisioning for run: run-1"),
        ("info", "Rendering template: sample"),
        ("warning", "`a` is hidden"),
        ("info", "Provisioning completed in 12.5s"),
    ]
    assert {(line["run_id"], line["attempt"]) for line in lines} == {("run-1", 2)}
    assert [line["step"] for line in lines] == [None, "render", "render", "push"]
    assert lines[3]["commit"] == "a" * 40


def test_failure_is_logged_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    """A failure is logged with step, code and details."""
    configure_logs("debug", "json")

    report(Failed(TemplateRuntimeError("`x` is not defined"), Step.RENDER))

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[1]["message"] == "Step entered"
    assert lines[-1]["message"] == "Provisioning failed: `x` is not defined"
    assert lines[-1]["error"]["code"] == "template-runtime"
    assert lines[-1]["step"] == "render"


def test_failure_before_any_step_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """A failure that came before any step has no step."""
    configure_logs("error", "json")

    report(Failed(TemplateRuntimeError("x"), None))

    assert json.loads(capsys.readouterr().err)["step"] is None


def test_cancellation_is_logged_with_its_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A cancelled run says before which step it ended."""
    configure_logs("warning", "json")

    report(Cancelled(Step.CREATE))

    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["message"] == "Provisioning cancelled before step: create"
    assert (line["level"], line["step"]) == ("warning", "create")


def test_console_lines_are_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """On a console each line is plain text, without colour where nobody watches."""
    configure_logs("info", "console")

    report(MADE)

    shown = capsys.readouterr().err
    assert "Starting provisioning for run: run-1" in shown
    assert "\x1b" not in shown
