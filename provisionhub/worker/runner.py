"""Runs jobs in a job process of its own, and outlives whatever a job does to it."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import Final, cast

import structlog

from provisionhub.errors import JobTimeoutError, WorkerCrashedError
from provisionhub.gate import KnownVerdicts
from provisionhub.job import Job
from provisionhub.jsontypes import JsonObject
from provisionhub.status import Failed, Outcome, Step
from provisionhub.status.control_plane import RunReporter
from provisionhub.telemetry import trace_headers
from provisionhub.telemetry.metrics import Metrics
from provisionhub.worker.channel import ChannelClosedError
from provisionhub.worker.gating import JobClaims
from provisionhub.worker.job_process import Assignment
from provisionhub.worker.nursery import Child, Nursery, describe_end
from provisionhub.worker.outcomes import outcome_from_json

_GRACE: Final = 10.0


class Runner:
    """Drives one long-lived job process; a new one takes its place when it dies.

    Args:
        nursery: Starts job processes.
        longest: How long one attempt may take, in seconds.
        metrics: Counts steps, crashes and verdicts.
        verdicts: What the worker's job processes know of blueprints' snapshots.
    """

    def __init__(
        self,
        nursery: Nursery,
        *,
        longest: float,
        metrics: Metrics,
        verdicts: KnownVerdicts,
    ) -> None:
        self._nursery = nursery
        self._longest = longest
        self._metrics = metrics
        self._verdicts = verdicts
        self._child: Child | None = None
        self._tidying: Child | None = None
        self._is_abandoned = False
        self._log = structlog.stdlib.get_logger("provisionhub")

    def warm_up(self) -> None:
        """Have a job process ready."""
        self._child = self._nursery.start()

    def run(self, job: Job, reporter: RunReporter) -> Outcome | None:
        """Run *job*, and tell *reporter* as it goes.

        Returns:
            How it ended; None if it was abandoned.

        Raises:
            NurseryClosedError: If no job process can be started any more.
        """
        reporting = _Reporting(job, reporter, self._metrics)
        began = time.monotonic()
        outcome = self._attempt(job, reporting)
        if self._is_abandoned:
            return None
        reporting.end()
        reporter.finished(job, outcome, time.monotonic() - began)
        return outcome

    def abandon(self) -> None:
        """End the job that is going on, if one is, and start no other."""
        self._is_abandoned = True
        self._verdicts.abandon()
        if self._child is not None:
            _signal(self._child, signal.SIGTERM)

    def close(self) -> None:
        """End the job process and its whole group, once it has tidied up."""
        self._wait_until_free()
        if self._child is not None:
            self._nursery.bury(self._child)
            self._child = None

    def _wait_until_free(self) -> None:
        """Let the last job's process tidy up; end one that can't."""
        child, self._tidying = self._tidying, None
        if child is None:
            return
        try:
            child.channel.receive(seconds=_GRACE)
        except (ChannelClosedError, TimeoutError):
            self._metrics.job_process_crashed()  # at no job's cost: that had ended
            self._bury(child)

    def _attempt(self, job: Job, reporting: _Reporting) -> Outcome:
        self._wait_until_free()
        child = self._child or self._nursery.start()
        self._child = child
        claims = JobClaims(self._verdicts, self._metrics)
        try:
            return self._converse(child, job, reporting, claims)
        except TimeoutError:
            self._end_gently(child)
            error = JobTimeoutError(f"the job took longer than {self._longest:g}s")
            return Failed(error, reporting.step)
        except ChannelClosedError:
            self._metrics.job_process_crashed()
            ended = describe_end(self._bury(child))
            if not self._is_abandoned:
                self._log.error("A job process died", pid=child.pid, **ended)
            how = " ".join(f"{name} {value}" for name, value in ended.items())
            return Failed(
                WorkerCrashedError(f"the job's process died: {how}"), reporting.step
            )
        finally:
            claims.release()

    def _converse(
        self, child: Child, job: Job, reporting: _Reporting, claims: JobClaims
    ) -> Outcome:
        assignment = Assignment(job, trace_headers())
        child.channel.send(assignment.to_json())
        deadline = time.monotonic() + self._longest
        while True:
            left = deadline - time.monotonic()
            if left < -_GRACE:
                raise TimeoutError  # it goes on and on telling
            frame = child.channel.receive(seconds=left)
            match frame["event"]:
                case "ended":
                    self._tidying = child
                    return outcome_from_json(cast("JsonObject", frame["outcome"]))
                case "asks":
                    child.channel.send({"cancelled": reporting.is_cancelled()})
                case "claims":
                    child.channel.send(claims.answer(frame, seconds=left))
                case "settles":
                    claims.settle(frame)
                case _:
                    reporting.tell(frame)

    def _end_gently(self, child: Child) -> None:
        """Let the job remove its workspace, if it still can; then end its group."""
        _signal(child, signal.SIGTERM)
        give_up = time.monotonic() + _GRACE
        try:
            while (left := give_up - time.monotonic()) > 0:
                child.channel.receive(seconds=left)
        except (ChannelClosedError, TimeoutError):
            pass
        self._bury(child)

    def _bury(self, child: Child) -> int | None:
        self._child = None
        return self._nursery.bury(child)


class _Reporting:
    """Tells a run's reporter what its job process sends."""

    def __init__(self, job: Job, reporter: RunReporter, metrics: Metrics) -> None:
        self.step: Step | None = None
        self._job = job
        self._reporter = reporter
        self._metrics = metrics
        self._entered_at = 0.0

    def tell(self, frame: JsonObject) -> None:
        """Pass on what *frame* says."""
        event = frame["event"]
        if event == "started":
            self._reporter.started(self._job)
            return
        step = Step(cast("str", frame["step"]))
        if event == "entered":
            self.end()
            self.step, self._entered_at = step, time.monotonic()
            self._reporter.entered(self._job, step)
            return
        tell = self._reporter.said if event == "said" else self._reporter.warned
        tell(self._job, step, cast("str", frame["message"]))

    def end(self) -> None:
        """Measure the step that is over."""
        if self.step is not None:
            self._metrics.step_done(self.step, time.monotonic() - self._entered_at)

    def is_cancelled(self) -> bool:
        """Tell whether the run was cancelled."""
        return self._reporter.is_cancelled(self._job)


def _signal(child: Child, number: signal.Signals) -> None:
    # Its number can't be another process's yet: the nursery has not buried it.
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
