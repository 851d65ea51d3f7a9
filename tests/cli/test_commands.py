"""The command line, run as its users run it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.blueprints import MANIFEST, Files, write_blueprint
from support.jobs import job, message

FILES: Files = {
    "template/README.md.j2": "# {{ Name }}\nport {{ Values.port }}\n",
    "template/bin/run.sh": "#!/bin/sh\n",
    "template/logo.png": b"\x89PNG\xff",
    "examples/small.yaml": "name: tiny\nvalues: {port: 1}\n",
}
SCHEMA = "schema: {properties: {port: {type: integer, default: 8080}}}\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that runs ``provisionhub`` in a folder that is a catalog."""
    write_blueprint(tmp_path / "blueprints/sample", FILES, MANIFEST + SCHEMA)
    (tmp_path / "job.json").write_text(json.dumps(message(job({"port": 80}))))
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def run(
        *arguments: str, stdin: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "provisionhub", *arguments],
            cwd=tmp_path,
            env=environment | settings,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_provision_shows_each_step_and_prints_the_clone_url(
    run: Run, tmp_path: Path
) -> None:
    """Steps go to standard error, the clone URL alone to standard output."""
    done = run("provision", "job.json")

    repository = tmp_path / "repositories/my-team/my-service.git"
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{repository}\n"
    for step in ("validate", "prepare", "render", "create", "push"):
        assert f"✓ {step}" in done.stderr
    assert "Provisioned my-team/my-service" in done.stderr
    assert "\x1b" not in done.stderr


def test_provision_prints_json(run: Run) -> None:
    """``--json`` prints repository and commit as one object."""
    made = json.loads(run("provision", "job.json", "--json").stdout)

    assert made["status"] == "succeeded"
    assert made["run_id"] == "run-1"
    assert len(made["commit"]) == 40
    assert made["repository"]["default_branch"] == "main"


def test_provision_reads_standard_input(run: Run, tmp_path: Path) -> None:
    """``-`` reads the job from standard input."""
    done = run("provision", "-", stdin=(tmp_path / "job.json").read_text())

    assert done.returncode == 0, done.stderr


def test_provider_can_be_chosen(run: Run) -> None:
    """``--provider`` goes before the job's; one that is not installed is told."""
    failed = run("provision", "job.json", "--provider", "gitlob")

    assert failed.returncode == 1
    assert "Git provider `gitlob` is not installed" in failed.stderr


def test_failure_is_explained(run: Run, tmp_path: Path) -> None:
    """A failure shows message, place, caret and hint, and exits 1."""
    template = tmp_path / "blueprints/sample/template/README.md.j2"
    template.write_text("port {{ Values.prot }}\n")

    failed = run("provision", "job.json")

    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "README.md.j2:1:16" in failed.stderr
    assert "^^^^" in failed.stderr
    assert "hint: did you mean `port`?" in failed.stderr


def test_failure_as_json_is_the_control_planes_object(run: Run) -> None:
    """``--json`` of a failure is ``{"error": {"code", "message", "details"}}``."""
    failed = run("render", "smaple", "--example", "small", "--json")

    error = json.loads(failed.stdout)["error"]
    assert failed.returncode == 1
    assert error["code"] == "blueprint-not-found"
    assert error["details"]["hint"] == "did you mean `sample`?"


