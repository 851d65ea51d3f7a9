"""``provisionhub render``: a preview as files, as a tree, as a diff or as JSON."""

from __future__ import annotations

import base64
import difflib
from collections.abc import Iterator
from pathlib import Path

from rich.filesize import decimal
from rich.text import Text
from rich.tree import Tree as Branch

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Example, Subject, read_example
from provisionhub.blueprint.files import MANIFEST
from provisionhub.cli.console import FAILED, misuse, print_json, stderr, stdout
from provisionhub.cli.provisioning import read_input
from provisionhub.documents import LONGEST
from provisionhub.errors import BlueprintNotFoundError
from provisionhub.job import BlueprintRef
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer import Rendered
from provisionhub.tree import Entry, Mode, Tree, read_files, write_files


def render(
    app: App, name: str, *, example: str | None, values: Path | None
) -> Rendered:
    """Render the blueprint called *name* for one of its examples or for a file.

    Raises:
        ProvisionError: If it can't be rendered.
    """
    blueprint = find_blueprint(app, name)
    if values is not None:
        content = read_input(values, longest=LONGEST + 1)
        inputs = read_example(str(values), str(values), content)
    else:
        inputs = blueprint.example(example or "")
    return preview(app, blueprint, inputs)


def preview(app: App, blueprint: Blueprint, inputs: Example) -> Rendered:
    """Return what *blueprint* makes of *inputs*, without a lock file."""
    accepted = blueprint.accept(inputs.values)
    return app.renderer.preview(
        blueprint, accepted, Subject.of_example(inputs, blueprint)
    )


def find_blueprint(app: App, name: str) -> Blueprint:
    """Return the blueprint called *name* in a catalog, or in the folder *name*.

    Raises:
        BlueprintNotFoundError: If there is none.
        InvalidBlueprintError: If it is wrong.
    """
    if "/" in name or name in {".", ".."}:
        return app.load_blueprint(Path(name))
    try:
        return app.catalog.find(BlueprintRef.parse(name))
    except BlueprintNotFoundError:
        if not (Path(name) / MANIFEST).exists():
            raise
        return app.load_blueprint(Path(name))


def write_out(rendered: Rendered, folder: Path) -> None:
    """Write the files into *folder*, which must be new or empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        misuse(f"`{folder}` is not empty; name a new folder")
    try:
        write_files(rendered.tree, folder)
    except OSError as error:
        misuse(f"can't write `{error.filename}`: {error.strerror}")
    stderr().print(Text(f"wrote {_count(rendered.tree)} to {folder}"))


def show_tree(rendered: Rendered) -> None:
    """Show the tree, with sizes, on standard output."""
    root = Branch(Text(f"{_count(rendered.tree)}, {decimal(rendered.tree.size)}"))
    folders: dict[str, Branch] = {"": root}
    for entry in rendered.tree:
        above, _, name = entry.path.rpartition("/")
        _branch(folders, above).add(_leaf(entry, name))
    stdout().print(root)


def show_diff(rendered: Rendered, folder: Path) -> int:
    """Show how *folder* differs from the preview; return 1 if it does."""
    if not folder.is_dir():
        misuse(f"`{folder}` is not a folder")
    lines = list(_diff(read_files(folder), rendered.tree))
    console = stdout()
    for line in lines:
        console.print(Text(line, style=_colour(line)), soft_wrap=True)
    return FAILED if lines else 0


def print_files(rendered: Rendered) -> None:
    """Print every file and the commit message as JSON."""
    print_json(
        {
            "commit_message": rendered.commit_message,
            "files": [_file(entry) for entry in rendered.tree],
        }
    )


def _count(tree: Tree) -> str:
    return f"{len(tree)} file" + ("" if len(tree) == 1 else "s")


def _branch(folders: dict[str, Branch], path: str) -> Branch:
    if path not in folders:
        above, _, name = path.rpartition("/")
        folders[path] = _branch(folders, above).add(Text(f"{name}/", style="bold"))
    return folders[path]


def _leaf(entry: Entry, name: str) -> Text:
    if entry.mode is Mode.SYMLINK:
        return Text(f"{name} -> {entry.content.decode()}", style="cyan")
    size = decimal(len(entry.content))
    star = "*" if entry.mode is Mode.EXECUTABLE else ""
    return Text.assemble(name + star, (f"  {size}", "dim"))


def _diff(before: Tree, after: Tree) -> Iterator[str]:
    old = {entry.path: entry for entry in before}
    new = {entry.path: entry for entry in after}
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            yield from _diff_file(path, old.get(path), new.get(path))


def _diff_file(path: str, old: Entry | None, new: Entry | None) -> Iterator[str]:
    yield f"diff {path}"
    if old is not None and new is not None and old.mode is not new.mode:
        yield f"mode {old.mode} -> {new.mode}"
    before, after = _lines(old), _lines(new)
    if before is None or after is None:
        yield "binary content differs"
        return
    yield from difflib.unified_diff(
        before,
        after,
        fromfile=path if old else "/dev/null",
        tofile=path if new else "/dev/null",
        lineterm="",
    )


def _lines(entry: Entry | None) -> list[str] | None:
    if entry is None:
        return []
    try:
        return entry.content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None


def _colour(line: str) -> str:
    if line.startswith(("diff ", "---", "+++", "mode ")):
        return "bold"
    return {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")


def _file(entry: Entry) -> JsonObject:
    shown: JsonObject = {"path": entry.path, "mode": str(entry.mode)}
    try:
        return shown | {"content": entry.content.decode("utf-8")}
    except UnicodeDecodeError:
        encoded = base64.b64encode(entry.content).decode("ascii")
        return shown | {"content_base64": encoded}
