"""Shows a job on its way through the queue, with the real commands and servers.

A private RabbitMQ node, a GitLab and a control plane of ``provisionhub.testing``, one
worker: a job is submitted, done, reported and cloned; the broker goes away and comes
back; the worker is told to end. What is printed is in docs/queue.md.

    make queue-demo
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.testing.gitlab import Fault, GitLabDouble
from support.rabbitmq import RabbitNode, free_port

ROOT: Final = Path(__file__).resolve().parents[1]
TOKEN: Final = "glpat-0123456789abcdef"  # noqa: S105 - the double's
FIRST: Final = "7c1d6f52-3a0e-4b7e-9d5a-2f8b6c4e1a90"
SECOND: Final = "0b6c8b8e-51e1-4f0c-a6f1-58a6a2a9e7d3"
PATIENCE: Final = 60.0


class Demo:
    """The servers, and how the commands are shown."""

    def __init__(self, folder: Path, ending: ExitStack) -> None:
        self.folder = folder
        (folder / "gitlab").mkdir()
        self.rabbit = RabbitNode(folder)
        self.rabbit.start()
        ending.callback(self.rabbit.close)
        self.gitlab = ending.enter_context(GitLabDouble(folder / "gitlab"))
        self.gitlab.add_group("my-team")
        self.gitlab.add_token(TOKEN)
        self.control_plane = ending.enter_context(ControlPlaneDouble())
        self._health = f"127.0.0.1:{free_port()}"
        self._environment = os.environ | {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "RABBITMQ_URL": self.rabbit.url,
            "GITLAB_URL": self.gitlab.url,
            "GITLAB_TOKEN": TOKEN,
            "GITLAB": self.gitlab.url.replace("://", f"://any:{TOKEN}@"),
            "CONTROL_PLANE_URL": self.control_plane.url,
            "CONTROL_PLANE_API_KEY": self.control_plane.api_key,
            "HEALTH_ADDRESS": self._health,
            "WORKSPACE_DIR": str(folder / "workspaces"),
            "BLUEPRINT_CATALOGS": str(ROOT),
            "WORKER_ID": "worker-1",
            "NO_COLOR": "1",
        }

    def run(self, command: str) -> None:
        """Show *command*, and what it prints."""
        done = subprocess.run(
            ["sh", "-c", command],  # noqa: S607 - as a reader types it
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        self.show(f"$ {command}\n{done.stdout}".rstrip())

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Show how a worker is started, and start it."""
        self.show("$ provisionhub worker 2>worker.log &")
        with (self.folder / "worker.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "provisionhub", "worker"],
                env=self._environment,
                cwd=self.folder,
                stderr=log,
            )

    def show(self, text: str) -> None:
        """Print *text*, with the names of addresses for what they happen to be."""
        for name in ("GITLAB_URL", "HEALTH_ADDRESS"):
            text = text.replace(self._environment[name], f"${name}")
        print(text, flush=True)

    def wait_for(self, what: str, happened: Callable[[], bool]) -> None:
        """Wait until *happened* says so."""
        give_up = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > give_up:
                log = (self.folder / "worker.log").read_text(encoding="utf-8")
                raise TimeoutError(f"{what}: not within {PATIENCE:g}s\n{log}")
            time.sleep(0.05)

    def show_health(self) -> None:
        """Show the three pages; of the figures, some."""
        for page in ("health", "health/ready"):
            self.run(f"curl -s -w '%{{http_code}}\\n' $HEALTH_ADDRESS/{page}")
        figures = "jobs_in_flight|jobs_processed_total.*succeeded.*component"
        self.run(f"curl -s $HEALTH_ADDRESS/metrics | grep -E '^({figures})'")

    def answers(self, path: str, expected: str) -> bool:
        """Tell whether the worker answers *expected* at *path*."""
        curl = ["curl", "-s", f"{self._health}{path}"]
        shown = subprocess.run(curl, capture_output=True, text=True, check=False)
        return expected in shown.stdout

    def write_job(self, file: str, run_id: str, name: str) -> None:
        """Write the example's job, of another run and name, for GitLab."""
        text = (ROOT / "examples" / "go-backend.json").read_text(encoding="utf-8")
        job = json.loads(text)
        job["run_id"], job["git_config"] = run_id, {"provider": "gitlab"}
        job["blueprint"]["name"] = name
        (self.folder / file).write_text(json.dumps(job, indent=2), encoding="utf-8")


def main() -> None:
    """Play it, and print the transcript."""
    with ExitStack() as ending, tempfile.TemporaryDirectory() as folder:
        demo = Demo(Path(folder), ending)
        demo.write_job("job.json", FIRST, "my-service")
        demo.write_job("another.json", SECOND, "another")
        worker = demo.start_worker()
        try:
            show_job(demo)
            show_outage(demo)
            show_end(demo, worker)
        finally:
            worker.kill()
            worker.wait()


def show_job(demo: Demo) -> None:
    """From ``submit`` to a clone."""
    demo.wait_for("ready", lambda: demo.answers("/health/ready", '"ok"'))
    demo.run("provisionhub submit job.json")
    demo.wait_for("done", lambda: demo.control_plane.final(FIRST) is not None)
    demo.show("\nWhat the control plane was told:\n")
    demo.show(f"PATCH /api/v1/runs/{FIRST}")
    for told in demo.control_plane.statuses(FIRST):
        names = ("status", "step", "attempt", "repository", "commit")
        demo.show(f"  {json.dumps({n: told[n] for n in names if told.get(n)})}")
    demo.show("")
    demo.run("git clone -q $GITLAB/my-team/my-service.git && ls my-service")
    demo.run("git -C my-service log --format='%h %s%n%b'")
    demo.show_health()


def show_outage(demo: Demo) -> None:
    """The broker away: alive, not ready; and back."""
    demo.show("\nThe broker goes away:\n")
    demo.rabbit.stop()
    demo.wait_for("degraded", lambda: demo.answers("/health", "degraded"))
    demo.show_health()
    demo.rabbit.start()
    demo.wait_for("ready", lambda: demo.answers("/health/ready", '"ok"'))


def show_end(demo: Demo, worker: subprocess.Popen[bytes]) -> None:
    """Told to end while a job is going on: it finishes that, and exits."""
    demo.show(
        "\nThe broker is back; the worker is told to end in the middle of a job:\n"
    )
    going_on = threading.Event()
    demo.gitlab.plan(Fault(on="POST /api/v4/projects$", hold=going_on))
    demo.run("provisionhub submit another.json")
    demo.wait_for("running", lambda: demo.answers("/health", '"jobs_in_flight": 1'))
    demo.show("$ kill %1")
    worker.send_signal(signal.SIGTERM)
    demo.wait_for("draining", lambda: demo.answers("/health/ready", "draining"))
    demo.show_health()
    going_on.set()
    code = worker.wait(timeout=PATIENCE)
    demo.show(f"$ wait %1; echo $?\n{code}")
    demo.show(f"\nThe job is done: {demo.control_plane.final(SECOND)}.")


if __name__ == "__main__":
    main()
