"""``provisionhub test --coverage``, and the options of the pytest plugin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.blueprints import MANIFEST, write_blueprint

pytestmark = pytest.mark.integration

FILES = {
    "template/hello.txt.j2": (
        "Hello {{ Values.who }}!\n"
        "{% if Values.loud %}\n"
        "LOUD\n"
        "{% endif %}\n"
        "{% if Values.long %}long{% endif %}\n"
    ),
    "template/raw.txt": "as it is\n",
    "partials/unused.j2": "{{ Name }}\n",
    "examples/small.yaml": "values: {who: you, loud: false, long: false}\n",
    "examples/large.yaml": "values: {who: you, loud: false, long: true}\n",
}
SCHEMA = """\
schema:
  type: object
  required: [who, loud, long]
  properties:
    who: {type: string, minLength: 1, maxLength: 9}
    loud: {type: boolean}
    long: {type: boolean}
"""
_SAMPLE = "=== hello.txt (100644)\nHello you!\n\n{}\n=== raw.txt (100644)\nas it is\n"
SNAPSHOTS = {
    "sample/small.tree": _SAMPLE.format(""),
    "sample/large.tree": _SAMPLE.format("long"),
    "other/yes.tree": "=== a (100644)\na\n",
    "other/no.tree": "=== a (100644)\n\n",
}


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    """A catalog of two blueprints whose snapshots are recorded."""
    folder = tmp_path / "catalog"
    write_blueprint(folder / "blueprints/sample", FILES)
    mustache = MANIFEST.replace("jinja2", "mustache").replace("sample", "other")
    whole = {
        "template/a.mustache": "{{#Values.a}}a{{/Values.a}}\n",
        "examples/yes.yaml": "values: {a: true}\n",
        "examples/no.yaml": "values: {a: false}\n",
    }
    write_blueprint(folder / "blueprints/other", whole, mustache)
    for path, text in SNAPSHOTS.items():
        file = folder / "snapshots" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """Run a module in *folder*."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", *module],
        cwd=folder,
        env=kept | {"BLUEPRINT_CATALOGS": ".", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def rows(shown: str) -> list[str]:
    """Return the lines of the table, each without its blanks."""
    _, _, table = shown.partition("coverage of blueprints")
    return [" ".join(line.split()) for line in table.splitlines()[1:] if line.strip()]


def test_branch_never_taken_is_told_with_its_line(
    catalog: Path, tmp_path: Path
) -> None:
    """The table names what no example reached; too little of it fails the run."""
    reports = {
        "--html": tmp_path / "pages",
        "--coverage-json": tmp_path / "report.json",
        "--coverage-xml": tmp_path / "report.xml",
    }
    asked = [text for option, at in reports.items() for text in (option, str(at))]

    done = run(
        catalog, "provisionhub", "test", "--no-matrix", "--fail-under", "90", *asked
    )

    assert done.returncode == 1, done.stdout
    assert rows(done.stdout)[:11] == [
        "regions missed reached",
        "template/a.mustache 3 0 100.0%",
        "other, 2 cases 3 0 100.0%",
        "partials/unused.j2 2 2 0.0%",
        "1 the whole file",
        "template/hello.txt.j2 6 1 83.3%",
        "2-3 if Values.loud",
        "template/raw.txt 1 0 100.0%",
        "sample, 2 cases 9 3 66.6%",
        "all blueprints 12 3 75.0%",
        "coverage failure: 75.0% is less than 90%",
    ]
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["reached"] == 9
    assert "LOUD" in "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.html"))
    xml = (tmp_path / "report.xml").read_text("utf-8")
    assert 'filename="blueprints/sample/template/hello.txt.j2"' in xml
    assert '<line number="3" hits="0">' in xml


def test_processes_measure_together(catalog: Path) -> None:
    """With pytest-xdist the figures are whole; cases from the schema count as well."""
    write_blueprint(catalog / "blueprints/sample", FILES, MANIFEST + SCHEMA)
    config = "[pytest]\nblueprint_catalogs = .\nblueprint_matrix_odd_texts = no\n"
    (catalog / "pytest.ini").write_text(config, "utf-8")
    bound = "--blueprint-coverage-fail-under=77.7"

    done = run(catalog, "pytest", "-q", "-n2", bound, "blueprints/sample")

    assert done.returncode == 0, done.stdout
    table = rows(done.stdout)
    assert "all blueprints 9 2 77.7%" in table
    assert [row for row in table if re.fullmatch(r"sample, \d+ cases 9 2 77.7%", row)]
    assert "Values.loud" not in done.stdout


def test_plain_pytest_measures_too(tmp_path: Path) -> None:
    """The options work in any run of pytest; a broken blueprint is told as such."""
    folder = tmp_path / "catalog"
    write_blueprint(folder / "blueprints/broken", {"template/a.j2": "{% if %}"})
    write_blueprint(folder / "blueprints/torn", {}, "name: [\n")
    options = "--blueprint-coverage --blueprint-coverage-html=catalog.ini"
    (folder / "catalog.ini").write_text("", "utf-8")
    config = f"[pytest]\nblueprint_catalogs = .\naddopts = {options}\n"
    (folder / "pytest.ini").write_text(config, "utf-8")

    done = run(folder, "pytest", "-q")

    assert done.returncode != 0
    assert "INTERNALERROR" not in done.stdout
    assert "Traceback" not in done.stdout
    table = rows(done.stdout)
    assert table[1].startswith("broken, 0 cases: not measured: ")
    assert table[2].startswith("torn, 0 cases: not measured: ")
    assert any(row.startswith("coverage failure: it can't be written") for row in table)


def test_catalogs_are_asked_for(tmp_path: Path) -> None:
    """Where pytest knows of no catalog, there is nothing that could be measured."""
    done = run(tmp_path, "pytest", "--blueprint-coverage-fail-under=0")

    assert done.returncode == 4
    assert "needs `blueprint_catalogs`" in done.stdout


def test_bound_that_is_no_percentage_is_refused(catalog: Path) -> None:
    """More than everything can't be asked for."""
    done = run(catalog, "provisionhub", "test", "--fail-under", "101")

    assert done.returncode == 2
    assert "--fail-under" in done.stdout
