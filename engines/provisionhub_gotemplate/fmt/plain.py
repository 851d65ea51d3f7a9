"""The short way: ``%v`` without flags, and formats without any.

Nearly all that templates print goes this way; the printer knows the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from provisionhub_gotemplate.fmt.keys import sorted_keys
from provisionhub_gotemplate.fmt.printer import Printer
from provisionhub_gotemplate.limits import MAX_TEXT, exceeded
from provisionhub_gotemplate.quoting import quote

_LONGEST_KEPT: Final = 1_000
_VERB: Final = re.compile("%(.?)", re.DOTALL)


def format_value(value: object) -> str:
    """Return *value* as ``%v`` has it.

    Raises:
        LimitError: If that is too much text.
    """
    text = _short_text(value)
    if text is not None:
        return text
    if isinstance(value, list | dict):
        return _composite(value)
    printer = Printer()
    printer.print_argument(value, "v")
    return printer.text()


def _short_text(value: object) -> str | None:
    kind = type(value)
    if kind is str:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    # Where neither Go's exponents begin nor Python's, the two agree.
    if kind is float and 1e-4 <= abs(value) < 1e6:  # type: ignore[arg-type]  # noqa: PLR2004
        return repr(value).removesuffix(".0")
    return None


def _composite(value: list[object] | dict[str, object]) -> str:
    if isinstance(value, list):
        return f"[{_joined(map(_element, value))}]"
    entries = (f"{key}:{_element(value[key])}" for key in sorted_keys(value))
    return f"map[{_joined(entries)}]"


def _element(value: object) -> str:
    text = _short_text(value)
    if text is not None:
        return text
    if isinstance(value, list | dict):
        return _composite(value)
    printer = Printer()
    printer.print_element(value, "v")
    return printer.text()


def _joined(texts: Iterable[str]) -> str:
    parts: list[str] = []
    size = 0
    for text in texts:
        parts.append(text)
        size += len(text) + 1
        if size > MAX_TEXT:
            raise exceeded("MAX_TEXT")
    return " ".join(parts)


def format_plainly(text: str, arguments: tuple[object, ...]) -> str | None:
    """Return *arguments* in the format *text*; ``None`` if it is not that simple."""
    pieces = _pieces(text) if len(text) <= _LONGEST_KEPT else None
    if pieces is None or len(pieces[1]) != len(arguments):
        return None
    literals, verbs = pieces
    parts = [literals[0]]
    for verb, value, literal in zip(verbs, arguments, literals[1:], strict=True):
        shown = _formatted(verb, value)
        if shown is None:
            return None
        parts += (shown, literal)
    whole = "".join(parts)
    if len(whole) > MAX_TEXT:
        raise exceeded("MAX_TEXT")
    return whole


def _formatted(verb: str, value: object) -> str | None:
    kind = type(value)
    if verb == "v":
        return format_value(value)
    if kind is str:
        return quote(value) if verb == "q" else value if verb == "s" else None  # type: ignore[arg-type,return-value]
    return str(value) if verb == "d" and kind is int else None


@lru_cache(maxsize=512)
def _pieces(text: str) -> tuple[list[str], list[str]] | None:
    """Return the texts around verbs and the verbs; ``None`` if one has flags."""
    parts = _VERB.split(text)
    literals, verbs = parts[::2], parts[1::2]
    return (literals, verbs) if set(verbs) <= set("sdvq") else None
