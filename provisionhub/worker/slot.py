"""A slot: takes one delivery after the other, from the inbox to its settlement."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from provisionhub.documents import DocumentError, read_json
from provisionhub.errors import ProvisionError, UnroutableJobError
from provisionhub.job import Job, JobType, read_job
from provisionhub.repository import RunId
from provisionhub.status.control_plane import ControlPlane
from provisionhub.telemetry import received_span
from provisionhub.telemetry.metrics import Metrics
from provisionhub.telemetry.spans import Attributes
from provisionhub.worker.consumer import Consumer
from provisionhub.worker.flights import Flight, Flights, Joined, Settled
from provisionhub.worker.message import Delivery
from provisionhub.worker.reporting import AttemptReporter
from provisionhub.worker.runner import Runner
from provisionhub.worker.settler import Settler

_RUN_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")  # as the schema has it

Inbox = queue.SimpleQueue["Delivery | None"]
"""Deliveries that wait for a slot; None ends the slot that takes it."""


@dataclass(frozen=True)
class Desk:
    """What all slots share.

    Attributes:
        inbox: Deliveries that wait for a slot.
        put: Has a slot take a delivery, later.
        consumer: Acknowledges.
        flights: The runs that are being done.
        settler: Settles what has ended.
        control_plane: Is told of each attempt.
        metrics: Counts.
        types: The types of job that are taken; None takes all.
        settled: Called after each message that was settled, dropped ones not.
    """

    inbox: Inbox
    put: Callable[[Delivery], None]
    consumer: Consumer
    flights: Flights
    settler: Settler
    control_plane: ControlPlane
    metrics: Metrics
    types: frozenset[JobType] | None
    settled: Callable[[], None]


class Slot:
    """A thread that does one job at a time.

    Args:
        desk: What it shares with the others.
        runner: Its job process.
        number: Which slot, for its thread's name.

    Attributes:
        failure: What ended the thread, if anything did.
    """

    def __init__(self, desk: Desk, runner: Runner, number: int) -> None:
        self.failure: BaseException | None = None
        self._desk = desk
        self._runner = runner
        self._log = structlog.stdlib.get_logger("provisionhub")
        self._thread = threading.Thread(
            target=self._run, name=f"slot-{number}", daemon=True
        )

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to take deliveries."""
        self._thread.start()

    def join(self, seconds: float) -> None:
        """Wait for the thread to end, *seconds* at most."""
        self._thread.join(seconds)

    def abandon(self) -> None:
        """End the job that is going on; its message stays with the broker."""
        self._runner.abandon()

    def _run(self) -> None:
        try:
            self._runner.warm_up()
            while (delivery := self._desk.inbox.get()) is not None:
                self._take(delivery)
            self._runner.close()
        except BaseException as error:  # noqa: BLE001 - whoever watches the thread raises it
            self.failure = error

    def _take(self, delivery: Delivery) -> None:
        """Do what *delivery* asks for, unless the broker delivers it again anyway."""
        desk = self._desk
        if not desk.consumer.is_current(delivery):
            return
        run_id = find_run_id(delivery.body)
        if delivery.outcome is not None and run_id is not None:
            self._ack(delivery, desk.settler.report(delivery, run_id, delivery.outcome))
            return
        try:
            job = self._read(delivery)
        except ProvisionError as error:
            self._ack(delivery, desk.settler.refuse(delivery, run_id, error))
            return
        match desk.flights.admit(job.run_id, delivery):
            case Flight() as flight:
                self._fly(flight, job)
            case Settled():
                self._ack(delivery, is_settled=True)
            case Joined():
                self._log.info("The run is being done already", run_id=job.run_id)

    def _read(self, delivery: Delivery) -> Job:
        job = read_job(delivery.body, received_at=delivery.first_received_at)
        if self._desk.types is not None and job.type not in self._desk.types:
            raise UnroutableJobError(
                f"this worker takes no jobs of the type `{job.type}`",
                hint="WORKER_JOB_TYPES names those that it takes",
            )
        return job

    def _fly(self, flight: Flight, job: Job) -> None:
        desk = self._desk
        is_settled = False
        desk.metrics.job_started()
        began = time.monotonic()
        try:
            delivery = flight.delivery
            told: Attributes = {"run_id": job.run_id, "attempt": delivery.attempt}
            with received_span("process job", delivery.headers, told):
                is_settled = self._attempt(delivery, job, began)
        finally:
            desk.metrics.job_ended(job.type, time.monotonic() - began)
            waiting = desk.flights.land(flight, is_settled=is_settled)
        self._ack(flight.delivery, is_settled=is_settled)
        for another in waiting:
            desk.put(another)

    def _attempt(self, delivery: Delivery, job: Job, began: float) -> bool:
        """Run the job and settle what comes of it; tell whether its message may go."""
        reporter = AttemptReporter(self._desk.control_plane, attempt=delivery.attempt)
        outcome = self._runner.run(job, reporter)
        if outcome is None:
            return False
        return self._desk.settler.settle(
            delivery,
            job.run_id,
            outcome,
            kind=job.type,
            seconds=time.monotonic() - began,
        )

    def _ack(self, delivery: Delivery, is_settled: bool) -> None:  # noqa: FBT001 - what a step gave
        if is_settled:
            self._desk.consumer.ack(delivery)
            self._desk.settled()


def find_run_id(body: bytes) -> RunId | None:
    """Return the run that a message names, even if it is no job otherwise."""
    try:
        message = read_json(body, file="job.json")
    except DocumentError:
        return None
    found = message.get("run_id") if isinstance(message, dict) else None
    if not isinstance(found, str) or not _RUN_ID.fullmatch(found):
        return None
    return RunId(found)
