"""Snapshot verdicts between job processes and their worker: found out once for all."""

from __future__ import annotations

import queue
from typing import cast

from provisionhub.gate import KnownVerdicts, Memory, Verdict, Verdicts
from provisionhub.jsontypes import JsonObject
from provisionhub.telemetry.metrics import Metrics
from provisionhub.worker.channel import Channel


class AskedVerdicts:
    """A job process's side: asks the worker, and then knows.

    Args:
        channel: To the slot.
        answers: What the slot says.
    """

    def __init__(
        self, channel: Channel, answers: queue.SimpleQueue[JsonObject]
    ) -> None:
        self._channel = channel
        self._answers = answers
        self._known = Memory()

    def claim(self, key: str) -> Verdict | None:
        """Return the verdict; None has the caller find out."""
        if (known := self._known.get(key)) is not None:
            return known
        self._channel.send({"event": "claims", "key": key})
        told = self._answers.get()["verdict"]
        if told is None:
            return None
        verdict = Verdict.from_json(cast("JsonObject", told))
        self._known.put(key, verdict)
        return verdict

    def settle(self, key: str, verdict: Verdict | None) -> None:
        """Remember *verdict*, here and at the worker."""
        told = None if verdict is None else verdict.to_json()
        self._channel.send({"event": "settles", "key": key, "verdict": told})
        if verdict is not None:
            self._known.put(key, verdict)


class JobClaims:
    """The worker's side, for one attempt at a job.

    Args:
        verdicts: What the worker knows.
        metrics: Counts verdicts.
    """

    def __init__(self, verdicts: KnownVerdicts, metrics: Metrics) -> None:
        self._verdicts = verdicts
        self._metrics = metrics
        self._claimed: set[str] = set()

    def answer(self, frame: JsonObject, *, seconds: float) -> JsonObject:
        """Return the answer to a claim, for which others are waited *seconds*."""
        key = cast("str", frame["key"])
        verdict = self._verdicts.claim(key, seconds=seconds)
        if verdict is None:
            self._claimed.add(key)
        return {"verdict": None if verdict is None else verdict.to_json()}

    def settle(self, frame: JsonObject) -> None:
        """Take what a job process found out."""
        key = cast("str", frame["key"])
        told = cast("JsonObject | None", frame["verdict"])
        verdict = None if told is None else Verdict.from_json(told)
        self._claimed.discard(key)
        self._verdicts.settle(key, verdict)
        if verdict is not None:
            self._metrics.snapshot_checked(verdict.result, verdict.seconds)

    def release(self) -> None:
        """Let go of what a process that is gone did not settle."""
        for key in self._claimed:
            self._verdicts.settle(key, None)
        self._claimed.clear()


_: type[Verdicts] = AskedVerdicts
