"""Holds a blueprint to its recorded snapshots, before it does a worker's first job.

``provisionhub test`` and this compare the same two texts. What that fails for, this
refuses; but for snapshots that are left over, which it tells of, and for a blueprint
of which nothing is recorded at all, which has nothing to be held to.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from provisionhub import __version__
from provisionhub.blueprint import Blueprint
from provisionhub.engine import Engine
from provisionhub.errors import PermanentError, SnapshotMismatchError
from provisionhub.gate.comparing import compare_examples, example_keys
from provisionhub.gate.verdict import Result, Verdict
from provisionhub.gate.verdicts import Verdicts
from provisionhub.registry import Plugin
from provisionhub.renderer import Renderer
from provisionhub.source import printable
from provisionhub.status import Step
from provisionhub.telemetry import mark_failed, span

GateMode: TypeAlias = Literal["enforce", "warn", "off"]

_STEP: Final = Step.VALIDATE
_MOST_NAMED: Final = 5


class Told(Protocol):
    """Who is told what the gate does."""

    def say(self, step: Step, message: str) -> None:
        """Take a line for people."""
        ...

    def warn(self, step: Step, messages: list[str]) -> None:
        """Take what the author may not have meant."""
        ...


@dataclass(frozen=True, slots=True)
class SnapshotGate:
    """Lets blueprints pass that render what is recorded of them.

    Attributes:
        mode: ``enforce`` refuses the others, ``warn`` tells of them, once.
        renderer: Renders examples, as it renders jobs.
        engines: The installed engines; what one renders is its version's.
        verdicts: Remembers: once for each blueprint, not for each job.
    """

    mode: GateMode
    renderer: Renderer
    engines: Mapping[str, Plugin[Engine]]
    verdicts: Verdicts

    def check(self, blueprint: Blueprint, told: Told) -> None:
        """Refuse *blueprint* if it does not render what is recorded of it.

        Raises:
            SnapshotMismatchError: With the first example that differs, and in what.
            PermanentError: If the blueprint is broken for any values.
            TransientError: If that could not be found out now.
        """
        engine = self.engines.get(blueprint.manifest.engine)
        if self.mode == "off" or engine is None:
            return  # of a missing engine rendering tells, with the place
        try:
            self._hold(blueprint, engine, told)
        except PermanentError as error:
            if self.mode == "enforce":
                raise
            told.warn(_STEP, [error.explain().removeprefix("error: ")])

    def _hold(self, blueprint: Blueprint, engine: Plugin[Engine], told: Told) -> None:
        key = _key(blueprint, engine)
        known = self.verdicts.claim(key)
        verdict = known or self._find_out(key, blueprint, told)
        is_told = known is not None and self.mode == "warn"
        if verdict.mismatch is not None and not is_told:
            raise verdict.mismatch.error()

    def _find_out(self, key: str, blueprint: Blueprint, told: Told) -> Verdict:
        verdict: Verdict | None = None
        try:
            verdict = self._compare(blueprint, told)
        finally:
            self.verdicts.settle(key, verdict)
        return verdict

    def _compare(self, blueprint: Blueprint, told: Told) -> Verdict:
        began = time.monotonic()
        examples, names = example_keys(blueprint), blueprint.snapshots.names()
        unused = [name for name in names if name not in examples]
        if unused:
            told.warn(_STEP, [_unused_warning(blueprint, unused)])
        if not examples or not names:
            return Verdict(Result.SKIPPED)
        told.say(_STEP, _progress_line(blueprint, len(examples)))
        with span("snapshot gate", {"examples": len(examples)}):
            mismatch = compare_examples(blueprint, self.renderer)
            if mismatch is not None:
                mark_failed(SnapshotMismatchError.code)
        result = Result.PASSED if mismatch is None else Result.MISMATCHED
        return Verdict(result, time.monotonic() - began, mismatch)


def _key(blueprint: Blueprint, engine: Plugin[Engine]) -> str:
    """Return what a verdict holds for: all that the two texts depend on."""
    return " ".join(
        (
            blueprint.digest,
            blueprint.snapshots.version or "none",
            f"{engine.distribution}@{engine.version}",
            f"provisionhub@{__version__}",
        )
    )


def _progress_line(blueprint: Blueprint, examples: int) -> str:
    counted = "1 example" if examples == 1 else f"{examples} examples"
    return f"Checking snapshots of {blueprint.name} {blueprint.version} ({counted})"


def _unused_warning(blueprint: Blueprint, unused: list[str]) -> str:
    shown = ", ".join(f"`{printable(name)}`" for name in unused[:_MOST_NAMED])
    left = len(unused) - _MOST_NAMED
    more = f" and {left} more" if left > 0 else ""
    return (
        f"{blueprint.name} {blueprint.version} has snapshots without an example: "
        f"{shown}{more}; `provisionhub test --update` removes them"
    )
