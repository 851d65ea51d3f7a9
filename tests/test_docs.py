"""What the pages tell a reader to type works, and shows what they say."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from provisionhub.engine import Engine
from provisionhub.errors import InvalidBlueprintError, TemplateRuntimeError
from provisionhub.settings import Settings
from support.console import blocks, is_shown, play, type_command
from support.pipelines import Runner

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = sorted([README, *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md")])


def _copy(folder: Path) -> Path:
    """Return a copy of what a reader has: blueprints and example jobs."""
    for name in ("blueprints", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_readme_shows_what_happens(tmp_path: Path) -> None:
    """Every command of the README shows what the README says."""
    assert play(blocks(README), _copy(tmp_path)) == []


@pytest.mark.integration
def test_blueprint_guide_shows_what_happens(tmp_path: Path) -> None:
    """From an empty folder, the guide for blueprints leads where it says."""
    assert play(blocks(ROOT / "docs/blueprint-authoring.md"), tmp_path) == []


@pytest.mark.integration
def test_engine_guide_shows_what_happens(tmp_path: Path) -> None:
    """From an empty folder, the guide for engines leads to a blueprint rendered."""
    runner = Runner(tmp_path / "runner")
    desk = tmp_path / "desk"
    desk.mkdir()
    runner.install(desk)

    wrong = play(
        blocks(ROOT / "docs/engine-authoring.md"), desk, scripts=runner.scripts
    )

    assert wrong == []


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


def test_guides_options_are_read() -> None:
    """The engine guide's options are accepted, and unknown ones refused."""
    page = ROOT / "docs/engine-authoring.md"
    code = next(each.text for each in blocks(page) if "refuse_unknown" in each.text)
    namespace: dict[str, type[Engine]] = {}
    exec(code, namespace)  # noqa: S102 - our own page
    engine = namespace["MyEngine"]

    engine({"missing": "empty", "trim": True})
    with pytest.raises(InvalidBlueprintError, match="the my engine knows `missing`"):
        engine({"mising": "empty"})


def test_settings_in_the_readme_exist() -> None:
    """What the README sets is a setting, or the file of one."""
    shown = "".join(block.text for block in blocks(README) if block.language == "sh")
    names = re.findall(r"^([A-Z_]+?)(?:_FILE)?=", shown, flags=re.MULTILINE)

    assert names
    assert set(names) <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page leads to a file, and a heading, that there is."""
    links = re.findall(
        r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text(encoding="utf-8")
    )
    lost = [
        f"{file}#{heading}"
        for file, heading in links
        if not _leads_somewhere(page.parent / file if file else page, heading)
    ]

    assert lost == []


def _leads_somewhere(target: Path, heading: str) -> bool:
    if not heading:
        return target.exists()
    titles = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    return heading in map(_anchor, titles)


def _anchor(title: str) -> str:
    """Return what a heading is linked to by, as GitLab and GitHub make it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
