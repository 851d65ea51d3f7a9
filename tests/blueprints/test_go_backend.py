"""What the blueprint go-backend generates builds, and passes its own checks."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
BLUEPRINT: Final = ROOT / "blueprints" / "go-backend"
EXAMPLES: Final = sorted(file.stem for file in (BLUEPRINT / "examples").glob("*.yaml"))
OURS: Final = ("COV", "MAKE", "MFLAGS", "PYTEST", "PYTHON", "VIRTUAL_ENV", "GO")
OFFLINE: Final = {"GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": ""}

pytestmark = pytest.mark.integration


def _run(*command: str | Path, folder: Path = ROOT) -> str:
    """Run *command* without what this test run left in the environment."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    done = subprocess.run(
        command,
        cwd=folder,
        env=kept | OFFLINE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the go command of the project's own toolchain.

    Where it cannot be installed, tests that need it fail in CI, and are skipped
    elsewhere.
    """
    # Tests run side by side share the folder above, and one of them installs.
    with (tmp_path_factory.getbasetemp().parent / "go.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", ".venv-go/.go", f"PYTHON={sys.executable}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        reason = f"Go's toolchain cannot be installed: {done.stderr[-500:]}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return ROOT / ".venv-go" / "bin" / "go"


@pytest.fixture(params=EXAMPLES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return the folder of what an example generates."""
    return _generate(str(request.param), tmp_path)


def _generate(example: str, folder: Path) -> Path:
    project = folder / example
    options = ("--example", example, "--out", project)
    _run(sys.executable, "-m", "provisionhub", "render", BLUEPRINT, *options)
    return project


def test_code_is_formatted_and_passes_its_own_tests(project: Path, go: Path) -> None:
    """`make check` of each example finds nothing, without network."""
    said = _run("make", "check", f"GO={go}", folder=project)

    assert "ok  " in said
    assert "FAIL" not in said


def test_service_is_built(tmp_path: Path, go: Path) -> None:
    """The least service compiles to a command that tells what it cannot do."""
    project = _generate("minimal", tmp_path)
    _run(go, "build", "-o", "service", "./cmd/server", folder=project)

    done = subprocess.run(
        [project / "service", "dance"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert 'unknown command "dance": serve' in done.stderr


def test_build_without_the_driver_says_so(tmp_path: Path, go: Path) -> None:
    """A service with a database tells how to build it, if it was built without."""
    project = _generate("postgres", tmp_path)
    _run(go, "build", "-o", "service", "./cmd/server", folder=project)

    done = subprocess.run(
        [project / "service"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "build with -tags postgres" in done.stderr


def test_service_answers_and_stops_in_order(tmp_path: Path, go: Path) -> None:
    """What `make build` makes serves health and metrics, and ends well when told to."""
    project = _generate("gateway", tmp_path)
    _run("make", "build", f"GO={go}", folder=project)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])

    with subprocess.Popen(
        [project / "bin" / "partner-gateway"],
        env={"PORT": port},
        stdout=subprocess.PIPE,
        text=True,
    ) as service:
        assert service.stdout is not None
        said = json.loads(service.stdout.readline())
        ready = _get(f"http://127.0.0.1:{port}/health/ready")
        metrics = _get(f"http://127.0.0.1:{port}/metrics")
        service.terminate()
        ended = service.wait(timeout=30)

    assert said["address"] == f"127.0.0.1:{port}"
    assert ready == '{"status":"ok"}\n'
    assert 'pattern="GET /health/ready",status="200"} 1' in metrics
    assert ended == 0


def _get(url: str) -> str:
    with urlopen(url, timeout=10) as response:  # noqa: S310 - our own service
        body: bytes = response.read()
    return body.decode("utf-8")


def test_git_takes_every_file(project: Path) -> None:
    """The generated `.gitignore` hides no file that was generated."""
    _run("git", "init", "--quiet", folder=project)

    ignored = _run("git", "ls-files", "-oi", "--exclude-standard", folder=project)

    assert ignored == ""


def test_secret_stands_in_the_one_file_that_names_it(tmp_path: Path) -> None:
    """The URL with its password is in `config/secrets.env` alone."""
    project = _generate("postgres", tmp_path)
    files = [path for path in project.rglob("*") if path.is_file()]

    holding = [path for path in files if b"correct-horse" in path.read_bytes()]

    assert holding == [project / "config" / "secrets.env"]
    assert "!config" not in (project / ".dockerignore").read_text(encoding="utf-8")
