"""The command line on a real terminal: spinner and colour."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from support.blueprints import MANIFEST, write_blueprint
from support.jobs import job, message


def run_on_terminal(folder: Path, *arguments: str, **settings: str) -> str:
    """Run ``provisionhub`` on a terminal of its own; return what it shows there."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "XDG_CACHE_HOME": str(folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "provisionhub", *arguments],
        cwd=folder,
        env=environment | settings,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        pass  # Linux's way to say that the other end is closed
    process.wait()
    os.close(ours)
    return shown.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a blueprint that warns, and a job."""
    files = {"template/.gitignore": "*.log\n", "template/a.log": ""}
    write_blueprint(tmp_path / "blueprints/sample", files, MANIFEST)
    (tmp_path / "job.json").write_text(json.dumps(message(job())))
    return tmp_path


def test_steps_are_coloured_and_spin(folder: Path) -> None:
    """On a terminal each step is shown while it runs, and marked when it is done."""
    shown = run_on_terminal(folder, "provision", "job.json")

    assert "\x1b[32m✓\x1b[0m push" in shown
    assert "Rendering template: sample" in shown
    assert "warning:" in shown
    assert "`a.log` is hidden" in shown


def test_no_color_is_respected(folder: Path) -> None:
    """With ``NO_COLOR`` nothing is coloured."""
    shown = run_on_terminal(folder, "provision", "job.json", NO_COLOR="1")

    assert "✓ push" in shown
    assert "\x1b[32m" not in shown


def test_failed_step_is_marked(folder: Path) -> None:
    """The step that failed is marked, and the error explained."""
    (folder / "blueprints/sample/template/b.j2").write_text("{{ Nmae }}")

    shown = run_on_terminal(folder, "provision", "job.json", NO_COLOR="1")

    assert "✗ render" in shown
    assert "did you mean `Name`?" in shown
