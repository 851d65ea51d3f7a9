"""``provisionhub lint``: what it prints, in each format, and how it ends."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from provisionhub.cli.commands import cli
from support.blueprints import MANIFEST, write_blueprint
from support.foreign import JINJA

SCHEMA = "schema: {properties: {who: {type: string, default: you}}}\n"
SOUND = {"template/hello.txt.j2": "Hello {{ Values.who }}!\n"}
WRONG = {"template/hello.txt.j2": "Hello\n{{ Values.hwo }}!\n"}
DULL = {"template/hello.txt.j2": "Hello!\n"}


@pytest.fixture(autouse=True)
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A catalog with a sound blueprint, a wrong one and one with a warning."""
    for name, files in (("sound", SOUND), ("wrong", WRONG), ("dull", DULL)):
        manifest = MANIFEST.replace("sample", name) + SCHEMA
        write_blueprint(tmp_path / "blueprints" / name, files, manifest)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BLUEPRINT_CATALOGS", ".")
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def lint(*arguments: str) -> tuple[int, str, str]:
    """Run ``provisionhub lint``; return exit code, standard output and error."""
    done = CliRunner().invoke(cli, ["lint", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_sound_blueprint_passes() -> None:
    """Nothing is printed where nothing is wrong, but how much was looked at."""
    assert lint("sound") == (0, "", "linted 1 blueprint: 0 errors, 0 warnings\n")


def test_finding_is_shown_with_its_place() -> None:
    """A finding has severity, code, blueprint, message, caret and hint."""
    code, out, err = lint("wrong")

    assert code == 1
    assert out == (
        "error[undeclared-value] wrong: `Values.hwo` is not declared: `Values` has no "
        "`hwo`\n"
        "  --> blueprints/wrong/template/hello.txt.j2:2:4\n"
        "    1 | Hello\n"
        "    2 > {{ Values.hwo }}!\n"
        "           ^^^^^^^^^^\n"
        "\n"
        "hint: did you mean `who`?\n"
        "\n"
    )
    assert err == "linted 1 blueprint: 1 error, 0 warnings\n"


def test_warnings_fail_only_if_asked() -> None:
    """A warning alone is no failure, but with ``--strict``."""
    assert lint("dull")[0] == 0
    assert "warning[unused-value] dull" in lint("dull")[1]
    assert lint("dull", "--strict")[0] == 1
    assert lint("sound", "--strict")[0] == 0


def test_all_blueprints_of_the_catalogs_are_linted(catalog: Path) -> None:
    """Without names, every blueprint is linted, the broken ones too."""
    write_blueprint(catalog / "blueprints/broken", {}, "name: [\n")

    code, out, err = lint()

    assert code == 1
    assert re.findall(r"(?m)^\w+\[([a-z-]+)\] (\w+)", out) == [
        ("syntax", "broken"),
        ("unused-value", "dull"),
        ("undeclared-value", "wrong"),
    ]
    assert err == "linted 4 blueprints: 2 errors, 1 warning\n"


def test_folder_is_linted_by_its_path(catalog: Path) -> None:
    """A path leads to a blueprint that no catalog has."""
    write_blueprint(catalog / "elsewhere/other", WRONG, MANIFEST + SCHEMA)

    assert lint("elsewhere/other")[0] == 1
    assert lint(str(catalog / "blueprints" / "sound"))[0] == 0


def test_unknown_blueprint_is_an_error_with_a_hint() -> None:
    """A name that is nearly right gets a hint."""
    code, out, err = lint("sonud")

    assert (code, out) == (1, "")
    assert "did you mean `sound`?" in err


def test_catalog_without_blueprints_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to lint is a failure, not a success."""
    monkeypatch.setenv("BLUEPRINT_CATALOGS", str(tmp_path / "none"))

    code, _, err = lint()

    assert code == 1
    assert "there is no blueprint to lint" in err


def test_json_is_one_object() -> None:
    """``--json`` gives each blueprint's report, with what each value affects."""
    code, out, _ = lint("wrong", "sound", "--json")
    blueprints: dict[str, Any] = json.loads(out)["blueprints"]

    assert code == 1
    assert list(blueprints) == ["wrong", "sound"]
    assert blueprints["sound"] == {
        "findings": [],
        "affects": {"/who": ["template/hello.txt.j2"]},
        "outlined": True,
        "left_out": 0,
    }
    (finding,) = blueprints["wrong"]["findings"]
    assert "^^^" in finding.pop("excerpt")
    assert finding == {
        "code": "undeclared-value",
        "severity": "error",
        "message": "`Values.hwo` is not declared: `Values` has no `hwo`",
        "hint": "did you mean `who`?",
        "pointer": "/hwo",
        "file": "blueprints/wrong/template/hello.txt.j2",
        "line": 2,
        "column": 4,
    }


def test_failure_as_json() -> None:
    """With ``--json`` a failure is the error object that every command prints."""
    code, out, _ = lint("sonud", "--json")

    assert code == 1
    assert json.loads(out)["error"]["code"] == "blueprint-not-found"


def test_code_quality_report_for_gitlab(catalog: Path) -> None:
    """``--format codequality`` is GitLab's; fingerprints stay when lines move."""
    _, out, _ = lint("wrong", "--format", "codequality")
    (issue,) = json.loads(out)
    template = catalog / "blueprints/wrong/template/hello.txt.j2"
    template.write_text("1\n2\n3\n" + template.read_text(encoding="utf-8"))
    (moved,) = json.loads(lint("wrong", "--format", "codequality")[1])

    assert issue | {"fingerprint": ""} == {
        "description": "wrong: `Values.hwo` is not declared: `Values` has no `hwo` "
        "(did you mean `who`?)",
        "check_name": "undeclared-value",
        "fingerprint": "",
        "severity": "major",
        "location": {
            "path": "blueprints/wrong/template/hello.txt.j2",
            "lines": {"begin": 2},
        },
    }
    assert moved["location"]["lines"]["begin"] == 5
    assert moved["fingerprint"] == issue["fingerprint"]
    assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])


