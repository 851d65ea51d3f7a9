"""The snapshot gate of a whole worker: once for all its job processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.testing.gitlab import GitLabDouble
from support.worker_stage import WorkerProcess, WorkerStage

pytestmark = pytest.mark.integration

TOKEN: Final = "glpat-0123456789abcdef"
API_KEY: Final = "key-0123456789abcdef"
RECORDED: Final = "=== README.md (100644)\n# example\n"


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLabDouble]:
    """A GitLab with the jobs' group and a token."""
    folder = tmp_path / "gitlab"
    folder.mkdir()
    with GitLabDouble(folder) as gitlab:
        gitlab.add_group("team")
        gitlab.add_token(TOKEN)
        yield gitlab


@pytest.fixture
def control_plane() -> Iterator[ControlPlaneDouble]:
    """Whoever asked for the runs."""
    with ControlPlaneDouble(API_KEY) as control_plane:
        yield control_plane


def record(stage: WorkerStage, text: str) -> None:
    """Give the blueprint an example, and record *text* as what it renders."""
    catalog = stage.root / "catalog"
    for path, content in (
        ("blueprints/tiny/examples/plain.yaml", "values: {}\n"),
        ("snapshots/tiny/plain.tree", text),
    ):
        file = catalog / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")


def started(
    stage: WorkerStage, gitlab: GitLabDouble, control_plane: ControlPlaneDouble
) -> WorkerProcess:
    """Return a worker with five slots that speaks to both."""
    return stage.started(
        GITLAB_URL=gitlab.url,
        GITLAB_TOKEN=TOKEN,
        CONTROL_PLANE_URL=control_plane.url,
        CONTROL_PLANE_API_KEY=API_KEY,
        WORKER_CONCURRENCY="5",
    )


def submit(stage: WorkerStage, provider: str, *names: str) -> list[str]:
    """Publish a job for each name; return the runs."""
    jobs = [stage.job(name, git_config={"provider": provider}) for name in names]
    stage.publish(*(json.dumps(job).encode() for job in jobs))
    return [str(job["run_id"]) for job in jobs]


def test_broken_snapshot_fails_every_job_and_makes_no_project(
    stage: WorkerStage, gitlab: GitLabDouble, control_plane: ControlPlaneDouble
) -> None:
    """Jobs of a blueprint that drifted fail with a diff; mended, it does them again."""
    record(stage, RECORDED.replace("example", "sample"))
    worker = started(stage, gitlab, control_plane)

    runs = submit(stage, "gitlab", *(f"n{number}" for number in range(6)))
    stage.wait_for(lambda: all(control_plane.final(run) for run in runs))
    refused = [control_plane.statuses(run)[-1] for run in runs]
    record(stage, RECORDED)
    (mended,) = submit(stage, "gitlab", "mended")
    stage.wait_for(lambda: control_plane.final(mended) is not None)
    stage.wait_for(stage.is_drained)

    first: Any = refused[0]["error"]
    assert [status["step"] for status in refused] == ["validate"] * 6
    assert [status["error"] for status in refused] == [first] * 6
    assert first["code"] == "snapshot-mismatch"
    assert "`tiny` 1.0.0" in first["message"]
    assert first["details"]["example"] == "plain"
    assert "-# sample\n+# example" in first["details"]["diff"]
    assert control_plane.final(mended) == "succeeded"
    assert [project.full_path for project in gitlab.projects] == ["team/mended"]
    assert control_plane.complaints == []
    assert worker.metric("snapshot_gate_total") == 2
    assert worker.metric("dead_letters_total") == 0


def test_good_snapshot_is_checked_once_for_many_jobs(
    stage: WorkerStage, gitlab: GitLabDouble, control_plane: ControlPlaneDouble
) -> None:
    """Of twenty jobs over five slots the first checks, and no other says so."""
    record(stage, RECORDED)
    worker = started(stage, gitlab, control_plane)

    runs = submit(stage, "staged", *(f"n{number}" for number in range(20)))
    stage.wait_for(lambda: all(control_plane.final(run) for run in runs))
    stage.wait_for(stage.is_drained)

    lines = [line["message"] for run in runs for line in control_plane.lines(run)]
    assert {control_plane.final(run) for run in runs} == {"succeeded"}
    assert worker.metric("snapshot_gate_total") == 1
    assert worker.metric("snapshot_gate_duration_seconds_count") == 1
    assert lines.count("Checking snapshots of tiny 1.0.0 (1 example)") == 1
