"""One form for every line, and no secret in any."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from pydantic import SecretStr

from provisionhub.app import App
from provisionhub.job import Job
from provisionhub.settings import Settings
from provisionhub.status import LogReporter
from provisionhub.telemetry import configure_logs, log_context
from support.blueprints import write_blueprint
from support.jobs import job

KEY = 'a "key"/with+marks'


def test_lines_of_libraries_have_the_same_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A library's warning is a JSON line too; what it says below that is left out."""
    configure_logs("info", "json")
    configure_logs("info", "json")

    logging.getLogger("some.library").warning("pool is %s", "full")
    logging.getLogger("some.library").info("chatter")

    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (line["level"], line["message"]) == ("warning", "pool is full")
    assert line["library"] == "some.library"


def test_every_line_of_a_run_names_run_step_and_attempt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a part logs while a run goes on says which run, step and attempt."""
    configure_logs("info", "json")
    write_blueprint(tmp_path / "blueprints" / "sample", {"template/a": ""})
    app = App(
        Settings(
            blueprint_catalogs=(str(tmp_path),),
            workspace_dir=tmp_path / "workspaces",
            local_repositories_dir=tmp_path / "repositories",
        )
    )

    def ask(_: Job) -> bool:
        logging.getLogger("some.library").warning("asked")
        return True

    with log_context(attempt=2):
        app.pipeline(LogReporter(attempt=2), is_cancelled=ask).run(job())
    logging.getLogger("some.library").warning("afterwards")

    *during, asked, ended, after = map(json.loads, capsys.readouterr().err.splitlines())
    assert {line["run_id"] for line in (*during, asked, ended)} == {"run-1"}
    assert (asked["message"], asked["step"], asked["attempt"]) == ("asked", "create", 2)
    assert not {"run_id", "step", "attempt"} & after.keys()


@pytest.mark.parametrize("style", ["json", "console"])
def test_secret_settings_are_in_no_line(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret among the settings is hidden in events, values and stacks."""
    settings = Settings(control_plane_api_key=SecretStr(KEY.replace(" ", "")))
    key = settings.control_plane_api_key.get_secret_value()
    configure_logs("info", style, redact=App(settings).redactor.redact)  # type: ignore[arg-type] # one of the two
    log = structlog.stdlib.get_logger("provisionhub")

    log.info(key, url=f"https://a.example/{quote(key, safe='')}")
    try:
        int(key)
    except ValueError:
        log.exception("failed")

    shown = capsys.readouterr().err
    assert shown.count("***") >= 3
    assert "marks" not in shown
