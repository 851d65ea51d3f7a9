"""What the blueprint python-service generates passes its own checks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLUEPRINT = ROOT / "blueprints" / "python-service"
EXAMPLES = sorted(file.stem for file in (BLUEPRINT / "examples").glob("*.yaml"))
OURS = ("COV", "MAKE", "MFLAGS", "PYTEST", "PYTHON", "VIRTUAL_ENV")

pytestmark = pytest.mark.integration


def _run(*command: str | Path, folder: Path = ROOT) -> str:
    """Run *command* without what this test run left in the environment."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _generate(example: str, folder: Path) -> Path:
    project = folder / example
    options = ("--example", example, "--out", project)
    _run(sys.executable, "-m", "provisionhub", "render", BLUEPRINT, *options)
    return project


@pytest.mark.parametrize("example", EXAMPLES)
def test_code_is_clean(example: str, tmp_path: Path) -> None:
    """Each example is formatted and free of lint, by the rules that it brings along."""
    project = _generate(example, tmp_path)

    _run(sys.executable, "-m", "ruff", "format", "--check", project)
    _run(sys.executable, "-m", "ruff", "check", project)


@pytest.mark.parametrize("example", ["minimal", "orders-postgres"])
def test_service_passes_its_own_checks(example: str, tmp_path: Path) -> None:
    """`make check` installs it anew; lint, types, tests and coverage are fine."""
    project = _generate(example, tmp_path)

    said = _run("make", "check", f"PYTHON={sys.executable}", folder=project)

    assert " passed" in said
    assert "100%" in said


def test_git_takes_every_file(tmp_path: Path) -> None:
    """The generated `.gitignore` hides no file that was generated."""
    project = _generate("orders-postgres", tmp_path)
    _run("git", "init", "--quiet", folder=project)

    ignored = _run("git", "ls-files", "-oi", "--exclude-standard", folder=project)

    assert ignored == ""


def test_hook_before_a_push_is_the_check_itself(tmp_path: Path) -> None:
    """The hook is a link to the executable that CI runs, so they never differ."""
    project = _generate("minimal", tmp_path)

    hook = project / ".githooks" / "pre-push"

    assert hook.readlink() == Path("../scripts/check")
    assert os.access(hook, os.X_OK)


def test_secret_stands_in_the_one_file_that_names_it(tmp_path: Path) -> None:
    """The DSN is in `config/secrets.env` alone, which the image does not hold."""
    project = _generate("orders-postgres", tmp_path)
    secret = b"0123456789abcdef0123456789abcdef"
    files = [path for path in project.rglob("*") if path.is_file()]

    holding = [path for path in files if secret in path.read_bytes()]

    assert holding == [project / "config" / "secrets.env"]
    assert "!config" not in (project / ".dockerignore").read_text(encoding="utf-8")
