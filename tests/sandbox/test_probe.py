"""Attempts to break out, under the whole lock and with each layer switched off."""

from __future__ import annotations

import pytest

from provisionhub.sandbox import Guard, Layer
from provisionhub.sandbox.attempts import ATTEMPTS

# What gets through when one layer is missing: the others don't stop it.
ONLY_STOPPED_BY = {
    Layer.PROCESS: set[str](),
    Layer.LANDLOCK: set[str](),
    Layer.RLIMITS: {"memory"},
    Layer.SECCOMP: {"code"},
}


def passed(layers: Layer, *, as_nobody: bool = True) -> set[str]:
    """Return the attempts that get through a lock made of *layers*."""
    guard = Guard("best-effort", layers=layers, as_nobody=as_nobody)
    try:
        return {tried.name for tried in guard.tried() if tried.passed}
    finally:
        guard.close()


def test_whole_lock_stops_everything() -> None:
    """No attempt gets through the lock that jobs run in."""
    assert passed(Layer.whole()) == set()


def test_whole_lock_stops_root_too() -> None:
    """No attempt gets through where processes can't give up root's identity."""
    assert passed(Layer.whole(), as_nobody=False) == set()


def test_without_any_layer_attempts_pass() -> None:
    """The attempts are real: without a lock all get through that identity allows."""
    assert passed(Layer(0), as_nobody=False) >= set(ATTEMPTS) - {"environment"}


@pytest.mark.parametrize("off", list(Layer.whole()), ids=lambda layer: layer.shown)
def test_layer_switched_off_lets_through_what_it_alone_stops(off: Layer) -> None:
    """With one layer off only that gets through which no other layer stops."""
    assert passed(Layer.whole() & ~off) == ONLY_STOPPED_BY[off]


@pytest.mark.parametrize(
    ("alone", "stops"),
    [
        pytest.param(
            Layer.LANDLOCK,
            {"read", "write", "list", "connect", "execute", "signal"},
            id="landlock",
        ),
        pytest.param(Layer.RLIMITS, {"memory", "descriptor", "write"}, id="rlimits"),
        pytest.param(Layer.SECCOMP, set(ATTEMPTS) - {"memory"}, id="seccomp"),
    ],
)
def test_layer_alone_stops_what_it_is_for(alone: Layer, stops: set[str]) -> None:
    """Each layer by itself stops what the manual says it stops."""
    assert not passed(alone) & stops


def test_report_says_what_holds() -> None:
    """The report for people says the level, and which layers stop an attempt."""
    guard = Guard("require")

    report = guard.report()

    assert report.holds
    assert report.level.startswith("whole: process, landlock (ABI ")
    by_name = {trial.does: trial.stopped_by for trial in report.trials}
    assert by_name["map memory that is executable"] == ("seccomp",)
    assert by_name["take a terabyte of address space"] == ("rlimits",)
    guard.close()
