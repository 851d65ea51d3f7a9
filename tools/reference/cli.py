"""Every command and option, from what the command line is declared with."""

from __future__ import annotations

import enum
import inspect
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from typer.models import ArgumentInfo, OptionInfo

from provisionhub.cli.commands import cli
from tools.reference.markdown import code, page, prose, section, table

_PROGRAM: Final = "provisionhub"
_WORDS: Final[dict[object, str]] = {
    str: "TEXT",
    int: "NUMBER",
    float: "NUMBER",
    Path: "PATH",
}


@dataclass(frozen=True, slots=True)
class _Parameter:
    """An argument or option of a command.

    Attributes:
        info: What it is declared with.
        name: The name of the Python parameter.
        kind: The type of its value, or of each of its values.
        default: Its default; ``inspect.Parameter.empty`` if it is required.
        is_repeated: Whether it may be given several times.
    """

    info: ArgumentInfo | OptionInfo
    name: str
    kind: object
    default: object
    is_repeated: bool

    @property
    def is_required(self) -> bool:
        return self.default is inspect.Parameter.empty

    def written(self) -> str:
        """Return it as it stands in a command."""
        if isinstance(self.info, ArgumentInfo):
            name = self.info.metavar or self.name.upper() + "…" * self.is_repeated
            return name if self.is_required else f"[{name}]"
        names = _declared(self.info) or [f"--{self.name.replace('_', '-')}"]
        value = (
            "" if self.kind is bool else " " + (self.info.metavar or _word(self.kind))
        )
        return ", ".join(names) + value

    def shown_default(self) -> str:
        """Return its default as a cell; nothing where that means nothing."""
        if self.is_required:
            return "required"
        return "" if self.default in (None, False) else code(str(self.default))


def _declared(info: OptionInfo) -> list[str]:
    """Return the names that an option is declared with; the first is its default."""
    return [
        name
        for name in (info.default, *(info.param_decls or ()))
        if isinstance(name, str)
    ]


def write() -> str:
    """Return the page."""
    commands = list(_commands(cli, _PROGRAM))
    index = [
        (f"[{code(path)}](#{path.replace(' ', '-')})", _about(command))
        for path, command in commands
    ]
    common = cli.registered_callback
    return page(
        "Commands",
        "Every command with its arguments and options, as `--help` has them.",
        prose(
            "Data goes to standard output, everything else to standard error;"
            " `--json` gives the answer as JSON, failures included. Exit codes: 0 done,"
            " 1 failed, 2 usage."
        ),
        table(("command", "does"), index),
        *([_section(f"{_PROGRAM} …", common.callback)] if common else []),
        *(_section(path, command) for path, command in commands),
    )


def _commands(app: typer.Typer, path: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for command in app.registered_commands:
        if command.callback is not None and not command.hidden:
            name = command.name or command.callback.__name__.replace("_", "-")
            yield f"{path} {name}", command.callback
    for group in app.registered_groups:
        if group.typer_instance is not None and not group.hidden:
            yield from _commands(group.typer_instance, f"{path} {group.name}")


def _section(path: str, command: Callable[..., Any] | None) -> str:
    parameters = list(_parameters(command)) if command is not None else []
    rows = [
        (code(each.written()), each.shown_default(), each.info.help or "")
        for each in parameters
        if not each.info.hidden
    ]
    shown = table(("parameter", "default", "meaning"), rows) if rows else ""
    return section(path, prose(_about(command)), shown)


def _about(command: object) -> str:
    return " ".join((inspect.getdoc(command) or "").partition("\n\n")[0].split())


def _parameters(command: Callable[..., Any]) -> Iterator[_Parameter]:
    hints = typing.get_type_hints(command, include_extras=True)
    for parameter in inspect.signature(command).parameters.values():
        annotation, *extras = typing.get_args(hints[parameter.name])
        info = next(
            each for each in extras if isinstance(each, (ArgumentInfo, OptionInfo))
        )
        kind, is_repeated = _kind(annotation)
        yield _Parameter(info, parameter.name, kind, parameter.default, is_repeated)


def _kind(annotation: object) -> tuple[object, bool]:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in {typing.Union, types.UnionType}:
        return _kind(next(each for each in arguments if each is not type(None)))
    return (arguments[0], True) if origin is list else (annotation, False)


def _word(kind: object) -> str:
    if typing.get_origin(kind) is typing.Literal:
        return "|".join(map(str, typing.get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "|".join(str(each.value) for each in kind)
    return _WORDS.get(kind, "VALUE")
