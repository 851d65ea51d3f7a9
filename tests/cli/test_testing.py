"""``provisionhub test``: blueprints are held to their snapshots."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.blueprints import MANIFEST, write_blueprint

pytestmark = pytest.mark.integration

_FILES = {
    "template/hello.txt.j2": "Hello {{ Values.who }}!\n",
    "template/tests/test_generated.py": "def test_of_theirs():\n    assert False\n",
    "examples/small.yaml": "values: {who: you}\n",
    "examples/large.yaml": "values: {who: everybody}\n",
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with one blueprint, and its snapshots as ``--update`` records them."""
    folder = tmp_path_factory.mktemp("catalog")
    write_blueprint(folder / "blueprints/sample", _FILES)
    assert run_test(folder, "--update").returncode == 0
    return folder


@pytest.fixture
def catalog(recorded: Path, tmp_path: Path) -> Path:
    """A copy of the catalog, to be changed."""
    return shutil.copytree(recorded, tmp_path / "catalog")


def run_test(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``provisionhub test`` in *folder*."""
    return _run(folder, "provisionhub", "test", *arguments)


def _run(folder: Path, *module: str) -> subprocess.CompletedProcess[str]:
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


def test_update_records_every_example(catalog: Path) -> None:
    """``--update`` writes one snapshot an example; after that all is well."""
    names = sorted(file.name for file in (catalog / "snapshots/sample").iterdir())
    shown = (catalog / "snapshots/sample/small.tree").read_text(encoding="utf-8")

    done = run_test(catalog)

    assert names == ["large.tree", "small.tree"]
    assert "=== hello.txt (100644)\nHello you!\n" in shown
    assert done.returncode == 0, done.stdout
    assert "2 snapshots passed" in done.stdout


def test_change_is_shown_as_a_diff(catalog: Path) -> None:
    """A tree that differs from its snapshot fails, and says in which lines."""
    template = catalog / "blueprints/sample/template/hello.txt.j2"
    template.write_text("Bye {{ Values.who }}!\n", encoding="utf-8")

    done = run_test(catalog)

    assert done.returncode == 1
    assert "- Hello you!" in done.stdout
    assert "+ Bye you!" in done.stdout


def test_missing_snapshot_fails(catalog: Path) -> None:
    """An example that was never recorded fails."""
    (catalog / "snapshots/sample/small.tree").unlink()

    done = run_test(catalog)

    assert done.returncode == 1
    assert "test_renders_its_snapshot[small]" in done.stdout


def test_unused_snapshot_fails_until_it_is_removed(catalog: Path) -> None:
    """A snapshot without its example fails; ``--update`` removes it."""
    (catalog / "blueprints/sample/examples/large.yaml").unlink()

    before = run_test(catalog)
    update = run_test(catalog, "--update")
    after = run_test(catalog)

    assert (before.returncode, update.returncode, after.returncode) == (1, 0, 0)
    assert "large.tree" in before.stdout


def test_snapshots_of_no_blueprint_fail_until_they_are_removed(catalog: Path) -> None:
    """A whole folder of snapshots whose blueprint is gone fails as well."""
    orphan = catalog / "snapshots/gone/small.tree"
    orphan.parent.mkdir()
    orphan.write_text("", encoding="utf-8")

    before = run_test(catalog)
    update = run_test(catalog, "--update")

    assert (before.returncode, update.returncode) == (1, 0)
    assert "gone/small.tree" in before.stdout
    assert not orphan.exists()


def test_misspelled_variable_is_shown_with_its_line(catalog: Path) -> None:
    """A template that fails is shown as everywhere: line, caret, hint."""
    template = catalog / "blueprints/sample/template/hello.txt.j2"
    template.write_text("Hello {{ Values.hwo }}!\n", encoding="utf-8")

    done = run_test(catalog)

    assert done.returncode == 1
    assert "1 > Hello {{ Values.hwo }}!" in done.stdout
    assert "^^^" in done.stdout


def test_broken_blueprint_is_told_with_its_place(catalog: Path) -> None:
    """A manifest that can't be read fails with its place, and others go on."""
    write_blueprint(catalog / "blueprints/broken", {}, "name: [\n")

    done = run_test(catalog)

    assert done.returncode == 1
    assert "blueprint.yaml:1:" in done.stdout


def test_only_the_named_blueprints_are_tested(catalog: Path) -> None:
    """A name, or a folder, chooses; a name that is nearly right gets a hint."""
    write_blueprint(catalog / "blueprints/other", _FILES, MANIFEST.replace("sam", "x"))

    chosen = run_test(catalog, "sample")
    folder = run_test(catalog, "blueprints/sample")
    misspelled = run_test(catalog, "smaple")

    assert (chosen.returncode, folder.returncode) == (0, 0)
    assert "other" not in chosen.stdout
    assert misspelled.returncode == 1
    assert "did you mean `sample`?" in misspelled.stdout


def test_catalog_without_blueprints_is_an_error(tmp_path: Path) -> None:
    """Nothing to test is a failure, not a success."""
    done = run_test(tmp_path)

    assert done.returncode == 1
    assert "there is no blueprint to test" in done.stdout


def test_blueprint_without_examples_fails(tmp_path: Path) -> None:
    """A blueprint that nothing was ever rendered of fails."""
    write_blueprint(tmp_path / "blueprints/sample", {"template/a.txt": "a"})

    done = run_test(tmp_path)

    assert done.returncode == 1
    assert "test_has_an_example" in done.stdout


def test_report_for_ci_names_every_test(catalog: Path) -> None:
    """``--junit-xml`` and ``--jobs``: the report holds one case a test."""
    run_test(catalog, "--junit-xml", "report.xml", "--jobs", "2")

    report = (catalog / "report.xml").read_text(encoding="utf-8")
    assert 'tests="6"' in report
    assert 'name="test_renders_its_snapshot[small]"' in report


def test_one_line_of_configuration_is_enough(catalog: Path) -> None:
    """In a repository of blueprints plain pytest finds them, and nothing inside."""
    (catalog / "pytest.ini").write_text("[pytest]\nblueprint_catalogs = .\n", "utf-8")

    done = _run(catalog, "pytest", "-q")

    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


def test_without_that_line_the_plugin_does_nothing(catalog: Path) -> None:
    """Where no catalog is named, pytest collects what it always did."""
    done = _run(catalog, "pytest", "-q")

    assert "test_of_theirs" in done.stdout
    assert "blueprint.yaml" not in done.stdout


_SCHEMA = """\
schema:
  type: object
  additionalProperties: false
  required: [database]
  properties:
    database: {enum: [none, postgres]}
    replicas: {type: integer, minimum: 1}
    password: {type: string, writeOnly: true, minLength: 12}
"""
_SCHEMA_FILES = {
    "template/db.txt.j2": "{{ Values.database }} {{ Values.replicas }}\n",
    "examples/small.yaml": "values: {database: none, replicas: 2}\n",
}


@pytest.fixture(scope="module")
def with_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog whose blueprint forgets that a value is optional; recorded."""
    folder = tmp_path_factory.mktemp("derived")
    write_blueprint(folder / "blueprints/sample", _SCHEMA_FILES, MANIFEST + _SCHEMA)
    assert run_test(folder, "--update", "--no-matrix").returncode == 0
    return folder


def test_derived_case_fails_where_a_template_does(with_schema: Path) -> None:
    """A value that the schema leaves out is shown with the template's line and why."""
    done = run_test(with_schema)

    assert done.returncode == 1
    assert "test_renders_a_derived_case[no replicas]" in done.stdout
    assert "1 > {{ Values.database }} {{ Values.replicas }}" in done.stdout
    assert "^^^^^^^^" in done.stdout
    assert '"database": "none"' in done.stdout
    assert "have the schema refuse them" in done.stdout
    assert "test_renders_its_snapshot" not in done.stdout.partition("summary")[2]


def test_failing_case_keeps_its_secrets(with_schema: Path, tmp_path: Path) -> None:
    """Of a case's values those that are secret are not shown."""
    catalog = shutil.copytree(with_schema, tmp_path / "catalog")
    example = "values: {database: none, password: correct-horse-battery}\n"
    (catalog / "blueprints/sample/examples/small.yaml").write_text(example, "utf-8")

    done = run_test(catalog)

    assert done.returncode == 1
    assert "secrets left out" in done.stdout
    assert "correct-horse" not in done.stdout


def test_tests_are_listed_and_none_is_run(with_schema: Path) -> None:
    """``--list`` names each case; without the matrix there are the examples alone."""
    listed = run_test(with_schema, "--list")
    examples = run_test(with_schema, "--list", "--no-matrix")

    assert (listed.returncode, examples.returncode) == (0, 0)
    assert "test_renders_a_derived_case[database=postgres]" in listed.stdout
    assert "test_renders_a_derived_case[replicas=1 (minimum)]" in listed.stdout
    assert "derived" not in examples.stdout


def test_cases_are_held_to_snapshots_if_asked(
    with_schema: Path, tmp_path: Path
) -> None:
    """``--snapshot-matrix`` records and compares; an ordinary run leaves them alone."""
    catalog = shutil.copytree(with_schema, tmp_path / "catalog")
    template = catalog / "blueprints/sample/template/db.txt.j2"
    template.write_text("{{ Values.database }}\n", "utf-8")
    recorded = run_test(catalog, "--snapshot-matrix", "--update")
    ordinary = run_test(catalog)
    template.write_text(
        "{{ Values.database }} {{ Values.replicas is defined }}\n", "utf-8"
    )

    changed = run_test(catalog, "--snapshot-matrix", "--no-odd-texts")

    names = {each.name for each in (catalog / "snapshots/sample/matrix").iterdir()}
    assert (recorded.returncode, ordinary.returncode) == (0, 0), ordinary.stdout
    assert "database=postgres.tree" in names
    assert changed.returncode == 1
    assert "+ postgres True" in changed.stdout


def test_what_no_case_covers_is_told_and_no_failure(tmp_path: Path) -> None:
    """The end of a run says how many cases there are, and what they leave out."""
    schema = "schema: {properties: {v: {enum: [a, b], not: {const: b}}}}\n"
    files = {"template/a.txt": "a", "examples/one.yaml": "values: {v: a}\n"}
    write_blueprint(tmp_path / "blueprints/sample", files, MANIFEST + schema)

    done = run_test(tmp_path, "--update")

    assert done.returncode == 0, done.stdout
    assert "sample: 1 case from its schema" in done.stdout
    assert "sample: not covered: v: the schema refuses v=b itself" in done.stdout