def test_job_that_breaks_its_schema_is_told_whole(run: Run) -> None:
    """All violations of a job are told at once."""
    failed = run("provision", "-", stdin='{"run_id": 7, "type": "servce"}')

    assert failed.returncode == 1
    for pointer in ("/run_id", "/type", "/blueprint", "/git_config"):
        assert f"  {pointer}: " in failed.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["provision", "absent.json"], id="no such job"),
        pytest.param(["render", "sample"], id="no inputs"),
        pytest.param(
            ["render", "sample", "--example", "small", "--values", "x"], id="two inputs"
        ),
        pytest.param(
            ["render", "sample", "--example", "small", "--tree", "--json"],
            id="two outputs",
        ),
        pytest.param(
            ["render", "sample", "--example", "small", "--out", "blueprints"],
            id="folder in use",
        ),
        pytest.param(
            ["render", "sample", "--example", "small", "--diff", "absent"],
            id="nothing to compare with",
        ),
        pytest.param(["frobnicate"], id="no such command"),
    ],
)
def test_misuse_exits_2(arguments: list[str], run: Run) -> None:
    """A command that is called wrongly exits 2 and changes nothing."""
    failed = run(*arguments)

    assert failed.returncode == 2
    assert failed.stdout == ""


def test_bad_setting_exits_2(run: Run) -> None:
    """A bad setting is refused at start."""
    failed = run("blueprints", MAX_FILES="many")

    assert failed.returncode == 2
    assert "MAX_FILES: `many` is not accepted" in failed.stderr


def test_render_shows_the_tree(run: Run) -> None:
    """``--tree`` shows files, folders and sizes."""
    done = run("render", "sample", "--example", "small", "--tree")

    assert done.returncode == 0
    assert "3 files" in done.stdout
    assert "README.md" in done.stdout
    assert "bin/" in done.stdout


def test_render_writes_files(run: Run, tmp_path: Path) -> None:
    """``--out`` writes the files into a new folder."""
    done = run("render", "sample", "--example", "small", "--out", "out")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/README.md").read_text() == "# tiny\nport 1\n"


def test_render_takes_values_from_a_file(run: Run) -> None:
    """``--values`` renders what the file says; binary content is base64."""
    values = "name: mine\nvalues:\n  port: 9\n"

    made = json.loads(
        run("render", "sample", "--values", "-", "--json", stdin=values).stdout
    )

    files = {file["path"]: file for file in made["files"]}
    assert files["README.md"]["content"] == "# mine\nport 9\n"
    assert files["logo.png"]["content_base64"] == "iVBORw//"[:4] + "R/8="
    assert made["commit_message"] == "Provision mine from sample 1.2.0"


@pytest.mark.parametrize("name", ["./other/sample", "sample", "."])
def test_render_takes_a_folder(name: str, run: Run, tmp_path: Path) -> None:
    """A blueprint may be named by its folder, and by its name alone if none else is."""
    folder = {"sample": "sample", ".": "."}.get(name, "other/sample")
    write_blueprint(tmp_path / folder, FILES, MANIFEST + SCHEMA)

    done = run("render", name, "--example", "small", BLUEPRINT_CATALOGS="/absent")

    assert done.returncode == 0, done.stderr


def test_render_shows_a_diff(run: Run, tmp_path: Path) -> None:
    """``--diff`` shows how a folder differs, and exits 1 only if it does."""
    run("render", "sample", "--example", "small", "--out", "out")

    same = run("render", "sample", "--example", "small", "--diff", "out")
    (tmp_path / "out/README.md").write_text("# tiny\nport 2\n")
    (tmp_path / "out/logo.png").write_bytes(b"\xfe")
    (tmp_path / "out/bin/run.sh").chmod(0o755)
    differs = run("render", "sample", "--example", "small", "--diff", "out")

    assert (same.returncode, same.stdout) == (0, "")
    assert differs.returncode == 1
    assert "-port 2\n+port 1\n" in differs.stdout
    assert "binary content differs" in differs.stdout
    assert "mode 100755 -> 100644" in differs.stdout


def test_verify_says_equal_or_names_the_file(run: Run, tmp_path: Path) -> None:
    """``verify`` of a clone says equal, or names the file that changed."""
    source = run("provision", "job.json").stdout.strip()
    subprocess.run(["git", "clone", "-q", source, tmp_path / "clone"], check=True)

    equal = run("verify", "clone")
    (tmp_path / "clone/README.md").write_text("# other\n")
    differs = run("verify", "clone")
    as_json = json.loads(run("verify", "clone", "--json").stdout)

    assert (equal.returncode, differs.returncode) == (0, 1)
    assert equal.stdout.startswith("equal: 4 files")
    assert "changed  README.md" in differs.stdout
    assert as_json["changed"] == ["README.md"]


