"""The transcript in docs/queue.md is what ``make queue-demo`` prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[2]


def comparable(transcript: str) -> list[str]:
    """Return its lines without commit ids and reports that may be overtaken."""
    text = re.sub(
        r"\b[0-9a-f]{40}\b|^[0-9a-f]{7} ", "<commit>", transcript, flags=re.MULTILINE
    )
    return [line for line in text.splitlines() if '"running"' not in line]


@pytest.mark.skipif(
    shutil.which("curl") is None and "CI" not in os.environ, reason="there is no curl"
)
@pytest.mark.usefixtures("rabbit")
def test_queue_demo_prints_what_the_docs_show() -> None:
    """`submit` → worker → status calls → clone, and three pages in three states."""
    page = (ROOT / "docs" / "queue.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)\n```", page, flags=re.DOTALL)

    done = subprocess.run(
        [sys.executable, "-m", "tools.queue_demo"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert done.returncode == 0, done.stderr
    assert comparable(done.stdout.rstrip()) == comparable(shown)
