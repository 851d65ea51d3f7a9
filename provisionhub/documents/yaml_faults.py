"""PyYAML's complaints in plain words, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yaml

from provisionhub.documents.error import DocumentError
from provisionhub.source import Source


@dataclass(frozen=True, slots=True)
class _Fault:
    """How one of PyYAML's complaints is put.

    Attributes:
        complaint: What PyYAML's context and problem match.
        message: What we say; may use the groups of *complaint*.
        hint: How to mend it.
        at_start: Show where the construct began, not where PyYAML gave up.
    """

    complaint: re.Pattern[str]
    message: str
    hint: str | None = None
    at_start: bool = False


def _fault(
    complaint: str, message: str, hint: str | None = None, *, at_start: bool = False
) -> _Fault:
    return _Fault(re.compile(complaint, re.DOTALL), message, hint, at_start)


# The first that matches counts.
_FAULTS: Final = (
    _fault(r"found character '\\t'", "a tab can't stand here", "indent with spaces"),
    _fault(
        r"found character '(.)'", r"a text can't start with `\1`", "put it in quotes"
    ),
    _fault(
        r"could not find expected ':'",
        "a colon is expected behind this",
        "check the indentation, the quotes, and the colon behind each name",
        at_start=True,
    ),
    _fault(
        r"mapping values are not allowed",
        "a colon can't stand here",
        "put a text that holds a colon in quotes, and check the indentation",
    ),
    _fault(r"mapping keys are not allowed", "a `?` can't stand here"),
    _fault(
        r"sequence entries are not allowed",
        "a list item can't stand here",
        "start the list on a line of its own",
    ),
    _fault(r"flow sequence.*stream end", "this bracket is never closed", at_start=True),
    _fault(r"flow mapping.*stream end", "this brace is never closed", at_start=True),
    _fault(r"expected ',' or '(.)'", r"a comma or `\1` is expected here"),
    _fault(
        r"expected <block end>",
        "this does not continue what stands above",
        "check the indentation and the quotes",
    ),
    _fault(r"unexpected end of stream", "this quote is never closed", at_start=True),
    _fault(
        r"unexpected document separator", "this quote is never closed", at_start=True
    ),
    _fault(
        r"unknown escape character",
        "this escape does not exist in YAML",
        "put texts with back-slashes in single quotes",
    ),
    _fault(r"escape sequence of (\d+) hex", r"this escape takes \1 hexadecimal digits"),
    _fault(
        r"scanning an alias",
        "a text can't start with `*`",
        "put it in quotes",
        at_start=True,
    ),
    _fault(
        r"scanning an anchor",
        "a text can't start with `&`",
        "put it in quotes",
        at_start=True,
    ),
    _fault(
        r"tag|expected '!'",
        "tags are not accepted",
        "put a text that starts with `!` in quotes",
        at_start=True,
    ),
    _fault(
        r"directive",
        "a line that starts with `%` is a directive, and this one is unknown",
        "put a text that starts with `%` in quotes",
        at_start=True,
    ),
    _fault(
        r"scanning a block scalar",
        "nothing but a comment can stand behind `|` or `>`",
        "start the text on the next line",
    ),
    _fault(r"expected the node content", "a value is expected here"),
    _fault(r"document start", "this does not belong to the document above"),
)


def not_yaml(error: yaml.MarkedYAMLError, source: Source) -> DocumentError:
    """Return PyYAML's *error* in plain words, with its place in *source*."""
    complaint = f"{error.context}: {error.problem}"
    for fault in _FAULTS:
        found = fault.complaint.search(complaint)
        if found is not None:
            at_start = fault.at_start and error.context_mark is not None
            mark = error.context_mark if at_start else error.problem_mark
            message = found.expand(fault.message)
            return _placed(message, mark, source, fault.hint)
    return _placed(str(error.problem), error.problem_mark, source, None)


def _placed(
    message: str, mark: object, source: Source, hint: str | None
) -> DocumentError:
    offset = getattr(mark, "index", 0)
    # PyYAML notices an end only behind the last line end, where nothing can be shown.
    end = len(source.text.rstrip())
    at = source.locate(min(offset, max(0, end - 1)) if offset > end else offset)
    return DocumentError(message, "not-yaml", at, hint)
