"""From the queue to GitLab and back to whoever asked: outcome 19, and no secret."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.testing.gitlab import Access, Fault, GitLabDouble
from support.worker_stage import WorkerStage

pytestmark = pytest.mark.integration

TOKEN = "glpat-0123456789abcdef"
API_KEY = "key-0123456789abcdef"
SECRET = "value-0123456789abcdef"
PUSH = r"POST .*/git-receive-pack"
REFS = r"GET .*/info/refs"


@dataclass(frozen=True)
class Neighbours:
    """What a worker speaks to, besides the broker."""

    gitlab: GitLabDouble
    control_plane: ControlPlaneDouble

    @property
    def settings(self) -> dict[str, str]:
        """What a worker is told of them."""
        return {
            "GITLAB_URL": self.gitlab.url,
            "GITLAB_TOKEN": TOKEN,
            "CONTROL_PLANE_URL": self.control_plane.url,
            "CONTROL_PLANE_API_KEY": API_KEY,
            "WORKER_CONCURRENCY": "2",
        }


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Neighbours]:
    """A GitLab with the jobs' group and a token, and whoever asked for the runs."""
    folder = tmp_path / "gitlab"
    folder.mkdir()
    with GitLabDouble(folder) as gitlab, ControlPlaneDouble(API_KEY) as control_plane:
        gitlab.add_group("team")
        gitlab.add_token(TOKEN)
        yield Neighbours(gitlab, control_plane)


def _publish(stage: WorkerStage, *names: str) -> None:
    jobs = (stage.job(name, git_config={"provider": "gitlab"}) for name in names)
    stage.publish(*(json.dumps(job).encode() for job in jobs))


def test_submitted_job_becomes_a_project_and_is_reported(
    stage: WorkerStage,
    around: Neighbours,
    tmp_path: Path,
) -> None:
    """`submit` → worker → GitLab → status calls → clone."""
    stage.started(**around.settings)
    job = stage.job("orders", git_config={"provider": "gitlab"})

    submitted = stage.command("submit", "-", text=json.dumps(job))

    assert submitted.returncode == 0, submitted.stderr
    stage.wait_for(lambda: around.control_plane.final("run-orders") == "succeeded")
    stage.wait_for(stage.is_drained)
    told = around.control_plane.statuses("run-orders")
    (commit,) = around.gitlab.project("team/orders").commits
    assert told[-1]["commit"] == commit
    assert around.control_plane.complaints == []
    url = around.gitlab.url.replace("://", f"://any:{TOKEN}@")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", f"{url}/team/orders.git", clone], check=True)
    assert (clone / "README.md").read_text(encoding="utf-8") == "# orders\n"


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        pytest.param(
            Fault(
                on="POST /api/v4/projects$",
                status=429,
                body=b"Retry later\n",
                headers=(("Retry-After", "1"),),
            ),
            2,
            id="429 with a time",
        ),
        pytest.param(
            # The look ahead, while the job renders, is nobody's error.
            Fault(on="GET /api/v4/groups", times=2, status=502, body=b""),
            2,
            id="502",
        ),
        pytest.param(Fault(on="POST /api/v4/projects$", reset=True), 2, id="reset"),
        pytest.param(
            Fault(on="POST /api/v4/projects$", reset=True, late=True),
            1,
            id="reset after the project was made",
        ),
        pytest.param(Fault(on=PUSH, reset=True, late=True), 2, id="reset after push"),
        pytest.param(Fault(on=REFS, times=2, status=404, body=b""), 1, id="not ready"),
    ],
)
def test_19_fault_of_gitlab_ends_in_one_commit(
    stage: WorkerStage,
    around: Neighbours,
    fault: Fault,
    attempts: int,
) -> None:
    """What may pass is tried again: one project, one commit, one final status."""
    around.gitlab.plan(fault)
    stage.started(**around.settings)

    _publish(stage, "orders")

    stage.wait_for(lambda: around.control_plane.final("run-orders") == "succeeded")
    stage.wait_for(stage.is_drained)
    told = around.control_plane.statuses("run-orders")
    assert [len(project.commits) for project in around.gitlab.projects] == [1]
    assert told[-1]["attempt"] == attempts
    assert [status["status"] for status in told].count("succeeded") == 1


def test_19_what_gitlab_refuses_is_failed_once(
    stage: WorkerStage,
    around: Neighbours,
) -> None:
    """A refused push, and an expired token, end the run with GitLab's reason."""
    token = around.gitlab.add_token(TOKEN, access=Access.DEVELOPER)
    stage.started(**around.settings)

    _publish(stage, "orders")
    stage.wait_for(lambda: around.control_plane.final("run-orders") == "failed")
    token.state = "expired"
    _publish(stage, "prices")
    stage.wait_for(lambda: around.control_plane.final("run-prices") == "failed")

    stage.wait_for(stage.is_drained)
    refused = around.control_plane.statuses("run-orders")[-1]
    expired = around.control_plane.statuses("run-prices")[-1]
    assert "not allowed to push code" in json.dumps(refused["error"])
    assert "expired" in json.dumps(expired["error"])
    assert (refused["attempt"], expired["attempt"]) == (1, 1)


def test_secrets_are_told_nowhere(
    stage: WorkerStage,
    around: Neighbours,
) -> None:
    """No token, key, password or secret value in log, report, metric, file or argv."""
    worker = stage.started(**around.settings)
    template = stage.root / "catalog/blueprints/tiny/template/README.md.j2"
    template.write_text("{{ Values.token }}\n", encoding="utf-8")
    job = stage.job("leaky", git_config={"provider": "gitlab"})
    blueprint = job["blueprint"]
    assert isinstance(blueprint, dict)
    job["blueprint"] = {**blueprint, "values": {"token": SECRET}}
    around.gitlab.plan(Fault(on=REFS, times=99, status=403, body=TOKEN.encode()))

    stage.publish(json.dumps(job).encode())
    _publish(stage, "orders")
    stage.wait_for(lambda: around.control_plane.final("run-leaky") == "failed")
    stage.wait_for(lambda: around.control_plane.final("run-orders") is not None)

    told = [str(received) for received in around.control_plane.received]
    bodies = "".join(told).replace(f"Bearer {API_KEY}", "")
    argv = [
        Path(f"/proc/{pid}/cmdline").read_bytes().decode() for pid in stage.processes()
    ]
    files = [path for path in stage.root.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    everything = bodies + worker.log + "".join(argv) + written.decode("latin-1")
    assert "secret" in json.dumps(around.control_plane.statuses("run-leaky")[-1])
    for secret in (TOKEN, API_KEY, SECRET):
        assert secret not in everything
