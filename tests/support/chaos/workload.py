"""The jobs of a chaos run: sound ones, doomed ones, and messages that are no jobs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from provisionhub.jsontypes import JsonObject
from support.worker_stage import WorkerStage


class Fate(StrEnum):
    """What must become of a run, whatever happens to it on the way."""

    SUCCEEDS = "succeeds"
    MAY_BE_CANCELLED = "may be cancelled"
    IS_REFUSED = "is refused"
    IS_GIVEN_UP = "is given up"


_SHARES = {
    "orders": (82, Fate.SUCCEEDS),
    "plain": (6, Fate.SUCCEEDS),
    "unwanted": (3, Fate.MAY_BE_CANCELLED),
    "taken": (3, Fate.IS_REFUSED),
    "busy": (3, Fate.IS_GIVEN_UP),
    "segv": (3, Fate.IS_GIVEN_UP),
}
"""By the first word of the repository's name: how many in a hundred, and their fate."""

_STAGED = frozenset({"plain", "busy", "segv"})
_TWICE = 0.03
_NO_JOB = 0.01


@dataclass
class Workload:
    """A number of jobs, drawn at random.

    Attributes:
        fates: What must become of each run.
        names: The repository of each run.
        messages: How many were published.
        no_jobs: How many of them were no jobs.
    """

    stage: WorkerStage
    chance: random.Random
    jobs: int
    fates: dict[str, Fate] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    messages: int = 0
    no_jobs: int = 0

    def publish(self) -> None:
        """Publish all of them, over the main queue and the types' own."""
        queues: dict[str, list[bytes]] = {}
        for queue, body in self._messages():
            queues.setdefault(queue, []).append(body)
        for queue, bodies in queues.items():
            self.stage.publish(*bodies, queue=queue)
            self.messages += len(bodies)

    def runs(self, *fates: Fate) -> list[str]:
        """Return the runs of these fates."""
        return [run for run, fate in self.fates.items() if fate in fates]

    def is_staged(self, run: str) -> bool:
        """Tell whether the run's repository is on disk, not in GitLab."""
        return self.names[run].partition("-")[0] in _STAGED

    def _messages(self) -> Iterator[tuple[str, bytes]]:
        chance, main = self.chance, self.stage.queue
        words = list(_SHARES)
        weights = [share for share, _ in _SHARES.values()]
        for number in range(self.jobs):
            (word,) = chance.choices(words, weights)
            kind = chance.choice(["component", "system"])
            body = json.dumps(self._job(word, number, kind)).encode()
            for _ in range(2 if chance.random() < _TWICE else 1):
                yield chance.choice([main, main, f"{main}.{kind}"]), body
            if chance.random() < _NO_JOB:
                self.no_jobs += 1
                yield main, b'{"run_id": 7, "number": %d}' % number

    def _job(self, word: str, number: int, kind: str) -> JsonObject:
        name = f"{word}-{number}"
        run = f"run-{name}"
        self.fates[run], self.names[run] = _SHARES[word][1], name
        provider = "staged" if word in _STAGED else "gitlab"
        return self.stage.job(name, type=kind, git_config={"provider": provider})
