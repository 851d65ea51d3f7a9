"""The queue worker: puts its threads together, watches them, and ends in order.

It never renders and never runs Git: nothing a job does can take it down.
"""

from __future__ import annotations

import queue
import signal
import time
from contextlib import suppress
from types import FrameType
from typing import Final

import structlog

from provisionhub.gate import KnownVerdicts
from provisionhub.jsontypes import JsonObject
from provisionhub.status.control_plane import ControlPlane
from provisionhub.telemetry.health import Health
from provisionhub.telemetry.metrics import Metrics
from provisionhub.worker.broker import Broker, SetupError
from provisionhub.worker.consumer import Consumer
from provisionhub.worker.flights import Flights
from provisionhub.worker.message import Delivery
from provisionhub.worker.nursery import Nursery
from provisionhub.worker.plan import Exit, Plan
from provisionhub.worker.runner import Runner
from provisionhub.worker.sender import Sender
from provisionhub.worker.settler import Settler
from provisionhub.worker.slot import Desk, Inbox, Slot
from provisionhub.worker.topology import Topology

_TICK: Final = 0.1
_STALLED: Final = 60.0
_FLUSHING: Final = 10.0
_IDLE: Final = 5.0
_BATCH_PATIENCE: Final = 30.0


class Worker:
    """Consumes jobs until it is told to end.

    Args:
        plan: What to do.
        broker: Where jobs come from.
        nursery: Starts job processes; forked before any thread.
        control_plane: Is told of each attempt, and gets the final statuses.
    """

    def __init__(
        self,
        plan: Plan,
        broker: Broker,
        nursery: Nursery,
        control_plane: ControlPlane,
    ) -> None:
        self.metrics = Metrics(self._depths)
        self._plan = plan
        self._topology = Topology(plan.queue)
        self._inbox: Inbox = queue.SimpleQueue()
        self._nursery = nursery
        self._signals: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._taken = 0
        self._settled = 0
        self._active_at = time.monotonic()
        self._is_draining = False
        self._looked_at = time.monotonic()
        self._log = structlog.stdlib.get_logger("provisionhub")
        self._sender = Sender(broker, reconnected=self.metrics.broker_reconnected)
        self._consumer = Consumer(
            broker,
            self._topology,
            plan.sources(self._topology),
            budget=self._budget(),
            take=self._deliver,
            stale=self.metrics.stale_ack_dropped,
            reconnected=self.metrics.broker_reconnected,
        )
        self._flights = Flights(self._consumer.is_current)
        self._settler = Settler(
            plan.retries,
            self._topology,
            self._sender,
            control_plane,
            self.metrics,
            worker_id=plan.worker_id,
        )
        self._slots = self._make_slots(control_plane)

    def run(self) -> Exit:
        """Work until a signal or the batch's end; return how it went."""
        try:
            self._plan.check()
        except SetupError as error:
            self._log.error(str(error))
            return Exit.MISCONFIGURED
        self._hear_signals()
        self._consumer.link.start()
        self._sender.link.start()
        for slot in self._slots:
            slot.start()
        self._log.info(
            "Worker started",
            worker_id=self._plan.worker_id,
            mode=self._plan.mode,
            concurrency=self._plan.concurrency,
        )
        ended = self._watch() or self._drain()
        self._log.info("Worker ended", exit_code=int(ended))
        return ended

    def liveness(self) -> Health:
        """Tell whether every thread lives and the consumer's moves."""
        if self._find_dead() is not None:
            return Health(is_ok=False, status="broken", details=self._details())
        away = not self._consumer.link.is_connected
        return Health(
            is_ok=True, status="degraded" if away else "ok", details=self._details()
        )

    def readiness(self) -> Health:
        """Tell whether it takes jobs, and can settle them."""
        status = "ok"
        if self._is_draining:
            status = "draining"
        elif not self._consumer.link.is_connected:
            status = "disconnected"
        elif not self._consumer.is_consuming:
            status = "not-consuming"
        elif self._sender.is_blocked:
            status = "publish-blocked"
        return Health(is_ok=status == "ok", status=status, details=self._details())

    def _details(self) -> JsonObject:
        return {
            "worker_id": self._plan.worker_id,
            "jobs_in_flight": len(self._flights),
            "slots": self._plan.concurrency,
        }

    def _watch(self) -> Exit | None:
        """Wait for a reason to end: None is a good one."""
        while True:
            try:
                self._signals.get(timeout=_TICK)
            except queue.Empty:
                pass
            else:
                self._log.info("Draining: running jobs may end")
                return None
            if (found := self._find_failure()) is not None:
                return found
            if self._plan.mode == "batch":
                if self._consumer.link.seconds_away > _BATCH_PATIENCE:
                    return self._break_off(Exit.UNFINISHED)
                if self._is_batch_done():
                    return None

    def _find_failure(self) -> Exit | None:
        failures = [link.failure for link in (self._consumer.link, self._sender.link)]
        for failure in failures:
            if isinstance(failure, SetupError):
                self._log.error(f"Broker and settings don't fit: {failure}")
                return self._break_off(Exit.MISCONFIGURED)
        if (dead := self._find_dead()) is not None:
            self._log.error(f"The worker is broken: {dead}", exc_info=self._cause())
            return self._break_off(Exit.BROKEN)
        return None

    def _find_dead(self) -> str | None:
        """Return which part has died or stands still, if any has."""
        links = {"consumer": self._consumer.link, "publisher": self._sender.link}
        dead = [name for name, link in links.items() if not link.is_alive]
        dead += ["a slot" for slot in self._slots if not slot.is_alive]
        dead += [] if self._nursery.is_alive else ["the nursery"]
        if dead and not self._is_draining:
            return f"{dead[0]} has ended"
        now = time.monotonic()
        if now - self._looked_at > _STALLED:
            self._consumer.ticked_at = now  # the whole process was frozen, and woke up
        self._looked_at = now
        stalled = now - self._consumer.ticked_at > _STALLED
        if stalled and self._consumer.is_consuming:
            return "the consumer stands still"
        return None

    def _cause(self) -> BaseException | None:
        links = (self._consumer.link, self._sender.link)
        failures = [part.failure for part in links] + [
            slot.failure for slot in self._slots
        ]
        return next((failure for failure in failures if failure), None)

    def _drain(self) -> Exit:
        """Let running jobs end, and settle; then let go of the broker."""
        self._is_draining = True
        self._consumer.cancel()
        self._empty_inbox()
        give_up = time.monotonic() + self._plan.draining
        while len(self._flights) and time.monotonic() < give_up:
            try:
                self._signals.get(timeout=_TICK)
            except queue.Empty:
                continue
            self._log.warning("Told twice: not waiting for running jobs")
            break
        if len(self._flights):
            self._log.warning(
                "Ending jobs that still run; they will be delivered again",
                jobs=len(self._flights),
            )
            return self._break_off(Exit.UNFINISHED)
        for _ in self._slots:
            self._inbox.put(None)
        for slot in self._slots:
            slot.join(_FLUSHING)
        # No slot waits for the publisher any more: it has nothing left to say.
        self._sender.link.close(seconds=_FLUSHING)
        is_acked = self._consumer.link.close(seconds=_FLUSHING)
        self._nursery.close()
        if not is_acked:
            return Exit.UNFINISHED
        if self._plan.mode == "batch" and self._settler.dead_letters:
            return Exit.DEAD_LETTERS
        return Exit.DONE

    def _empty_inbox(self) -> None:
        """Leave to the broker what has not begun."""
        with suppress(queue.Empty):
            while True:
                self._inbox.get_nowait()

    def _break_off(self, reason: Exit) -> Exit:
        """End every job process, and leave the messages to the broker."""
        self._is_draining = True
        self._sender.abandon()
        for slot in self._slots:
            slot.abandon()
            self._inbox.put(None)
        for slot in self._slots:
            slot.join(_FLUSHING)
        self._sender.link.close(seconds=_TICK)
        self._consumer.link.close(seconds=_FLUSHING)
        self._nursery.close()
        return reason

    def _is_batch_done(self) -> bool:
        """Tell whether the batch has its size, or the queue has long been empty."""
        if self._settled >= self._plan.batch:
            return True
        is_idle = not len(self._flights) and self._inbox.empty()
        if not is_idle or not self._consumer.is_consuming:
            self._active_at = time.monotonic()
        return time.monotonic() - self._active_at > _IDLE

    def _make_slots(self, control_plane: ControlPlane) -> list[Slot]:
        plan = self._plan
        desk = Desk(
            inbox=self._inbox,
            put=self._put,
            consumer=self._consumer,
            flights=self._flights,
            settler=self._settler,
            control_plane=control_plane,
            metrics=self.metrics,
            types=plan.types if plan.mode == "specialized" else None,
            settled=self._count,
        )
        verdicts = KnownVerdicts()
        runners = (
            Runner(
                self._nursery,
                longest=plan.longest,
                metrics=self.metrics,
                verdicts=verdicts,
            )
            for _ in range(plan.concurrency)
        )
        return [Slot(desk, runner, number) for number, runner in enumerate(runners)]

    def _budget(self) -> int:
        wanted = self._plan.concurrency * self._plan.prefetch
        return min(wanted, self._plan.batch) if self._plan.mode == "batch" else wanted

    def _deliver(self, delivery: Delivery) -> None:
        self._active_at = time.monotonic()
        self._taken += 1
        # Those beyond a batch's size return to the broker when it ends.
        if self._plan.mode != "batch" or self._taken <= self._plan.batch:
            self._put(delivery)

    def _put(self, delivery: Delivery) -> None:
        """Have a slot take *delivery*; once draining, it is left to the broker."""
        if not self._is_draining:
            self._inbox.put(delivery)

    def _count(self) -> None:
        self._settled += 1
        self._active_at = time.monotonic()

    def _depths(self) -> dict[str, int]:
        return dict(self._consumer.depths)

    def _hear_signals(self) -> None:
        """Hear them from here on, to the process's end: none may change how it ends."""

        def hear(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler
            self._signals.put(number)  # safe to call from a handler

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, hear)
