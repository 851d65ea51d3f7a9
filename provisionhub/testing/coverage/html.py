"""Coverage as pages: one with the figures, and one for each file.

The pages need nothing but themselves, and run nothing. All that blueprints say is
untrusted: it is escaped here, in ``_shown``, and nowhere else put on a page.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from provisionhub.source import printable
from provisionhub.testing.coverage.figures import (
    BlueprintCoverage,
    Coverage,
    FileCoverage,
    Miss,
    Share,
    cases_shown,
)
from provisionhub.testing.coverage.lines import Line, State, lines_of

_INDEX: Final = "index.html"
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_TAB: Final = 4
_MARKS: Final = {
    State.REACHED: ("✓", "reached"),
    State.PARTLY: ("◐", "partly reached"),
    State.NEVER: ("✗", "never reached"),
    State.NONE: ("", ""),
}


def write_pages(coverage: Coverage, folder: Path) -> None:
    """Write the pages into *folder*; ``index.html`` leads to the others."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / _INDEX, "Coverage of blueprints", _index(coverage))
    for blueprint in coverage.blueprints:
        for file in blueprint.files:
            title = f"{blueprint.name}: {file.path}"
            _write(folder / _page(blueprint, file), title, _file(blueprint, file))


def _write(file: Path, title: str, body: Iterable[str]) -> None:
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{_shown(title)}</title>",
        f"<style>\n{_style()}</style>",
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _page(blueprint: BlueprintCoverage, file: FileCoverage) -> str:
    """Return the name of a file's page: legible, and no other's."""
    whole = f"{blueprint.folder}/{file.path}"
    legible = re.sub(r"[^A-Za-z0-9]+", "-", f"{blueprint.name}-{file.path}").strip("-")
    digest = hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()
    return f"{legible[:80]}-{digest[:8]}.html"


# The page with the figures.


def _index(coverage: Coverage) -> Iterator[str]:
    yield "<h1>Coverage of blueprints</h1>"
    yield '<p class="soft">What of the templates the tested cases reached.</p>'
    yield _sum(coverage.share)
    for blueprint in coverage.blueprints:
        yield from _blueprint(blueprint)


def _blueprint(blueprint: BlueprintCoverage) -> Iterator[str]:
    cases = cases_shown(blueprint.cases)
    yield f'<h2>{_shown(blueprint.name)} <span class="soft">{cases}</span></h2>'
    if blueprint.unmeasured:
        yield f"<p>Not measured: {_shown(blueprint.unmeasured)}.</p>"
        return
    yield '<div class="wide"><table class="files">'
    yield (
        '<thead><tr><th scope="col">File</th><th scope="col" class="number">Regions'
        '</th><th scope="col" class="number">Missed</th>'
        '<th scope="col" class="number">Reached</th><td></td></tr></thead>'
    )
    yield "<tbody>"
    for file in blueprint.files:
        link = f'<a href="{_page(blueprint, file)}">{_shown(file.path)}</a>'
        yield _row(link, file.share)
    yield f"</tbody><tfoot>{_row('All of it', blueprint.share)}</tfoot></table></div>"


def _row(name: str, share: Share) -> str:
    """Return a row of the table; *name* is HTML."""
    return (
        f'<tr><th scope="row" class="path">{name}</th>'
        f'<td class="number">{share.total}</td><td class="number">{share.missed}</td>'
        f'<td class="number">{share}</td><td>{_bar(share)}</td></tr>'
    )


def _sum(share: Share) -> str:
    return (
        f'<div class="sum"><strong>{share}</strong>{_bar(share)}'
        f"<span>{share.reached} of {share.total} regions</span></div>"
    )


def _bar(share: Share) -> str:
    filled = f'<span style="width:{share.percent:.1f}%"></span>'
    return f'<span class="bar" aria-hidden="true">{filled}</span>'


# The page of a file.


def _file(blueprint: BlueprintCoverage, file: FileCoverage) -> Iterator[str]:
    yield f'<p><a href="{_INDEX}">All blueprints</a> / {_shown(blueprint.name)}</p>'
    yield f"<h1>{_shown(file.path)}</h1>"
    yield _sum(file.share)
    if file.misses:
        yield "<h2>Never reached</h2>"
        yield '<ul class="misses">'
        yield from (f"<li>{_miss(miss)}</li>" for miss in file.misses)
        yield "</ul>"
    if not file.text:
        yield '<p class="soft">The file is empty, or no text.</p>'
        return
    yield '<ul class="key" aria-label="Marks">'
    for state, (mark, meaning) in _MARKS.items():
        if mark:
            yield f'<li><span class="{state}">{mark}</span> {meaning}</li>'
    yield "</ul>"
    yield '<div class="wide"><table class="code">'
    yield from map(_line, lines_of(file))
    yield "</table></div>"


def _miss(miss: Miss) -> str:
    if not miss.line:
        return _shown(str(miss))
    link = f'<a href="#L{miss.line}">line {miss.lines}</a>'
    return f"{link}: <code>{_shown(miss.what)}</code>"


def _line(line: Line) -> str:
    is_blank = not any(piece.strip() for piece, _ in line.pieces)
    mark, meaning = _MARKS[State.NONE if is_blank else line.state]
    told = f"{meaning}, by {cases_shown(line.cases)}" if line.cases else meaning
    label = f' aria-label="{told}" title="{told}"' if mark else ""
    text = "".join(
        f"<mark>{_shown(piece)}</mark>" if is_missed else _shown(piece)
        for piece, is_missed in line.pieces
    )
    missed = "; ".join(_shown(counted.region.what) for counted in line.missed)
    note = f'<span class="note">never: {missed}</span>' if missed else ""
    return (
        f'<tr id="L{line.number}" class="{line.state}">'
        f'<td class="line"><a href="#L{line.number}">{line.number}</a></td>'
        f'<td class="mark"{label}>{mark}</td>'
        f'<td class="text">{text}{note}</td></tr>'
    )


@cache
def _style() -> str:
    return (files(__package__) / "style.css").read_text(encoding="utf-8")


def _shown(text: str) -> str:
    """Return *text* as HTML that shows it."""
    return html.escape(printable(text.replace("\t", " " * _TAB)))
