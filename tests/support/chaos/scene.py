"""What a chaos run stands on: a broker, a GitLab, a control plane and workers."""

from __future__ import annotations

import itertools
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from provisionhub.job import JobType
from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.testing.gitlab import GitLabDouble
from provisionhub.worker import Broker, RetryPolicy
from provisionhub.worker.topology import Topology, declare
from support.chaos.workload import Fate, Workload
from support.rabbitmq import RabbitNode
from support.worker_stage import WorkerProcess, WorkerStage

TOKEN: Final = "glpat-0123456789abcdef"
ATTEMPTS: Final = 8
HEARTBEAT: Final = 2
"""In seconds, so that a frozen worker is noticed soon."""

SWEEP: Final = "sweep-1"
"""The repository of the last job, which is no part of the workload."""


@dataclass
class Scene:
    """Everything around the workers, and the workers themselves.

    Attributes:
        exits: The exit codes of workers that were told to end, or broke.
        slots: How many jobs each worker does at a time.
    """

    stage: WorkerStage
    gitlab: GitLabDouble
    control_plane: ControlPlaneDouble
    slots: int
    workers: list[WorkerProcess] = field(default_factory=list)
    exits: Counter[int] = field(default_factory=Counter)

    @classmethod
    @contextmanager
    def set(cls, rabbit: RabbitNode, root: Path, *, slots: int) -> Iterator[Self]:
        """Be set up in *root*; everything that was started ends with it."""
        folder = root / "gitlab"
        folder.mkdir()
        with (
            WorkerStage(rabbit, root).cleaned() as stage,
            GitLabDouble(folder) as gitlab,
            ControlPlaneDouble() as control_plane,
        ):
            stage.url += f"?heartbeat={HEARTBEAT}"
            gitlab.add_token(TOKEN)
            yield cls(stage, gitlab, control_plane, slots)

    def make_queues(self) -> None:
        """Have a first worker make the queues, and make those that retries need.

        A broker that is killed as a queue is made spoils it: see ``RabbitNode.kill``.
        """
        self.stage.started().end()
        topology = Topology(self.stage.queue)
        sources = [topology.main, *(topology.jobs_of(kind).name for kind in JobType)]
        broker = Broker(self.stage.rabbit.url, "chaos")
        connection = broker.connect("setup")
        policy = RetryPolicy(first=0.2, most=ATTEMPTS)
        waits = itertools.product(sources, policy.delays)
        declare(connection, [topology.retry(source, wait) for source, wait in waits])
        connection.close()

    def take(self, workload: Workload) -> None:
        """Give the repositories of runs that are to be refused to somebody else."""
        group = self.gitlab.add_group("team")
        for run in workload.runs(Fate.IS_REFUSED):
            self.gitlab.add_project(group, workload.names[run])

    def start(self) -> WorkerProcess:
        """Start a worker; return once it consumes, or the broker is away."""
        worker = self.stage.start(
            WORKER_CONCURRENCY=str(self.slots),
            MAX_ATTEMPTS=str(ATTEMPTS),
            MAX_JOB_DURATION="60s",
            GITLAB_URL=self.gitlab.url,
            GITLAB_TOKEN=TOKEN,
            CONTROL_PLANE_URL=self.control_plane.url,
            CONTROL_PLANE_API_KEY=self.control_plane.api_key,
        )
        self.workers.append(worker)
        return worker

    def replace(self, worker: WorkerProcess, *, killed: bool) -> None:
        """End *worker*, and start another, as an orchestrator does."""
        self.workers.remove(worker)
        if killed:
            worker.kill()
        else:
            worker.signal(signal.SIGTERM)
            self._note_end(worker)
        self.start()

    def replace_broken(self) -> None:
        """Start another worker for each that has ended by itself."""
        for worker in list(self.workers):
            if (code := worker.process.poll()) is not None:
                self.workers.remove(worker)
                self.exits[code] += 1
                self.start()

    def end(self) -> None:
        """Tell every worker to end."""
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        for worker in self.workers:
            self._note_end(worker)

    def family(self, worker: WorkerProcess) -> tuple[list[int], list[int], list[int]]:
        """Return the worker's nursery, its job processes, and what is below them."""
        nursery = _children(worker.process.pid)
        jobs = [child for pid in nursery for child in _children(pid)]
        below = [child for pid in jobs for child in _children(pid)]
        return nursery, jobs, below

    def calm_down(self, *, seconds: float) -> bool:
        """Break nothing more, and wait until the queues are empty; tell whether so.

        Some more jobs then sweep away what killed job processes have left.
        """
        self.gitlab.clear_faults()
        self.control_plane.clear_faults()
        return self._wait_until_drained(seconds) and self._sweep()

    def _note_end(self, worker: WorkerProcess) -> None:
        """Wait for the end of a worker that was told to; note how it went."""
        code = worker.wait(seconds=90)
        has_begun = "Worker started" in worker.log
        # Before that the signal ends it as it would any program: it holds nothing yet.
        if has_begun or code != -signal.SIGTERM:
            self.exits[code] += 1

    def _sweep(self) -> bool:
        self.stage.submit(SWEEP)
        return self._wait_until_drained(60)

    def _wait_until_drained(self, seconds: float) -> bool:
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            self.replace_broken()
            if self.is_drained():
                return True
            time.sleep(0.2)
        return False

    def is_drained(self) -> bool:
        """Tell whether no message is left but dead ones, as far as can be told."""
        try:
            return self.stage.is_drained()
        except subprocess.SubprocessError:
            return False


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:  # it has just ended
            continue
    return found
