"""``provisionhub doctor``: each check's findings, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.cli.doctor import CHECKS, Findings, doctor
from provisionhub.errors import ProvisionError
from provisionhub.sandbox import Guard, Layer, Sandbox
from provisionhub.settings import Settings


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Return the product on an empty catalog."""
    return App(Settings(blueprint_catalogs=(str(tmp_path),), sandbox="require"))


def test_sound_sandbox_is_shown(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole sandbox is shown with its level, and what each layer stops."""
    code = doctor(app, CHECKS, as_json=False)

    shown = capsys.readouterr().out
    assert code == 0
    assert "sandbox: ok, whole: process, landlock (ABI " in shown
    assert "map memory that is executable" in shown
    app.close()


def test_sound_sandbox_is_told_as_json(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program gets the same: whether it holds, and each attempt."""
    doctor(app, CHECKS, as_json=True)

    told = json.loads(capsys.readouterr().out)["sandbox"]
    assert told["ok"] is True
    assert {"attempt", "outcome", "stopped_by_each_alone"} == set(told["checks"][0])
    app.close()


def test_partial_sandbox_is_bad(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """A sandbox that lacks a layer is told so, with what passed and the remedy."""
    guard = Guard("require", layers=Layer.RLIMITS | Layer.PROCESS)
    vars(app)["sandbox"] = Sandbox(app.sandbox.limits, guard)

    code = doctor(app, CHECKS, as_json=False)

    shown = capsys.readouterr().out
    assert code == 1
    assert "sandbox: bad, partial: process, rlimits" in shown
    assert "PASSED" in shown
    assert "hint: Landlock takes Linux 5.13" in shown
    app.close()


def test_check_that_fails_is_a_finding(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """What can't be checked at all is told in its place, and the rest goes on."""

    def broken(_app: App) -> Findings:
        raise ProvisionError("can't be reached", hint="start it")

    code = doctor(app, {"broker": broken, **CHECKS}, as_json=False)

    shown = capsys.readouterr().out
    assert code == 1
    assert "broker: bad, can't be reached" in shown
    assert "sandbox: ok" in shown
