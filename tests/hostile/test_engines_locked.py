"""A sound template never trips the lock: every engine's cases, in locked processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from provisionhub.blueprint import Subject
from provisionhub.blueprint.files import read_folder
from provisionhub.catalog import load_folder
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.sandbox import Guard, SandboxedRenderer
from support import locked_cases, locked_go
from support.sandboxes import LIMITS, sandbox

ROOT: Final = Path(__file__).resolve().parents[2]
CASES: Final = {
    "jinja2": ROOT / "tests/engines/jinja/cases",
    "mustache": ROOT / "tests/engines/mustache/cases",
}
"""Where each engine's cases are; a new engine adds a line."""


def _run(*program: str) -> subprocess.CompletedProcess[str]:
    """Run *program*; unmeasured, for a locked process could write nothing down."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    return subprocess.run(
        program,
        env=kept | {"PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=True,
    )


@pytest.mark.parametrize("user", ["root", "nobody"])
@pytest.mark.parametrize("engine", list(CASES))
def test_cases_end_alike_in_locked_processes(engine: str, user: str) -> None:
    """Every case renders, or fails, in a locked process as it does in a plain one."""
    if os.geteuid() != 0 and user == "root":
        pytest.skip("takes root")
    program = [sys.executable, locked_cases.__file__, engine, user, str(CASES[engine])]

    done = _run(*program)

    factory = engine_plugins()[engine].factory
    expected = {
        case.name: case.outcome(factory)
        for case in locked_cases.read_cases([CASES[engine]])
    }
    assert json.loads(done.stdout) == expected
    assert len(expected) > 30


@pytest.mark.parametrize("as_nobody", [False, True], ids=["same user", "nobody"])
@pytest.mark.parametrize(
    "name", ["go-backend", "kubernetes-manifests", "python-service"]
)
def test_blueprints_render_alike_in_the_sandbox(name: str, as_nobody: bool) -> None:
    """Every example of the blueprints here comes to the very same tree."""
    folder = ROOT / "blueprints" / name
    plain = load_folder(folder, longest=10_000_000)
    box = sandbox(guard=Guard("require", as_nobody=as_nobody))
    locked = box.load(read_folder(folder, longest=10_000_000), label=plain.label)

    for key in plain.example_names:
        example = plain.example(key)
        subject = Subject.of_example(example, plain)
        expected = Renderer(engine_plugins(), LIMITS.tree).lock(
            plain, plain.accept(example.values), subject
        )
        made = SandboxedRenderer(engine_plugins(), box).lock(
            locked, locked.accept(locked.example(key).values), subject
        )
        assert list(made.tree) == list(expected.tree)
        assert made.commit_message == expected.commit_message
        assert made.guarded == expected.guarded

    box.close()


def test_go_and_sprig_answer_alike_in_a_locked_process() -> None:
    """Every recorded answer of Go's and Sprig's is the same where nothing can be read.

    Time zones, regular expressions and hashes among them: what these load from the
    disk was loaded before the lock.
    """
    folder = ROOT / "tests/engines/gotemplate"

    done = _run(sys.executable, locked_go.__file__, str(folder))

    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["cases"] > 4_000
