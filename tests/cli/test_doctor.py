"""``provisionhub doctor``: each check's findings, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.cli.doctor import (
    CHECKS,
    Findings,
    check_broker,
    check_control_plane,
    check_gitlab,
    check_sandbox,
    doctor,
)
from provisionhub.errors import ProvisionError
from provisionhub.sandbox import Guard, Layer, Sandbox
from provisionhub.settings import Settings
from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.testing.gitlab import GitLabDouble

SANDBOX = {"sandbox": check_sandbox}
GITLAB_TOKEN = "glpat-of-nobody"


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Return the product on an empty catalog."""
    return App(Settings(blueprint_catalogs=(str(tmp_path),), sandbox="require"))


def test_sound_sandbox_is_shown(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole sandbox is shown with its level, and what each layer stops."""
    code = doctor(app, SANDBOX, as_json=False)

    shown = capsys.readouterr().out
    assert code == 0
    assert "sandbox: ok, whole: process, landlock (ABI " in shown
    assert "map memory that is executable" in shown
    app.close()


def test_sound_sandbox_is_told_as_json(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program gets the same: whether it holds, and each attempt."""
    doctor(app, SANDBOX, as_json=True)

    told = json.loads(capsys.readouterr().out)["sandbox"]
    assert told["ok"] is True
    assert {"attempt", "outcome", "stopped_by_each_alone"} == set(told["checks"][0])
    app.close()


def test_partial_sandbox_is_bad(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    """A sandbox that lacks a layer is told so, with what passed and the remedy."""
    guard = Guard("require", layers=Layer.RLIMITS | Layer.PROCESS)
    vars(app)["sandbox"] = Sandbox(app.sandbox.limits, guard)

    code = doctor(app, SANDBOX, as_json=False)

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

    code = doctor(app, {"broker": broken, **SANDBOX}, as_json=False)

    shown = capsys.readouterr().out
    assert code == 1
    assert "broker: bad, can't be reached" in shown
    assert "sandbox: ok" in shown


def _with(**settings: object) -> App:
    return App(Settings.model_validate(settings))


def test_every_neighbour_is_checked() -> None:
    """The doctor looks at the sandbox and at all that a worker speaks to."""
    assert list(CHECKS) == ["sandbox", "broker", "gitlab", "control plane"]


def test_absent_broker_is_bad() -> None:
    """A broker that is not there is named, without its password."""
    app = _with(rabbitmq_url="amqp://ann:geheim@127.0.0.1:9/jobs")

    with pytest.raises(ProvisionError, match="can't be reached") as got:
        check_broker(app)

    assert "geheim" not in got.value.explain()


def test_gitlab_that_is_not_used_is_sound() -> None:
    """Without a token there is nothing to look at."""
    assert check_gitlab(_with()).is_sound


def test_gitlab_says_what_is_wrong(tmp_path: Path) -> None:
    """A token that GitLab does not know is bad, with the remedy, and not shown."""
    with GitLabDouble(tmp_path) as gitlab:
        found = check_gitlab(_with(gitlab_url=gitlab.url, gitlab_token=GITLAB_TOKEN))
        gitlab.add_group("shop")
        gitlab.add_token(GITLAB_TOKEN)
        sound = check_gitlab(
            _with(
                gitlab_url=gitlab.url,
                gitlab_token=GITLAB_TOKEN,
                gitlab_group_id="shop",
            )
        )

    assert not found.is_sound
    assert "GITLAB_TOKEN" in str(found.hint)
    assert GITLAB_TOKEN not in repr(found)
    assert sound.is_sound
    assert ("the group is shop", "yes") in sound.rows


def test_control_plane_that_is_not_used_is_sound() -> None:
    """Without an address the log alone is told."""
    assert check_control_plane(_with()).is_sound


def test_control_plane_says_what_is_wrong() -> None:
    """A control plane that does not take the key is bad; one that does is sound."""
    with ControlPlaneDouble("right-key") as control_plane:
        url = control_plane.url
        refused = _with(control_plane_url=url, control_plane_api_key="wrong")
        taken = _with(control_plane_url=url, control_plane_api_key="right-key")

        assert "does not accept the key" in check_control_plane(refused).summary
        assert not check_control_plane(refused).is_sound
        assert check_control_plane(taken).is_sound
