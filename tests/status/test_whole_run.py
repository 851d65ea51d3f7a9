"""A whole run as the worker does it: pipeline, log, control plane, one trace."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from provisionhub.app import App
from provisionhub.errors import ProvisionError, TransientError
from provisionhub.repository import RunId
from provisionhub.settings import Settings
from provisionhub.status import Cancelled, Failed, LogReporter, ReporterGroup, Step
from provisionhub.status.control_plane import ControlPlane, Delivered
from provisionhub.testing.control_plane import ControlPlaneDouble
from support.blueprints import MANIFEST, write_blueprint
from support.jobs import job

SECRET = """\
schema:
  type: object
  properties: {token: {type: string, writeOnly: true}}
"""


@pytest.fixture
def app(tmp_path: Path, double: ControlPlaneDouble) -> App:
    """Return the product, with a control plane in its settings."""
    write_blueprint(
        tmp_path / "blueprints" / "sample",
        {"template/a.j2": "{{ Values.token | default('none') }}"},
        MANIFEST + SECRET,
    )
    return App(
        Settings(
            blueprint_catalogs=(str(tmp_path),),
            workspace_dir=tmp_path / "workspaces",
            local_repositories_dir=tmp_path / "repositories",
            control_plane_url=double.url,
            control_plane_api_key=SecretStr(double.api_key),
        )
    )


def _run(app: App, control_plane: ControlPlane, **values: str) -> None:
    work = job({**values})
    told = control_plane.reporter(attempt=1)
    reporter = ReporterGroup(LogReporter(), told)
    pipeline = app.pipeline(reporter, is_cancelled=told.is_cancelled)
    try:
        outcome = pipeline.run(work)
    except ProvisionError as error:
        failed = Failed(error, Step.RENDER)
        delivery = control_plane.deliver_final(work.run_id, failed, attempt=1)
    else:
        delivery = control_plane.deliver_final(work.run_id, outcome, attempt=1)
    assert delivery == Delivered()
    control_plane.close()


def test_success_is_told_from_the_first_step_to_the_last(
    app: App, double: ControlPlaneDouble
) -> None:
    """The control plane sees the run begin, go on, and end with its commit."""
    _run(app, app.control_plane("worker-1"))

    assert double.final("run-1") == "succeeded"
    assert [line["message"] for line in double.lines("run-1")][:-1] == [
        "Starting provisioning for run: run-1",
        "Rendering template: sample",
        "Creating repository: my-team/my-service",
        "Committing files (2 files)",
        "Pushing to local repositories",
    ]


def test_cancelled_run_creates_nothing_and_ends_as_cancelled(
    app: App, double: ControlPlaneDouble, tmp_path: Path
) -> None:
    """A run that the control plane has cancelled ends before its repository."""
    double.cancel("run-1")

    _run(app, app.control_plane("worker-1"))

    assert double.final("run-1") == "cancelled"
    assert not (tmp_path / "repositories").exists()
    assert double.lines("run-1")[-1]["message"] == (
        "Provisioning cancelled before step: create"
    )


def test_secret_value_reaches_no_report(
    app: App, double: ControlPlaneDouble, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret among the values is in no status, line or log."""
    _run(app, app.control_plane("worker-1"), token="hunter2/hunter2")

    sent = b"".join(each.data for each in double.received)
    assert double.final("run-1") == "failed"
    assert b"hunter2" not in sent
    assert "hunter2" not in "".join(capsys.readouterr())


def test_without_an_address_the_log_alone_is_told(app: App, tmp_path: Path) -> None:
    """Without a control plane, runs go on as ever, and final statuses are taken."""
    alone = App(app.settings.model_copy(update={"control_plane_url": ""}))

    _run(alone, alone.control_plane("worker-1"))

    assert (tmp_path / "repositories" / "my-team" / "my-service.git").exists()


def test_without_an_address_a_retry_is_logged(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """When a run is tried again stands in the log, if nowhere else."""
    alone = App(app.settings.model_copy(update={"control_plane_url": ""}))
    at = datetime(2026, 1, 31, 12, 0, 5, tzinfo=UTC)
    control_plane = alone.control_plane("worker-1")

    control_plane.retrying(
        RunId("run-1"), TransientError("502"), attempt=1, retry_at=at
    )

    assert "Retrying at 2026-01-31T12:00:05Z: 502" in capsys.readouterr().out


def test_outcomes_can_cross_from_a_job_process() -> None:
    """Outcomes survive pickling, as they come from another process."""
    assert pickle.loads(pickle.dumps(Cancelled(Step.CREATE))) == Cancelled(Step.CREATE)  # noqa: S301
