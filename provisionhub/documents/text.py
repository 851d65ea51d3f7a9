"""What every document is held to before a parser sees it: size and encoding."""

from __future__ import annotations

import re
from typing import Final

from provisionhub.documents.error import DocumentError
from provisionhub.source import Location, Source, printable

LONGEST: Final = 1024 * 1024
"""Default bound on a document, in bytes."""

DEEPEST: Final = 64
"""Default bound on how many objects and arrays may stand in one another."""

LONGEST_NUMBER: Final = 1000
"""Bound on a number, in characters; Python itself refuses ints beyond 4300 digits."""

_LONGEST_SHOWN: Final = 40
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def decode(document: bytes | str, *, file: str, longest: int) -> Source:
    """Return *document* as a text, size and encoding checked.

    Args:
        document: UTF-8 without a byte order mark, or a text.
        file: Its name, for error places.
        longest: Bound on its size, in bytes.

    Raises:
        DocumentError: ``too-large``, ``not-utf-8``, ``byte-order-mark``,
            ``lone-surrogate`` or ``empty``, in this order.
    """
    if len(document) > longest:
        raise _too_large(longest)
    text = document if isinstance(document, str) else _text(document, file)
    source = Source(file, text)
    _check_surrogates(source)
    if len(source.text.encode()) > longest:
        raise _too_large(longest)
    if source.text.startswith("\ufeff"):
        raise DocumentError(
            "the document starts with a byte order mark",
            "byte-order-mark",
            Location(file, 1, 1),
            hint="save it as UTF-8 without a byte order mark",
        )
    if not source.text.strip():
        raise DocumentError("the document is empty", "empty", Location(file, 1, 1))
    return source


def clip(text: str) -> str:
    """Return *text* as a message shows it: short, and without control characters."""
    cut = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    return printable(cut)


def _text(document: bytes, file: str) -> str:
    try:
        return document.decode()
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        start = document.rfind(b"\n", 0, error.start) + 1
        column = len(document[start : error.start].decode()) + 1
        raise DocumentError(
            f"byte 0x{document[error.start]:02x} is not UTF-8",
            "not-utf-8",
            Location(file, line, column),
            hint="save the document as UTF-8",
        ) from None


def _check_surrogates(source: Source) -> None:
    found = _SURROGATE.search(source.text)
    if found is not None:
        raise DocumentError(
            "half of a surrogate pair is not a character",
            "lone-surrogate",
            source.locate(found.start()),
        )


def _too_large(longest: int) -> DocumentError:
    return DocumentError(f"the document is larger than {longest} bytes", "too-large")
