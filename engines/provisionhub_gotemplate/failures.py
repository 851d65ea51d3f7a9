"""Go's error texts as errors with a place in a source, an excerpt and a caret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    did_you_mean,
)
from provisionhub.source import Location, Source
from provisionhub_gotemplate.errors import (
    ExecError,
    LimitError,
    ParseError,
    TemplateError,
)

_UNKNOWN: Final = re.compile(
    r'(?P<what>function|template) "(?P<name>[^"]*)" not defined$'
)
_QUOTED: Final = re.compile(r'"(?P<word>[^"\\]+)"|<(?P<keyword>\w+)>')


def explained(
    error: TemplateError,
    sources: Mapping[str, str],
    names: Mapping[str, Iterable[str]],
) -> ProvisionError:
    """Return *error* as ProvisionHub's errors are, with Go's text inside.

    Args:
        error: What a template raised.
        sources: The texts that it may come from, by name.
        names: What may have been meant: names of ``function`` and ``template``.
    """
    at = _place(error, sources)
    if isinstance(error, LimitError):
        return LimitExceededError(
            str(error), limit=error.limit, allowed=error.allowed, at=at
        )
    kind = (
        TemplateSyntaxError if isinstance(error, ParseError) else TemplateRuntimeError
    )
    return kind(str(error), at=at, hint=_hint(str(error), names))


def _hint(text: str, names: Mapping[str, Iterable[str]]) -> str | None:
    found = _UNKNOWN.search(text)
    if found is None:
        return None
    return did_you_mean(found["name"], tuple(names[found["what"]]))


def _place(error: TemplateError, sources: Mapping[str, str]) -> Location | None:
    text = sources.get(error.template)
    if text is None or not error.line:
        return None
    source = Source(error.template, text)
    line = text.split("\n")[error.line - 1]
    if error.column is None:
        column, width = _guess(str(error), line)
        return source.at(error.line, column, width)
    encoded = line.encode("utf-8", "surrogateescape")
    before = encoded[: error.column].decode("utf-8", "surrogateescape")
    width = _width(line[len(before) :], error)
    return source.at(error.line, len(before) + 1, width)


def _guess(text: str, line: str) -> tuple[int, int]:
    """Return column and width of the word that a parse error names, in its line.

    Go tells the line only.
    """
    for found in _QUOTED.finditer(text):
        word = found["word"] or found["keyword"]
        column = line.find(word)
        if column >= 0:
            return column + 1, len(word)
    stripped = line.strip()
    return line.find(stripped) + 1, max(1, len(stripped))


def _width(rest: str, error: TemplateError) -> int:
    """Return how much of the node that failed stands in the rest of its line.

    The place of a chain of fields is its second element, as in Go.
    """
    shown = error.context if isinstance(error, ExecError) else ""
    for start in range(len(shown)):
        if rest.startswith(shown[start:]):
            return len(shown) - start
    return 1
