"""``provisionhub provision``: one job, here and now."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from provisionhub.app import App
from provisionhub.cli.console import FAILED, misuse, print_json, stderr
from provisionhub.cli.progress import ConsoleReporter
from provisionhub.documents import LONGEST
from provisionhub.job import Job, read_job
from provisionhub.status import Cancelled


def provision(app: App, file: Path, *, provider: str | None, as_json: bool) -> None:
    """Do the job in *file* and print the repository's clone URL, or all as JSON.

    Raises:
        ProvisionError: If it fails; nothing is left behind.
    """
    job = read_job(read_input(file, longest=LONGEST + 1), received_at=now())
    if provider is not None:
        job = _with_provider(job, provider)
    provisioned = app.pipeline(ConsoleReporter(stderr())).run(job)
    if isinstance(provisioned, Cancelled):
        raise typer.Exit(FAILED)
    if as_json:
        print_json(
            {
                "status": "succeeded",
                "run_id": job.run_id,
                "repository": provisioned.repository.to_json(),
                "commit": provisioned.commit,
            }
        )
    else:
        sys.stdout.write(provisioned.repository.clone_url + "\n")


def read_input(file: Path, *, longest: int) -> bytes:
    """Return at most *longest* bytes of *file*; ``-`` is standard input."""
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(longest)
        with file.open("rb") as opened:
            return opened.read(longest)
    except OSError as error:
        misuse(f"can't read `{file}`: {error.strerror}")


def _with_provider(job: Job, provider: str) -> Job:
    return replace(job, git=replace(job.git, provider=provider))


def now() -> datetime:
    """Return the time, UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
