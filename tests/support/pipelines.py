"""Pipelines that we hand out, read and replayed as a runner would."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_SCHEMAS = {".gitlab-ci.yml": ("vendor.gitlab-ci", "--data-transform", "gitlab-ci")}
_GITHUB = ("vendor.github-workflows",)
_FROM_THE_INDEX = (
    "pytest",
    "provisionhub",
    "__editable__",
    "_editable",
    "_pytest",
    "py.py",
)
"""What a pipeline installs itself; all else is there, so that it takes seconds."""


def complaints(pipeline: Path) -> str:
    """Return what GitLab's or GitHub's own schema has against *pipeline*."""
    schema, *options = _SCHEMAS.get(pipeline.name, _GITHUB)
    command = (
        *(sys.executable, "-m", "check_jsonschema"),
        *("--builtin-schema", schema, *options, str(pipeline)),
    )
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def scripts(pipeline: Path) -> Iterator[str]:
    """Yield the commands of *pipeline*, in order."""
    said: dict[str, Any] = yaml.safe_load(pipeline.read_text(encoding="utf-8"))
    for job in said.get("jobs", said).values():
        yield from job.get("script", ())
        yield from (step["run"] for step in job.get("steps", ()) if "run" in step)


class Runner:
    """A fresh environment, in which `pip install provisionhub` installs this checkout.

    Args:
        home: An empty folder for it.
    """

    def __init__(self, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self._environment = home / "venv"
        self.scripts = self._environment / "bin"
        self._wheels = home / "wheels"
        subprocess.run([sys.executable, "-m", "venv", self._environment], check=True)
        self._share_dependencies(home / "shared")
        build = ("wheel", "--quiet", "--no-deps", "--no-build-isolation")
        self._check("-m", "pip", *build, "--wheel-dir", str(self._wheels), str(ROOT))

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Return what became of *script*, run in *folder*."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTEST", "PYTHON", "COVERAGE"))
        }
        ours = {
            "PATH": f"{self.scripts}{os.pathsep}{os.environ['PATH']}",
            "PIP_FIND_LINKS": str(self._wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "NO_COLOR": "1",
        }
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=folder,
            env=kept | ours,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def install(self, folder: Path) -> None:
        """Install what the pipelines install, and a reader has."""
        self.run("pip install --quiet provisionhub", folder).check_returncode()

    def _share_dependencies(self, shared: Path) -> None:
        shared.mkdir()
        for entry in Path(site.getsitepackages()[0]).iterdir():
            if not entry.name.startswith((*_FROM_THE_INDEX, "distutils-precedence")):
                (shared / entry.name).symlink_to(entry)
        packages = next(self._environment.glob("lib/*/site-packages"))
        (packages / "shared.pth").write_text(f"{shared}\n", encoding="utf-8")

    def _check(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True)
