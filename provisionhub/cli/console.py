"""How the command line speaks: consoles, tables, errors and exit codes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonValue
from provisionhub.settings import SettingsError

FAILED: Final = 1
USAGE: Final = 2

_WIDE: Final = 500


def stdout() -> Console:
    """Return a console for data; as wide as it takes where nobody watches."""
    return _console(stderr=False)


def stderr() -> Console:
    """Return a console for everything that is not data."""
    return _console(stderr=True)


def print_json(value: JsonValue) -> None:
    """Print *value* as one JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print *rows* in columns under *headers* on standard output."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console = stdout()
    with console.capture() as captured:
        console.print(table)
    # rich pads the last column too; nobody wants that in a file.
    lines = captured.get().splitlines()
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in lines))


@contextmanager
def told_errors(*, as_json: bool) -> Iterator[None]:
    """Turn our errors into their explanation and an exit code.

    With *as_json* the error goes to standard output as the object that the
    control plane gets: ``{"error": {"code", "message", "details"}}``.
    """
    try:
        yield
    except SettingsError as error:
        complain(f"error: a setting is wrong\n{error}")
        raise typer.Exit(USAGE) from None
    except ProvisionError as error:
        if as_json:
            print_json({"error": error.to_json()})
        else:
            complain(error.explain())
        raise typer.Exit(FAILED) from None


def complain(text: str) -> None:
    """Print an explanation on standard error, its first word in red."""
    shown = Text(text)
    shown.highlight_regex(r"\Aerror:", "bold red")
    shown.highlight_regex(r"(?m)^hint:", "bold cyan")
    shown.highlight_regex(r"(?m)^ +\^+$", "bold red")
    stderr().print(shown, soft_wrap=True)


def misuse(message: str) -> NoReturn:
    """Refuse how a command was called: exit code 2."""
    raise typer.BadParameter(message)


def _console(*, stderr: bool) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    return console
