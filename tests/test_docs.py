"""What the pages tell a reader to type works, and shows what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from provisionhub.cli.commands import cli
from provisionhub.engine import Engine
from provisionhub.errors import TemplateRuntimeError
from provisionhub.settings import Settings
from support.console import Block, blocks, is_shown, type_command

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
MAKE = {"make demo", "make test"}


def _copy(folder: Path) -> Path:
    """Return a copy of what a reader has: blueprints and example jobs."""
    for name in ("blueprints", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def _play(found: list[Block], folder: Path) -> list[str]:
    """Do what the blocks say, in order; return what did not turn out as shown."""
    wrong = []
    for block in found:
        if block.path is not None:
            file = folder / block.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        if block.language != "console":
            continue
        for command, shown in block.commands():
            if command in MAKE:
                continue
            output = type_command(command, folder).stdout
            if not is_shown(shown, output.replace(str(folder), "…")):
                wrong.append(f"$ {command}\n{output}")
    return wrong


def test_readme_shows_what_happens(tmp_path: Path) -> None:
    """Every command of the README shows what the README says."""
    assert _play(blocks(README), _copy(tmp_path)) == []


@pytest.mark.integration
def test_demo_makes_a_repository_from_a_fresh_clone(tmp_path: Path) -> None:
    """``make demo`` on a fresh clone sets itself up and shows what the README says."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    shown = next(
        shown
        for block in blocks(README)
        if block.language == "console"
        for command, shown in block.commands()
        if command == "make demo"
    )

    done = type_command(f"make demo PYTHON={sys.executable}", clone)

    assert done.returncode == 0, done.stdout
    assert is_shown(shown, done.stdout.replace(str(clone), "…")), done.stdout


def test_readme_engine_works() -> None:
    """The README's engine is one: it meets the contract, and knows its places."""
    code = next(block.text for block in blocks(README) if block.language == "python")
    namespace: dict[str, type[Engine]] = {}
    exec(code, namespace)  # noqa: S102 - our own README
    engine = namespace["DollarEngine"]({})

    template = engine.compile("Hi $Name\n", name="a.dollar", partials={})
    broken = engine.compile("Hi\n  $Nmae", name="a.dollar", partials={})

    assert template.render({"Name": "x"}) == "Hi x\n"
    with pytest.raises(TemplateRuntimeError) as caught:
        broken.render({"Name": "x"})
    assert str(caught.value.at) == "a.dollar:2:4"


def test_every_setting_is_in_the_readme() -> None:
    """The README's table names every setting, and no other."""
    text = README.read_text(encoding="utf-8")
    table = set(re.findall(r"^\| `([A-Z_]+)` \|", text, flags=re.MULTILINE))

    assert table == {name.upper() for name in Settings.model_fields}


def test_every_command_is_in_the_readme() -> None:
    """The README's list of commands names every command, and no other."""
    text = README.read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `provisionhub ([\w-]+)", text, flags=re.MULTILINE))
    commands = getattr(get_command(cli), "commands")  # noqa: B009 - typer's own type

    assert listed == set(commands)


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/**/*.md")), ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file that there is."""
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []
