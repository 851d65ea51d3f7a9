"""The worker's figures, in Prometheus' form.

No name that a user chose is ever a label: their number would have no bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from provisionhub.job import JobType

JOB_SECONDS: Final = (
    *(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    *(30.0, 60.0, 120.0, 300.0, 600.0, 900.0),
)
_STEP_SECONDS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 300.0)
_UNKNOWN: Final = "unknown"

GATE_RESULTS: Final = ("passed", "mismatched", "skipped")
"""What the snapshot gate comes to; its own enumeration is above this layer."""


class JobOutcome(StrEnum):
    """What became of a message."""

    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"
    FAILED = "failed"
    RETRIED = "retried"
    DEAD_LETTERED = "dead-lettered"


class Metrics:
    """Counts what the worker does; safe to share.

    Args:
        depths: Returns how many messages wait in each queue, as far as is known;
            nothing while the broker is away. Must not wait for anything.
    """

    def __init__(self, depths: Callable[[], Mapping[str, int]] = dict) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        reader = PrometheusMetricReader(
            disable_target_info=True, scope_info_enabled=False, registry=self._registry
        )
        self._provider = MeterProvider([reader], shutdown_on_exit=False)
        self._create(self._provider.get_meter("provisionhub"), depths)

    def _create(self, meter: Meter, depths: Callable[[], Mapping[str, int]]) -> None:
        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return [Observation(n, {"queue": queue}) for queue, n in depths().items()]

        def counter(name: str, what: str) -> Counter:
            return meter.create_counter(name, description=what)

        self._processed = counter(
            "jobs_processed", f"Messages settled, by outcome: {', '.join(JobOutcome)}"
        )
        self._failed = counter("jobs_failed", "Attempts that failed, by error code")
        self._retries = counter("job_retries", "Attempts that will be repeated")
        self._dead = counter("dead_letters", "Messages dead-lettered, by reason")
        self._reconnects = counter("broker_reconnects", "Connections made anew")
        self._stale = counter("stale_acks", "Acks dropped with their connection")
        self._crashes = counter("job_process_crashes", "Job processes that died")
        self._undelivered = counter(
            "final_statuses_undelivered", "Final statuses put off to a later attempt"
        )
        self._lost = counter("log_lines_lost", "Lines the control plane never got")
        self._gate = counter(
            "snapshot_gate", "Blueprints held to their snapshots, by result"
        )
        self._gate_seconds = meter.create_histogram(
            "snapshot_gate_duration",
            unit="s",
            description="What holding a blueprint to its snapshots takes",
            explicit_bucket_boundaries_advisory=_STEP_SECONDS,
        )
        self._in_flight = meter.create_up_down_counter(
            "jobs_in_flight", description="Jobs being done"
        )
        self._job_seconds = meter.create_histogram(
            "job_duration",
            unit="s",
            description="From the start of an attempt to its end",
            explicit_bucket_boundaries_advisory=JOB_SECONDS,
        )
        self._step_seconds = meter.create_histogram(
            "step_duration",
            unit="s",
            description="What each step of a run takes; `render` is the render time",
            explicit_bucket_boundaries_advisory=_STEP_SECONDS,
        )
        meter.create_observable_gauge(
            "queue_depth",
            [observe],
            description="Messages ready in a queue; absent while the broker is away",
        )
        self._start_from_nothing()

    def _start_from_nothing(self) -> None:
        """Show counters before the first event: a rate needs something to rise from."""
        for kind in JobType:
            self._retries.add(0, {"type": str(kind)})
            for outcome in JobOutcome:
                self._processed.add(0, {"type": str(kind), "outcome": str(outcome)})
        for counter in (
            self._reconnects,
            self._stale,
            self._crashes,
            self._undelivered,
            self._lost,
        ):
            counter.add(0)
        for result in GATE_RESULTS:
            self._gate.add(0, {"result": result})
        self._in_flight.add(0)

    def job_started(self) -> None:
        """Count a job as in flight."""
        self._in_flight.add(1)

    def job_ended(self, kind: JobType | None, seconds: float) -> None:
        """Count a job as no longer in flight, *seconds* after it started."""
        self._in_flight.add(-1)
        self._job_seconds.record(seconds, _type(kind))

    def job_processed(self, kind: JobType | None, outcome: JobOutcome) -> None:
        """Count a message as settled; *kind* is None where it can't be read."""
        self._processed.add(1, _type(kind) | {"outcome": str(outcome)})

    def job_failed(self, kind: JobType | None, code: str) -> None:
        """Count a failed attempt by its error's stable code."""
        self._failed.add(1, _type(kind) | {"code": code})

    def job_retried(self, kind: JobType | None) -> None:
        """Count an attempt that will be repeated."""
        self._retries.add(1, _type(kind))

    def dead_lettered(self, reason: str) -> None:
        """Count a dead letter by the worker's own, stable name of its reason."""
        self._dead.add(1, {"reason": reason})

    def step_done(self, step: str, seconds: float) -> None:
        """Record what one of the pipeline's steps took."""
        self._step_seconds.record(seconds, {"step": step})

    def snapshot_checked(self, result: str, seconds: float | None) -> None:
        """Count a verdict of the snapshot gate by its result, and what that took."""
        self._gate.add(1, {"result": result})
        if seconds is not None:
            self._gate_seconds.record(seconds)

    def broker_reconnected(self) -> None:
        """Count a connection that was made anew."""
        self._reconnects.add(1)

    def stale_ack_dropped(self) -> None:
        """Count an ack that outlived its connection."""
        self._stale.add(1)

    def job_process_crashed(self) -> None:
        """Count a job process that died."""
        self._crashes.add(1)

    def status_undelivered(self) -> None:
        """Count a final status that was put off."""
        self._undelivered.add(1)

    def lines_lost(self, number: int) -> None:
        """Count log lines that the control plane never got."""
        self._lost.add(number)

    def exposition(self) -> tuple[bytes, str]:
        """Return all of them as ``/metrics`` shows them, and the media type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def close(self) -> None:
        """Let go of what OpenTelemetry holds."""
        self._provider.shutdown()


def _type(kind: JobType | None) -> dict[str, str]:
    return {"type": _UNKNOWN if kind is None else str(kind)}
