"""A job process: runs the pipeline, one job after the other, and tells its slot.

It lives as long as its channel. When that closes, whatever it is doing, it ends
with its whole group: nobody would hear of the outcome.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn, Protocol, cast

from provisionhub.errors import ProvisionError
from provisionhub.gate import Verdicts
from provisionhub.job import Job
from provisionhub.jsontypes import JsonObject
from provisionhub.pipeline import Pipeline
from provisionhub.status import Failed, Outcome, Provisioned, Reporter, Step
from provisionhub.telemetry import received_span
from provisionhub.worker.channel import Channel, ChannelClosedError
from provisionhub.worker.gating import AskedVerdicts
from provisionhub.worker.outcomes import outcome_to_json


class PipelineFactory(Protocol):
    """Makes the pipeline of one run."""

    def __call__(
        self,
        reporter: Reporter,
        *,
        is_cancelled: Callable[[Job], bool],
        verdicts: Verdicts,
    ) -> Pipeline:
        """Return a pipeline that tells *reporter*, and asks the others."""
        ...


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a job process is told to do.

    Attributes:
        job: What to do; its message was read, and held to its schema, by the slot.
        headers: W3C Trace Context of the worker's span.
    """

    job: Job
    headers: dict[str, str]

    def to_json(self) -> JsonObject:
        """Return it as a frame."""
        return {"job": self.job.to_json(), "headers": dict(self.headers)}

    @classmethod
    def from_json(cls, frame: JsonObject) -> Assignment:
        """Return what a frame says."""
        return cls(
            job=Job.from_json(cast("JsonObject", frame["job"])),
            headers=cast("dict[str, str]", frame["headers"]),
        )


def serve_jobs(channel: Channel, pipeline_for: PipelineFactory) -> None:
    """Do what comes through *channel*, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    frames: queue.SimpleQueue[JsonObject] = queue.SimpleQueue()
    threading.Thread(
        target=_listen, args=(channel, frames), name="channel", daemon=True
    ).start()
    verdicts = AskedVerdicts(channel, frames)
    try:
        while True:
            assignment = Assignment.from_json(frames.get())
            told = _Told(channel, frames)
            told.ended(_run(assignment, told, verdicts, pipeline_for))
            channel.send({"event": "free"})
    except ChannelClosedError:
        return


def _run(
    assignment: Assignment,
    told: _Told,
    verdicts: Verdicts,
    pipeline_for: PipelineFactory,
) -> Outcome:
    job = assignment.job
    try:
        with received_span("job", assignment.headers, {"run_id": job.run_id}):
            pipeline = pipeline_for(
                told, is_cancelled=told.is_cancelled, verdicts=verdicts
            )
            return pipeline.run(job)
    except ProvisionError as error:
        if error.code == ProvisionError.code:
            # A bug: its place is what mends it. Its own words may hold a secret.
            bug = error.__cause__ or error
            traceback.print_tb(bug.__traceback__, file=sys.stderr)
            sys.stderr.write(f"{type(bug).__name__}\n")
        return Failed(error, told.step)


def _listen(channel: Channel, frames: queue.SimpleQueue[JsonObject]) -> None:
    """Pass frames on; once the worker is gone, end this process and its group."""
    try:
        while True:
            frames.put(channel.receive())
    except ChannelClosedError:
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _leave(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - a handler
    """Leave through every context on the way, so that nothing stays behind."""
    raise SystemExit(128 + number)


class _Told:
    """The run's reporter here: sends what it is told to the slot.

    Attributes:
        step: Where the run is.
    """

    def __init__(
        self, channel: Channel, answers: queue.SimpleQueue[JsonObject]
    ) -> None:
        self.step: Step | None = None
        self._channel = channel
        self._answers = answers
        self._has_ended = False

    def started(self, job: Job) -> None:  # noqa: ARG002 - the slot knows the job
        self._channel.send({"event": "started"})

    def entered(self, job: Job, step: Step) -> None:  # noqa: ARG002
        self.step = step
        self._channel.send({"event": "entered", "step": str(step)})

    def said(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002
        self._channel.send({"event": "said", "step": str(step), "message": message})

    def warned(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002
        self._channel.send({"event": "warned", "step": str(step), "message": message})

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:  # noqa: ARG002
        """Tell of a success at once: nobody need wait until the workspace is removed.

        What failed comes from whoever caught the error.
        """
        if isinstance(outcome, Provisioned):
            self.ended(outcome)

    def ended(self, outcome: Outcome) -> None:
        """Tell how the run ended, unless that is told."""
        if not self._has_ended:
            self._has_ended = True
            self._channel.send({"event": "ended", "outcome": outcome_to_json(outcome)})

    def is_cancelled(self, job: Job) -> bool:  # noqa: ARG002
        self._channel.send({"event": "asks"})
        return bool(self._answers.get()["cancelled"])
