"""How two trees differ, in a few lines: both as the text that snapshots are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

from provisionhub.source import printable

_HEADER: Final = re.compile(r"^=== (.+) \((?:100644|100755|120000)\)", re.MULTILINE)
_MOST_LINES: Final = 40
_LONGEST_LINE: Final = 200
_LONGEST: Final = 4096
_WINDOW: Final = 200
_CONTEXT: Final = 3


def tree_diff(
    recorded: str,
    rendered: str,
    *,
    guarded: Collection[str] = (),
    redact: Callable[[str], str] = str,
) -> str:
    """Return how two texts differ: unified, file by file, 40 lines and 4 KiB at most.

    Args:
        recorded: A tree as it was, as ``tree_text`` writes one.
        rendered: The tree as it is.
        guarded: Files whose content is not shown, for it may hold secrets.
        redact: Takes secrets out of all that is shown.
    """
    before, after = _files(recorded), _files(rendered)
    lines = _diff_files(before, after, guarded)
    # What is cut before it is redacted may hold half a secret.
    whole = redact("\n".join(islice(lines, _MOST_LINES)))
    shown = [_clip(_plain(line)) for line in whole.split("\n")]
    if next(lines, None) is not None:
        shown.append("… and more")
    return shorten("\n".join(shown) or "the recorded files stand in another order")


def shorten(text: str) -> str:
    """Return *text*, cut to 4 KiB in UTF-8."""
    data = text.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return text
    return data[: _LONGEST - len("…".encode())].decode("utf-8", "ignore") + "…"


def _files(text: str) -> dict[str, list[str]]:
    """Return the lines of each file by its path, its header first.

    What stands before the first header, or below a second one of the same path, was
    written by hand; it is nobody's, or the same file's.
    """
    headers = list(_HEADER.finditer(text))
    starts = [header.start() for header in headers]
    found: dict[str, list[str]] = {}
    before = text[: starts[0]] if starts else text
    if before:
        found[""] = ["(text before the first file)", *before.split("\n")]
    for header, end in zip(headers, [*starts, len(text)][1:], strict=True):
        # The last of the parts tells whether the last line has its end.
        lines = text[header.start() : end].split("\n")
        found.setdefault(header[1], []).extend(lines)
    return found


def _diff_files(
    before: dict[str, list[str]], after: dict[str, list[str]], guarded: Collection[str]
) -> Iterator[str]:
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old is None or new is None:
            # A file that came or went is told by its header alone.
            yield from (f"-{old[0]}",) if old else ()
            yield from (f"+{new[0]}",) if new else ()
        elif old != new:
            yield from _diff_file(path, old, new, is_guarded=path in guarded)


def _diff_file(
    path: str, old: list[str], new: list[str], *, is_guarded: bool
) -> Iterator[str]:
    yield f"--- {path}"
    yield f"+++ {path}"
    if old[0] != new[0]:
        yield f"-{old[0]}"
        yield f"+{new[0]}"
    if not is_guarded:
        yield from _hunks(old[1:], new[1:])
    elif old[1:] != new[1:]:
        yield "(its content may hold secrets, and is not shown)"


def _hunks(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield unified hunks, of the part that differs alone, and of its beginning."""
    same = _common(before, after)
    behind = _common(before[same:][::-1], after[same:][::-1])
    skipped = max(same - _CONTEXT, 0)
    left, right = (
        lines[skipped : max(len(lines) - behind + _CONTEXT, 0)][:_WINDOW]
        for lines in (before, after)
    )
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        (_, i1, _, j1, _), (_, _, i2, _, j2) = group[0], group[-1]
        yield (f"@@ -{skipped + i1 + 1},{i2 - i1} +{skipped + j1 + 1},{j2 - j1} @@")
        for kind, a1, a2, b1, b2 in group:
            if kind == "equal":
                yield from (f" {line}" for line in left[a1:a2])
                continue
            yield from (f"-{line}" for line in left[a1:a2])
            yield from (f"+{line}" for line in right[b1:b2])


def _common(before: list[str], after: list[str]) -> int:
    """Return how many lines both begin with."""
    pairs = zip(before, after, strict=False)
    return next(
        (n for n, (old, new) in enumerate(pairs) if old != new),
        min(len(before), len(after)),
    )


def _plain(line: str) -> str:
    """Return *line* with nothing left that could steer a terminal, but tabs."""
    return "\t".join(map(printable, line.split("\t")))


def _clip(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…"
