"""Several workers, many jobs, and everything that can break, breaking at random.

At the end it counts: every job has one repository with one commit, or is a dead
letter; nothing is left in a queue, no process lives on.

    make chaos [JOBS=500] [SECONDS=120]
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from support.rabbitmq import RabbitNode  # noqa: E402 - the path comes first
from support.worker_stage import WorkerProcess, WorkerStage  # noqa: E402

JOBS: Final = int(os.environ.get("JOBS", "500"))
SECONDS: Final = float(os.environ.get("SECONDS", "120"))
WORKERS: Final = 3
VERBS: Final = ("plain", "plain", "plain", "slow", "segv", "busy")
SETTINGS: Final = {"WORKER_CONCURRENCY": "3", "MAX_ATTEMPTS": "3"}


class Chaos:
    """What breaks, and how often it did."""

    def __init__(self, stage: WorkerStage) -> None:
        self.counts: dict[str, int] = {}
        self._stage = stage
        self._workers = [stage.start(**SETTINGS) for _ in range(WORKERS)]

    def strike(self) -> None:
        """Break one thing."""
        node = self._stage.rabbit
        faults: dict[str, Callable[[], object]] = {
            "worker killed": lambda: self._replace(WorkerProcess.kill),
            "worker told to end": lambda: self._replace(WorkerProcess.end),
            "worker frozen": self._freeze,
            "connections closed": node.close_connections,
            "broker restarted": lambda: (node.stop(), node.start()),
            "broker killed": lambda: (node.kill(), node.start()),
        }
        weights = (6, 3, 3, 3, 1, 1)
        (name,) = random.choices(list(faults), weights)  # noqa: S311 - no secret
        faults[name]()
        self.counts[name] = self.counts.get(name, 0) + 1

    def _replace(self, end: Callable[[WorkerProcess], object]) -> None:
        end(self._workers.pop(0))
        self._workers.append(self._stage.start(**SETTINGS))

    def _freeze(self) -> None:
        self._workers[0].signal(signal.SIGSTOP)
        time.sleep(2)
        self._workers[0].signal(signal.SIGCONT)

    def stop(self) -> None:
        """Tell every worker to end."""
        for worker in self._workers:
            worker.end()


def main() -> int:
    """Break things for a while, wait for calm, count; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        node = RabbitNode(Path(folder))
        node.start()
        root = Path(folder) / "stage"
        root.mkdir()
        try:
            with WorkerStage(node, root).cleaned() as stage:
                return run(stage)
        finally:
            node.close()


def run(stage: WorkerStage) -> int:
    """Be chaotic on *stage*; print the table, and return 1 if a count is wrong."""
    stage.started().end()  # makes the queues
    names = [f"{VERBS[each % len(VERBS)]}-{each}" for each in range(JOBS)]
    stage.submit(*names)
    chaos = Chaos(stage)
    give_up = time.monotonic() + SECONDS
    while time.monotonic() < give_up:
        time.sleep(random.uniform(0.5, 3))  # noqa: S311
        chaos.strike()
    stage.wait_for(stage.is_drained, seconds=600)
    chaos.stop()
    commits = stage.commits()
    dead = stage.dead_reasons()
    sound = {name for name in names if name.split("-")[0] in {"plain", "slow"}}
    done = {name for name, count in commits.items() if count == 1}
    lost = [name for name in names if name not in done and f"run-{name}" not in dead]
    wrong = {
        "lost": len(lost),
        "more than one commit": sum(count > 1 for count in commits.values()),
        "sound, yet dead-lettered": sum(f"run-{name}" in dead for name in sound),
        "processes left": len(stage.processes()),
    }
    for name, count in {**chaos.counts, "jobs": JOBS, "done": len(done)}.items():
        print(f"{name:26}{count:6}")
    print(f"{'dead letters':26}{len(dead):6}")
    for name, count in wrong.items():
        print(f"{name:26}{count:6}  {'ok' if count == 0 else 'WRONG'}")
    return 1 if any(wrong.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
