"""``provisionhub submit`` and ``dead-letters``: the queue from outside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from provisionhub.app import App
from provisionhub.cli.console import FAILED, complain, print_json, print_table, stderr
from provisionhub.cli.provisioning import now, read_input
from provisionhub.documents import LONGEST
from provisionhub.job import read_job
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.telemetry import sent_span, trace_headers

if TYPE_CHECKING:
    from provisionhub.worker.mailbox import DeadLetter, Mailbox


def submit(app: App, files: Sequence[Path], *, as_json: bool) -> None:
    """Publish the jobs in *files*, all or, if one is wrong, none.

    Raises:
        InvalidJobError: If one of them is no job.
        BrokerUnavailableError: If the broker does not take them; those named on
            standard output it has taken.
    """
    from provisionhub.worker.message import Sent  # noqa: PLC0415 - as in app.py

    bodies = [read_input(file, longest=LONGEST + 1) for file in files]
    jobs = [read_job(body, received_at=now()) for body in bodies]
    queue = app.settings.rabbitmq_queue
    submitted: list[JsonValue] = []
    with _mailbox(app) as mailbox:
        for job, body in zip(jobs, bodies, strict=True):
            with sent_span("submit job", {"run_id": job.run_id}):
                mailbox.publish(Sent(queue, body, {**trace_headers()}))
            submitted.append({"run_id": job.run_id, "queue": queue})
            if not as_json:
                print(job.run_id, flush=True)  # noqa: T201 - data, one by one
    if as_json:
        print_json(submitted)


def list_dead_letters(app: App, *, as_json: bool) -> None:
    """List every run that was given up, once each."""
    with _mailbox(app) as mailbox:
        letters = mailbox.dead_letters()
    if as_json:
        print_json([letter.to_json() for letter in letters])
        return
    print_table(
        ("RUN", "REASON", "ATTEMPTS", "FIRST RECEIVED", "ERROR"),
        [
            (
                letter.id,
                letter.reason,
                str(letter.to_json()["attempts"]),
                str(letter.to_json()["first_received_at"]),
                str(letter.to_json()["error"]),
            )
            for letter in letters
        ],
    )


def show_dead_letter(app: App, run: str, *, as_json: bool) -> int:
    """Show one run that was given up; return the exit code."""
    with _mailbox(app) as mailbox:
        found = _chosen(mailbox.dead_letters(), [run], every=False)
    for letter in found:
        shown = letter.to_json() | {"job": _without_values(letter.body)}
        if as_json:
            print_json(shown)
        else:
            _print_members(shown)
    return 0 if found else FAILED


def replay(
    app: App, runs: Sequence[str], *, every: bool, dry_run: bool, as_json: bool
) -> int:
    """Send runs back to their queues; return the exit code."""
    with _mailbox(app) as mailbox:
        chosen = _chosen(mailbox.dead_letters(), runs, every=every)
        if not dry_run:
            mailbox.replay(chosen)
    _tell("would replay" if dry_run else "replayed", chosen, as_json=as_json)
    return 0 if every or len(chosen) == len(set(runs)) else FAILED


def discard(app: App, runs: Sequence[str], *, dry_run: bool, as_json: bool) -> int:
    """Have the broker forget runs; return the exit code."""
    with _mailbox(app) as mailbox:
        chosen = _chosen(mailbox.dead_letters(), runs, every=False)
        if not dry_run:
            mailbox.discard(chosen)
    _tell("would discard" if dry_run else "discarded", chosen, as_json=as_json)
    return 0 if len(chosen) == len(set(runs)) else FAILED


def _mailbox(app: App) -> AbstractContextManager[Mailbox]:
    from provisionhub.worker.mailbox import Mailbox  # noqa: PLC0415 - as in app.py
    from provisionhub.worker.topology import Topology  # noqa: PLC0415

    topology = Topology(app.settings.rabbitmq_queue)
    return Mailbox.open(app.broker("provisionhub"), topology)


def _chosen(
    letters: Sequence[DeadLetter], runs: Sequence[str], *, every: bool
) -> list[DeadLetter]:
    """Return the letters that are wanted; complain of those that are not there."""
    for run in sorted(set(runs) - {letter.id for letter in letters}):
        complain(f"error: there is no dead letter of the run `{run}`")
    return [letter for letter in letters if every or letter.id in runs]


def _tell(did: str, letters: Sequence[DeadLetter], *, as_json: bool) -> None:
    if as_json:
        print_json([{"id": letter.id} for letter in letters])
        return
    for letter in letters:
        print(letter.id)  # noqa: T201 - data
    stderr().print(f"{did} {len(letters)}")


def _without_values(body: bytes) -> JsonValue:
    """Return a job with its values' names only: any of them may be a secret."""
    try:
        job = cast("JsonValue", json.loads(body))
    except (ValueError, RecursionError):
        return None
    blueprint = job.get("blueprint") if isinstance(job, dict) else None
    values = blueprint.get("values") if isinstance(blueprint, dict) else None
    if isinstance(blueprint, dict) and isinstance(values, dict):
        blueprint["values"] = dict.fromkeys(values, "***")
        return job
    return job if isinstance(job, dict) and not values else None


def _print_members(shown: JsonObject) -> None:
    for name, value in shown.items():
        text = value if isinstance(value, str) else json.dumps(value, indent=2)
        print(f"{name}: {text}")  # noqa: T201 - data