def test_fingerprints_differ(catalog: Path) -> None:
    """Findings that are alike have two fingerprints; no finding is an empty list."""
    write_blueprint(
        catalog / "blueprints/twice",
        {"template/a.j2": "{% if %}", "template/b.j2": "{{ Nmae }}{{ Naem }}"},
        MANIFEST.replace("sample", "twice"),
    )
    issues = json.loads(lint("twice", "--format", "codequality")[1])

    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 3
    assert json.loads(lint("sound", "--format", "codequality")[1]) == []


def test_annotations_for_github() -> None:
    """``--format github`` prints one workflow command a finding, all on one line."""
    _, out, _ = lint("wrong", "dull", "--format", "github")
    error, warning = out.splitlines()

    assert error == (
        "::error file=blueprints/wrong/template/hello.txt.j2,line=2,col=4,endColumn=14,"
        "title=undeclared-value in wrong::`Values.hwo` is not declared: `Values` has "
        "no `hwo`%0Ahint: did you mean `who`?"
    )
    assert warning.startswith("::warning file=blueprints/dull/blueprint.yaml,line=5,")


def test_affected_files_are_shown_if_asked() -> None:
    """``--affects`` shows the files that each value affects, as a table."""
    _, out, _ = lint("sound", "--affects")

    assert [line.split() for line in out.splitlines()] == [
        ["BLUEPRINT", "VALUE", "FILES"],
        ["sound", "/who", "template/hello.txt.j2"],
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "--format", "github"),
        ("--affects", "--json"),
        ("--affects", "--format", "codequality"),
        ("--format", "xml"),
    ],
)
def test_options_that_contradict_are_misuse(arguments: tuple[str, ...]) -> None:
    """What can't be done ends with 2, before anything is."""
    assert lint(*arguments)[0] == 2


def _command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "provisionhub", *arguments],
        cwd=folder,
        env=kept | {"BLUEPRINT_CATALOGS": ".", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.integration
def test_foreign_repository_gets_exactly_its_three_findings(tmp_path: Path) -> None:
    """A broken snapshot, an undeclared variable and an unreachable branch: three."""
    example = {
        "examples/small.yaml": "values: {owner: me, database: none, tls: false}\n"
    }
    # The variable is read in a case that the example does not come to.
    guarded = '{% if Values.database == "mysql" %}' + JINJA.undeclared + "{% endif %}\n"
    files = JINJA.with_line(guarded, JINJA.unreachable) | example
    write_blueprint(tmp_path / "blueprints" / "sample", files, JINJA.manifest)
    snapshot = tmp_path / "snapshots/sample/small.tree"
    snapshot.parent.mkdir(parents=True)
    snapshot.write_text("=== service.yaml (100644)\nas it once was\n", encoding="utf-8")

    linted = _command(tmp_path, "lint", "sample")
    tested = _command(tmp_path, "test", "sample")

    assert re.findall(r"(?m)^\w+\[([a-z-]+)\]", linted.stdout) == [
        "undeclared-value",
        "unreachable-branch",
    ]
    assert (linted.returncode, tested.returncode) == (1, 1)
    # The snapshot, and the first case that comes to the variable: the same finding.
    assert re.findall(r"(\d+) failed, .* 2 skipped", tested.stdout)[-1:] == ["2"]
