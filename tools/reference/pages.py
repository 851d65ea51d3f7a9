"""Which pages there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tools.reference import (
    cli,
    context,
    errors,
    go,
    jinja2,
    metrics,
    mustache,
    schemas,
    settings,
)
from tools.reference.markdown import page, table

_PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "manifest.md": schemas.manifest,
    "context.md": context.write,
    "engines/go.md": go.write,
    "engines/jinja2.md": jinja2.write,
    "engines/mustache.md": mustache.write,
    "cli.md": cli.write,
    "settings.md": settings.write,
    "job.md": schemas.job,
    "errors.md": errors.write,
    "metrics.md": metrics.write,
}


def pages() -> dict[str, str]:
    """Return the text of every page by its path below ``docs/reference``."""
    made = {path: write() for path, write in _PAGES.items()}
    return {"README.md": _contents(made)} | made


def _contents(made: Mapping[str, str]) -> str:
    rows = [
        (f"[{_title(text)}]({path})", _summary(text)) for path, text in made.items()
    ]
    return page(
        "Reference",
        "What there is, generated from the code.",
        table(("page", "what it lists"), rows),
    )


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _summary(text: str) -> str:
    said = text.split("\n\n")[2].replace("\n", " ")
    return said.partition("; see also")[0].rstrip(".")