def test_lists_say_what_is_installed(run: Run) -> None:
    """Engines, providers and blueprints are listed, with where they come from."""
    engines = run("engines").stdout
    providers = run("providers").stdout
    blueprints = run("blueprints").stdout

    assert "jinja2" in engines
    assert ".mustache" in engines
    assert "local" in providers
    assert "sample" in blueprints
    assert "1.2.0" in blueprints


def test_lists_are_json_too(run: Run) -> None:
    """Each list has a JSON form."""
    engines = json.loads(run("engines", "--json").stdout)
    providers = json.loads(run("providers", "--json").stdout)
    blueprints = json.loads(run("blueprints", "--json").stdout)

    assert {engine["name"] for engine in engines} >= {"jinja2", "mustache"}
    assert providers[0]["distribution"] == "provisionhub"
    assert blueprints[0]["examples"] == ["small"]


def test_broken_blueprint_is_listed_and_told(run: Run, tmp_path: Path) -> None:
    """A list with a broken blueprint shows its error, and exits 1."""
    write_blueprint(tmp_path / "blueprints/broken", {}, "engine: [")

    listed = run("blueprints")
    as_json = json.loads(run("blueprints", "--json").stdout)

    assert listed.returncode == 1
    assert "blueprints/broken/blueprint.yaml:" in listed.stderr
    assert as_json[0]["error"]["code"] == "invalid-blueprint"


def test_catalog_may_be_a_git_repository(run: Run, tmp_path: Path) -> None:
    """A catalog in Git is mirrored under the cache, and its blueprints found."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)
    catalog = f"git+{tmp_path.as_uri()}"

    listed = json.loads(run("blueprints", "--json", BLUEPRINT_CATALOGS=catalog).stdout)

    assert listed[0]["catalog"] == tmp_path.as_uri()
    assert listed[0]["version"] == "1.2.0"
    assert list((tmp_path / "cache/provisionhub/catalogs").glob("*.git"))


def test_missing_catalog_is_told(run: Run) -> None:
    """A blueprint that no catalog has is told with where was looked."""
    failed = run("render", "sample", "--example", "small", BLUEPRINT_CATALOGS="/absent")

    assert failed.returncode == 1
    assert "looked in `/absent`" in failed.stderr


def test_folder_without_a_manifest_is_no_blueprint(run: Run) -> None:
    """A path that leads to no blueprint is told."""
    failed = run("render", "./cache", "--example", "small")

    assert failed.returncode == 1
    assert "holds no `blueprint.yaml`" in failed.stderr


def test_verify_tells_of_files_with_secrets(run: Run, tmp_path: Path) -> None:
    """Files that may hold secrets are told to be compared by hash alone."""
    manifest = MANIFEST + (
        "schema: {properties: {token: {type: string, writeOnly: true}}}\n"
        "files: [{path: secret.env, secrets: [token]}]\n"
    )
    files = {"template/secret.env.j2": "T={{ Values.token }}\n"}
    shutil.rmtree(tmp_path / "blueprints/sample")
    write_blueprint(tmp_path / "blueprints/sample", files, manifest)
    content = json.dumps(message(job({"token": "hunter2hunter2"})))

    source = run("provision", "-", stdin=content)
    subprocess.run(
        ["git", "clone", "-q", source.stdout.strip(), tmp_path / "clone"], check=True
    )
    verified = run("verify", "clone")

    assert "hunter2" not in source.stdout + source.stderr
    assert "secret.env: may hold secrets" in verified.stdout
    assert verified.returncode == 0


def test_version_is_printed(run: Run) -> None:
    """``--version`` prints name and version."""
    assert run("--version").stdout == "provisionhub 0.1.0\n"
