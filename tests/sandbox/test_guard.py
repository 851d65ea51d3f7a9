"""What is missing of the lock is refused, or told, as the policy says."""

from __future__ import annotations

import pytest

from provisionhub.errors import SandboxUnavailableError
from provisionhub.sandbox import Guard, Layer, launcher
from support.blueprints import blueprint_files
from support.sandboxes import render, sandbox

FILES = blueprint_files({"template/a.j2": "{{ Name }}"})


def test_required_lock_that_is_not_whole_is_refused() -> None:
    """Where a layer is missing and all are required, nothing runs; why is said."""
    guard = Guard("require", layers=Layer.whole() & ~Layer.SECCOMP)

    with pytest.raises(SandboxUnavailableError, match="no seccomp here") as told:
        render(sandbox(guard=guard), FILES)

    assert "SANDBOX=best-effort" in told.value.explain()


def test_lock_is_tried_before_it_is_needed() -> None:
    """A worker that starts finds out, before any job, whether the lock holds."""
    Guard("require").check()

    with pytest.raises(SandboxUnavailableError, match="no landlock here"):
        Guard("require", layers=Layer.whole() & ~Layer.LANDLOCK).check()


def test_best_effort_runs_and_warns() -> None:
    """Where a layer is missing and need not be there, jobs run, with a warning."""
    guard = Guard("best-effort", layers=Layer.RLIMITS)
    box = sandbox(guard=guard)

    assert [entry.path for entry in render(box, FILES).tree] == ["a"]
    (warning,) = guard.warnings()
    assert warning.endswith("there is no process, landlock, seccomp here")
    box.close()


def test_limits_hold_in_best_effort_too() -> None:
    """With rlimits and the clock alone a bomb still ends."""
    bomb = "{% for a in range(9999) %}{{ range(99999)|sort|length }}{% endfor %}"
    box = sandbox(guard=Guard("best-effort", layers=Layer.RLIMITS))

    with pytest.raises(Exception, match=r"more than 1s of CPU|loops too often"):
        render(box, blueprint_files({"template/a.j2": bomb}))

    box.close()


def test_whole_lock_has_no_warning() -> None:
    """Where all layers are there is nothing to warn of."""
    assert Guard("require").warnings() == []


def test_zygote_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zygote that ends at once is an error that another worker may not have."""
    monkeypatch.setattr(launcher, "_BOOT", "raise SystemExit(1)")
    guard = Guard("best-effort", as_nobody=False)

    with pytest.raises(SandboxUnavailableError, match="can't be started"):
        render(sandbox(guard=guard), FILES)
    with pytest.raises(SandboxUnavailableError, match="can't be started"):
        guard.tried()

    guard.close()


def test_zygote_that_greets_with_an_error_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What keeps a zygote from starting, such as a broken plugin, is quoted."""
    boot = (
        "import sys; sys.path[:] = __import__('json').loads(sys.argv[1]); "
        "from provisionhub.sandbox.frames import InnerChannel; "
        "InnerChannel(int(sys.argv[2])).send({'error': 'a plugin is broken'})"
    )
    monkeypatch.setattr(launcher, "_BOOT", boot)
    guard = Guard("best-effort", as_nobody=False)

    with pytest.raises(SandboxUnavailableError, match="a plugin is broken"):
        render(sandbox(guard=guard), FILES)

    guard.close()
