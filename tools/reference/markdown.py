"""Markdown as the reference is written in it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

_WIDTH: Final = 88
_NOTE: Final = "<!-- Made by `make docs` from the code: change that, not this. -->"
_ROLE: Final = re.compile(r":\w+:`([^`]*)`")
_TICKS: Final = re.compile("`+")


def page(title: str, summary: str, *parts: str) -> str:
    """Return a page whose first paragraph, *summary*, says what it lists."""
    return "\n\n".join([f"# {title}", _NOTE, prose(summary), *parts]) + "\n"


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a section of a page."""
    return "\n\n".join([f"{'#' * level} {title}", *filter(None, parts)])


def prose(text: str) -> str:
    """Return a paragraph in lines that can be read in an editor."""
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; line ends in a cell are shown as ``⏎``."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def code(text: str) -> str:
    """Return *text* as code, whatever backticks it holds; nothing for nothing."""
    if not text:
        return ""
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    inner = f" {text} " if text.startswith("`") or text.endswith("`") else text
    return f"{fence}{inner}{fence}"


def listed(names: Iterable[object]) -> str:
    """Return *names* as code, with commas between them."""
    return ", ".join(code(str(name)) for name in names)


def sentence(docstring: str | None) -> str:
    """Return the first sentence of a docstring, in Markdown."""
    paragraph = " ".join((docstring or "").strip().split("\n\n")[0].split())
    first = re.split(r"(?<=\w[.:])\s(?=[A-Z])", paragraph, maxsplit=1)[0]
    plain = _ROLE.sub(r"`\1`", first).replace("``", "`")
    return plain.rstrip(":.") + "." if plain else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "⏎")
