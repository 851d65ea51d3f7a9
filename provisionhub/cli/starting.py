"""``provisionhub new``: a working start, made from a blueprint that we ship."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

from rich.text import Text

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.catalog import load_folder
from provisionhub.cli.console import misuse, stderr
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import find_engine
from provisionhub.tree import Entry, Tree, tree_text, write_files

_BLUEPRINT_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
_ENGINE_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_STARTERS: Final = ("jinja2", "go", "mustache")


def new_blueprint(app: App, name: str, *, engine: str, folder: Path) -> None:
    """Write the blueprint *name* into the catalog in *folder*, snapshots and all.

    Raises:
        UnknownEngineError: If *engine* is not installed.
    """
    if not _BLUEPRINT_NAME.fullmatch(name):
        misuse("a blueprint's name is lower-case letters, digits, `.`, `_` and `-`")
    plugin = find_engine(app.engines, engine)
    if engine not in _STARTERS:
        misuse(f"there is no start for `{engine}`; there is one for {_listed()}")
    home = folder / "blueprints" / name
    _refuse_existing(home)
    values: JsonObject = {"engine": engine, "suffix": plugin.factory.suffix}
    started = _start(app, "blueprint", name, values | {engine: True})
    # The catalog's own files, such as its pipeline, may be there already.
    mine = f"blueprints/{name}/"
    added = [entry for entry in started if _is_new(entry, folder, always=mine)]
    write_files(Tree(added), folder)
    blueprint = load_folder(home, longest=app.settings.max_template_size)
    snapshots = Tree(_snapshots(app, blueprint))
    write_files(snapshots, folder)
    _tell(
        [*added, *snapshots],
        folder,
        f"provisionhub render {name} --example minimal --tree",
        f"provisionhub test {name}",
    )


def new_engine(app: App, name: str, *, folder: Path) -> None:
    """Write a package that brings the engine *name* into ``<folder>/<name>``."""
    if not _ENGINE_NAME.fullmatch(name):
        misuse("an engine's name is lower-case letters, digits and `_`")
    home = folder / name
    _refuse_existing(home)
    values: JsonObject = {
        "module": f"{name}_engine",
        "class": "".join(part.capitalize() for part in name.split("_")),
    }
    started = _start(app, "engine", name, values)
    write_files(started, home)
    _tell(started, home, f"cd {home}", "pip install --editable . pytest", "pytest")


def _start(app: App, starter: str, name: str, values: JsonObject) -> Tree:
    with as_file(files("provisionhub") / "starters" / starter) as source:
        blueprint = load_folder(source, longest=app.settings.max_template_size)
    inputs = Example(name, name, "starters", values)
    return _render(app, blueprint, inputs)


def _render(app: App, blueprint: Blueprint, inputs: Example) -> Tree:
    accepted = blueprint.accept(inputs.values)
    subject = Subject.of_example(inputs, blueprint)
    return app.renderer.preview(blueprint, accepted, subject).tree


def _snapshots(app: App, blueprint: Blueprint) -> Iterable[Entry]:
    for key in blueprint.example_names:
        text = tree_text(_render(app, blueprint, blueprint.example(key)))
        path = f"snapshots/{blueprint.name}/{key}.tree"
        yield Entry(path, text.encode("utf-8"))


def _is_new(entry: Entry, folder: Path, *, always: str) -> bool:
    return entry.path.startswith(always) or not (folder / entry.path).exists()


def _refuse_existing(home: Path) -> None:
    if home.exists():
        misuse(f"`{home}` is there already; choose another name")


def _tell(written: Iterable[Entry], folder: Path, *commands: str) -> None:
    console = stderr()
    for entry in written:
        console.print(Text(f"  {folder / entry.path}", style="dim"), soft_wrap=True)
    console.print("\nnext:\n")
    for command in commands:
        console.print(Text(f"  $ {command}"))


def _listed() -> str:
    return ", ".join(f"`{name}`" for name in _STARTERS)
