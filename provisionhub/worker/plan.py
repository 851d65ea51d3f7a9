"""What a worker is to do, and how it may end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from provisionhub.job import JobType
from provisionhub.worker.broker import SetupError
from provisionhub.worker.policy import RetryPolicy
from provisionhub.worker.topology import Topology

_CONSUMER_TIMEOUT: Final = 1800.0
"""How long RabbitMQ, as it comes, waits for an ack, in seconds."""


class Exit(IntEnum):
    """How a worker ends, as its exit code."""

    DONE = 0
    DEAD_LETTERS = 1
    BROKEN = 70
    UNFINISHED = 75
    MISCONFIGURED = 78


@dataclass(frozen=True, slots=True)
class Plan:
    """What a worker is to do.

    Attributes:
        queue: Name of the queue of jobs.
        worker_id: Who it is.
        concurrency: Jobs done at a time.
        prefetch: Messages taken for each job that can run.
        mode: Which messages it takes, and when it ends.
        types: What a specialized worker takes.
        batch: Most messages that a batch settles.
        retries: How often a job is tried.
        longest: How long one attempt may take, in seconds.
        draining: How long running jobs may go on once it is told to end, in seconds.
    """

    queue: str
    worker_id: str
    concurrency: int
    prefetch: int
    mode: Literal["standard", "specialized", "batch"]
    types: frozenset[JobType]
    batch: int
    retries: RetryPolicy
    longest: float
    draining: float

    def check(self) -> None:
        """Refuse what can't go well.

        Raises:
            SetupError: Saying which settings don't fit.
        """
        if self.mode == "specialized" and not self.types:
            raise SetupError(
                "WORKER_MODE is `specialized`, and WORKER_JOB_TYPES names no type"
            )
        if self.prefetch * self.longest > _CONSUMER_TIMEOUT:
            raise SetupError(
                "RABBITMQ_PREFETCH_COUNT times MAX_JOB_DURATION is more than the "
                f"{_CONSUMER_TIMEOUT:g}s for which RabbitMQ waits for an ack"
            )

    def sources(self, topology: Topology) -> list[str]:
        """Return the queues that are consumed."""
        kinds = self.types if self.mode == "specialized" else frozenset(JobType)
        named = [topology.jobs_of(kind).name for kind in sorted(kinds)]
        return named if self.mode == "specialized" else [topology.main, *named]
