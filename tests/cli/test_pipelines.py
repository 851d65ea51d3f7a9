"""The pipelines that ``provisionhub new`` writes: valid, and green as they are."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from provisionhub.cli.commands import cli
from support.pipelines import Runner, complaints, scripts

BLUEPRINT = (".gitlab-ci.yml", ".github/workflows/blueprints.yml")
ENGINE = (".gitlab-ci.yml", ".github/workflows/test.yml")


def _new(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Write a catalog with a blueprint for each engine, and an engine's package."""
    catalog, engine = folder / "catalog", folder / "my_dollar"
    catalog.mkdir()
    monkeypatch.chdir(catalog)
    for name in ("go", "jinja2", "mustache"):
        made = CliRunner().invoke(
            cli, ["new", "blueprint", f"a-{name}", "--engine", name]
        )
        assert made.exit_code == 0, made.output
    made = CliRunner().invoke(
        cli, ["new", "engine", "my_dollar", "--folder", str(folder)]
    )
    assert made.exit_code == 0, made.output
    return catalog, engine


@pytest.mark.skipif(
    find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)
def test_pipelines_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitLab's and GitHub's own schemas accept what is written."""
    catalog, engine = _new(tmp_path, monkeypatch)
    written = [catalog / path for path in BLUEPRINT] + [
        engine / path for path in ENGINE
    ]

    assert [said for pipeline in written if (said := complaints(pipeline))] == []


@pytest.mark.integration
def test_pipelines_are_green(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step of every pipeline succeeds in an environment that has nothing yet."""
    catalog, engine = _new(tmp_path, monkeypatch)
    runner = Runner(tmp_path)
    # What two pipelines say alike is done once.
    steps = dict.fromkeys(
        (script, folder)
        for folder, pipelines in ((catalog, BLUEPRINT), (engine, ENGINE))
        for path in pipelines
        for script in scripts(folder / path)
    )

    outputs = {}
    for script, folder in steps:
        done = runner.run(script, folder)
        assert done.returncode == 0, f"$ {script}\n{done.stdout}"
        outputs[script] = done.stdout

    assert "6 snapshots passed" in outputs["provisionhub test --coverage"]
    assert "my_dollar  .my_dollar" in outputs["provisionhub engines"]
    assert (catalog / "report.xml").exists()
    assert (engine / "report.xml").exists()
