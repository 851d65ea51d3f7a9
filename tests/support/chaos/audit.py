"""What is counted once all is calm: every number that must be 0 if nothing is lost."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from support.chaos.scene import SWEEP, Scene
from support.chaos.workload import Fate, Workload
from support.worker_stage import WorkerProcess

_FINAL: Final = frozenset({"succeeded", "failed", "cancelled"})
_EXPECTED: Final[Mapping[Fate, frozenset[str]]] = {
    Fate.SUCCEEDS: frozenset({"succeeded"}),
    Fate.MAY_BE_CANCELLED: frozenset({"succeeded", "cancelled"}),
    Fate.IS_REFUSED: frozenset({"failed"}),
    Fate.IS_GIVEN_UP: frozenset({"failed"}),
}
_SLACK: Final = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    Attributes:
        name: What was counted.
        count: How many.
        examples: Some of what should not be there; None if any number is right.
    """

    name: str
    count: int
    examples: tuple[str, ...] | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether there should be none."""
        return self.examples is not None and self.count > 0

    def __str__(self) -> str:
        if self.examples is None:
            return f"{self.name:44}{self.count:7}"
        verdict = f"WRONG: {', '.join(self.examples)}" if self.is_wrong else "ok"
        return f"{self.name:44}{self.count:7}  {verdict}"


class Audit:
    """Counts what a chaos run has left, while its workers still run, idle.

    Args:
        scene: Where it was.
        workload: What was asked for.
        broken: How many workers had to end by themselves, their nursery killed.
    """

    def __init__(self, scene: Scene, workload: Workload, *, broken: int) -> None:
        self._scene = scene
        self._workload = workload
        self._broken = broken

    def rows(self) -> list[Row]:
        """Return the table; ends the workers."""
        dead = self._scene.stage.dead_reasons()
        rows = [
            *self._figures(dead),
            *self._of_repositories(),
            *self._of_statuses(),
            *self._of_dead_letters(dead),
            *self._of_leaks(),
        ]
        self._scene.end()
        return [*rows, *self._of_ends()]

    def _figures(self, dead: Mapping[str, str]) -> Iterator[Row]:
        yield Row("jobs", len(self._workload.fates))
        yield Row("messages", self._workload.messages)
        done = [run for run, (status, *_) in self._finals.items() if status]
        yield Row("runs with a final status", len(done))
        yield Row("repositories", len(self._commits))
        yield Row("dead letters", len(dead))
        yield Row("reports repeated", self._scene.control_plane.repeats)

    @cached_property
    def _commits(self) -> dict[str, int]:
        """The commits of every repository, on disk and in GitLab, by its name."""
        projects = self._scene.gitlab.projects
        found = [(project.path, len(project.commits)) for project in projects]
        names = Counter(name for name, _ in found)
        doubled = {name: -count for name, count in names.items() if count > 1}
        return self._scene.stage.commits() | dict(found) | doubled

    @cached_property
    def _finals(self) -> dict[str, set[str]]:
        """The final statuses of each run, each with its key, as they were sent."""
        finals: defaultdict[str, set[str]] = defaultdict(set)
        for received in self._scene.control_plane.received:
            if received.method != "PATCH":
                continue
            status = json.loads(received.data)["status"]
            if status in _FINAL:
                key = received.headers.get("idempotency-key")
                finals[received.path.rpartition("/")[2]].add(f"{status} {key}")
        return finals

    def _of_repositories(self) -> Iterator[Row]:
        workload, commits = self._workload, self._commits
        sound = workload.runs(Fate.SUCCEEDS)
        names = {run: workload.names[run] for run in workload.fates}
        yield _wrong("jobs lost", (r for r in sound if commits.get(names[r], 0) < 1))
        yield _wrong(
            "repositories of more than one commit",
            (name for name, count in commits.items() if count > 1),
        )
        yield _wrong(
            "second repositories", (name for name, n in commits.items() if n < 0)
        )
        known = {*names.values(), SWEEP}
        yield _wrong("repositories nobody asked for", commits.keys() - known)
        yield _wrong(
            "somebody else's projects written to",
            (
                names[run]
                for run in workload.runs(Fate.IS_REFUSED)
                if commits[names[run]] != 0
            ),
        )

    def _of_statuses(self) -> Iterator[Row]:
        fates, double = self._workload.fates, self._scene.control_plane
        yield _wrong(
            "runs without their final status",
            (
                f"{run}: {double.final(run)}"
                for run, fate in fates.items()
                if double.final(run) not in _EXPECTED[fate]
            ),
        )
        yield _wrong(
            "runs of more than one final status",
            (f"{run}: {sorted(n)}" for run, n in self._finals.items() if len(n) > 1),
        )
        yield _wrong("breaches of the control plane's contract", double.complaints)

    def _of_dead_letters(self, dead: Mapping[str, str]) -> Iterator[Row]:
        given_up = set(self._workload.runs(Fate.IS_GIVEN_UP))
        others = {run for run in dead if run.startswith("run-")} - given_up
        yield _wrong("given up, and no dead letter", given_up - dead.keys())
        yield _wrong(
            "dead letters of sound jobs", (f"{run}: {dead[run]}" for run in others)
        )
        no_jobs = sum(not run.startswith("run-") for run in dead)
        missing = self._workload.no_jobs - no_jobs
        yield _wrong("messages lost that were no jobs", range(missing))

    def _of_leaks(self) -> Iterator[Row]:
        stage = self._scene.stage
        left = {n: c for n, c in stage.queues().items() if not n.endswith(".dlq")}
        yield _wrong(
            "messages left in queues", (f"{n}: {c}" for n, c in left.items() if c)
        )
        workspaces = stage.root / "workspaces"
        yield _wrong("workspaces left", (path.name for path in workspaces.iterdir()))
        old, fresh = list(self._scene.workers), self._scene.start()
        stage.wait_for(lambda: fresh.health("/health/ready")[0] == 200)
        for what in ("fd", "task"):
            most = _entries(fresh, what) + _SLACK
            found = [f"{_entries(worker, what)} of {most}" for worker in old]
            leaking = [_entries(worker, what) > most for worker in old]
            name = {"fd": "descriptors", "task": "threads"}[what]
            yield _wrong(
                f"workers that leak {name}",
                (text for text, is_so in zip(found, leaking, strict=True) if is_so),
            )

    def _of_ends(self) -> Iterator[Row]:
        exits = self._scene.exits
        for code, count in sorted(exits.items()):
            yield Row(f"workers ended with {code}", count)
        wrong = {code for code in exits if code not in {0, 70, 75}}
        yield _wrong("exit codes out of order", wrong)
        yield _wrong("workers broken for no reason", range(exits[70] - self._broken))
        yield _wrong("processes left", self._scene.stage.processes())


def _wrong(name: str, found: Any) -> Row:  # noqa: ANN401 - whatever can be shown
    examples = [str(each) for each in found]
    return Row(name, len(examples), tuple(examples[:5]))


def _entries(worker: WorkerProcess, what: str) -> int:
    return len(list(Path(f"/proc/{worker.process.pid}/{what}").iterdir()))
