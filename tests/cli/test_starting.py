"""``provisionhub new``: what it writes works as it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from provisionhub.cli.commands import cli
from provisionhub.registry import load_engines
from provisionhub.tree import read_files

ROOT = Path(__file__).resolve().parents[2]
STARTERS = sorted(load_engines())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _new(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["new", *arguments])


def _run(folder: Path, *command: str, path: Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(path), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("engine", STARTERS)
def test_new_blueprint_renders_every_example(folder: Path, engine: str) -> None:
    """A new blueprint has examples that render, and their snapshots beside them."""
    done = _new("blueprint", "hello", "--engine", engine)

    assert done.exit_code == 0, done.output
    recorded = sorted(file.stem for file in (folder / "snapshots/hello").iterdir())
    assert recorded == ["everything", "minimal"]
    minimal = (folder / "snapshots/hello/minimal.tree").read_text(encoding="utf-8")
    assert "=== Dockerfile" in minimal
    assert "Ask The orders team about it. It listens on port 8080.\n" in minimal
    assert "from hello 0.1.0.\n" in minimal
    assert "docker build -t shop/orders ." in minimal
    other = (folder / "snapshots/hello/everything.tree").read_text(encoding="utf-8")
    assert "=== Dockerfile" not in other
    assert "docker build" not in other
    assert "TOKEN=0123456789abcdef\n" in other


@pytest.mark.parametrize("engine", STARTERS)
def test_new_blueprint_has_no_findings(folder: Path, engine: str) -> None:
    """`provisionhub lint` has nothing to say of a new blueprint as it was made."""
    _new("blueprint", "hello", "--engine", engine)

    done = CliRunner().invoke(cli, ["lint", str(folder / "blueprints/hello")])

    assert done.exit_code == 0
    assert (done.stdout, done.stderr) == (
        "",
        "linted 1 blueprint: 0 errors, 0 warnings\n",
    )


@pytest.mark.integration
@pytest.mark.parametrize("engine", STARTERS)
def test_new_blueprint_passes_its_tests(folder: Path, engine: str) -> None:
    """`provisionhub test` is content with a new blueprint as it was made."""
    _new("blueprint", "hello", "--engine", engine)

    done = _run(folder, "provisionhub", "test", path=folder)

    assert done.returncode == 0, done.stdout
    assert "2 snapshots passed" in done.stdout


def test_second_blueprint_keeps_the_catalogs_files(folder: Path) -> None:
    """A catalog's own pipeline is left as it is."""
    (folder / ".gitlab-ci.yml").write_text("mine", encoding="utf-8")

    done = _new("blueprint", "hello", "--engine", "jinja2")

    assert done.exit_code == 0, done.output
    assert (folder / ".gitlab-ci.yml").read_text(encoding="utf-8") == "mine"
    assert (folder / ".github/workflows/blueprints.yml").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("blueprint", "Hello", "--engine", "jinja2"), 2, "lower-case"),
        (("blueprint", "../x", "--engine", "jinja2"), 2, "lower-case"),
        (("blueprint", "there", "--engine", "jinja2"), 2, "is there already"),
        (("blueprint", "hello", "--engine", "jinja"), 1, "did you mean `jinja2`?"),
        (("engine", "My Engine"), 2, "lower-case"),
        (("engine", "blueprints"), 2, "is there already"),
    ],
)
def test_wrong_name_writes_nothing(
    folder: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """A name that can't be, or is taken, is refused; nothing is written."""
    (folder / "blueprints/there").mkdir(parents=True)

    done = _new(*arguments)

    assert done.exit_code == code
    assert said in " ".join(done.output.replace("│", " ").split())
    assert list(folder.rglob("*")) == [
        folder / "blueprints",
        folder / "blueprints/there",
    ]


@pytest.mark.usefixtures("folder")
def test_example_plugin_is_what_a_new_engine_is() -> None:
    """`examples/engine-plugin` is what `provisionhub new engine dollar` writes."""
    done = _new("engine", "dollar")

    assert done.exit_code == 0, done.output
    made = {entry.path: entry.content for entry in read_files(Path("dollar"))}
    tracked = subprocess.run(
        ["git", "ls-files"],
        cwd=ROOT / "examples/engine-plugin",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    kept = {p: (ROOT / "examples/engine-plugin" / p).read_bytes() for p in tracked}
    assert made == kept


@pytest.mark.integration
def test_new_engine_installs_and_keeps_the_contract(folder: Path) -> None:
    """A new engine installs, passes its suite, is listed, and renders a blueprint."""
    _new("engine", "my_dollar")
    site = folder / "site"
    options = ("--quiet", "--no-deps", "--no-build-isolation", "--target", str(site))
    package = folder / "my_dollar"
    installed = _run(package, "pip", "install", *options, ".", path=site)
    assert installed.returncode == 0, installed.stdout
    _write_blueprint(folder / "blueprints/hello")

    suite = _run(package, "pytest", "-q", path=site)
    listed = _run(folder, "provisionhub", "engines", path=site)
    shown = ("hello", "--example", "small", "--json")
    rendered = _run(folder, "provisionhub", "render", *shown, path=site)

    assert suite.returncode == 0, suite.stdout
    assert "my_dollar  .my_dollar  provisionhub-my_dollar 0.1.0" in listed.stdout
    assert '"content": "Hello you for $5\\n"' in rendered.stdout


def _write_blueprint(home: Path) -> None:
    for name, text in {
        "blueprint.yaml": "apiVersion: provisionhub.io/v1\nname: hello\n"
        "version: 1.0.0\nengine: my_dollar\n",
        "template/hello.txt.my_dollar": "Hello ${Values.who} for $$5\n",
        "examples/small.yaml": "values: {who: you}\n",
    }.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
