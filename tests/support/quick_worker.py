"""A worker whose jobs do nothing but note that they ran: for counting many of them.

    python -m support.quick_worker QUEUE SLOTS FOLDER

All of it is the product's, but what a job does. ``RABBITMQ_URL`` names the broker.
Each job adds a line, its run, to the file ``ran`` in the folder.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, cast

from provisionhub.gate import Verdicts
from provisionhub.job import Job
from provisionhub.pipeline import Pipeline
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Provisioned, Reporter
from provisionhub.status.control_plane import NoControlPlane
from provisionhub.worker import (
    Broker,
    Channel,
    Nursery,
    Plan,
    RetryPolicy,
    Worker,
    serve_jobs,
)

_SECONDS: Final = 0.03
_DONE: Final = Provisioned(Repository("1", "a/b", "w", "c", "main"), CommitId("0" * 40))


class Noting:
    """A pipeline that notes the run, and takes a moment."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def run(self, job: Job) -> Provisioned:
        """Return what a run returns."""
        with self._file.open("ab", buffering=0) as ran:
            ran.write(f"{job.run_id}\n".encode())
        time.sleep(_SECONDS)
        return _DONE


def pipeline_for(
    file: Path,
    reporter: Reporter,  # noqa: ARG001 - as the worker calls it
    *,
    is_cancelled: Callable[[Job], bool],  # noqa: ARG001
    verdicts: Verdicts,  # noqa: ARG001
) -> Pipeline:
    """Return a pipeline that notes its runs in *file*."""
    return cast("Pipeline", Noting(file))


def serve(file: Path, channel: Channel) -> None:
    """Be a job process."""
    serve_jobs(channel, partial(pipeline_for, file))


def main(queue: str, slots: str, folder: str) -> int:
    """Work until told to end; return the exit code."""
    nursery = Nursery(partial(serve, Path(folder) / "ran"), lambda: None)
    plan = Plan(
        queue=queue,
        worker_id=f"quick-{os.getpid()}",
        concurrency=int(slots),
        prefetch=1,
        mode="standard",
        types=frozenset(),
        batch=1,
        retries=RetryPolicy(first=1, most=4),
        longest=60,
        draining=20,
    )
    broker = Broker(os.environ["RABBITMQ_URL"], plan.worker_id)
    return Worker(plan, broker, nursery, NoControlPlane()).run()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
