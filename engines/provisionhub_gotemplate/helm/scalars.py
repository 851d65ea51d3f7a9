"""What a plain scalar of YAML stands for, as ``go-yaml`` 2 resolves it."""

from __future__ import annotations

import math
import re
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.sprig.casting import parse_float, parse_integer
from provisionhub_gotemplate.sprig.timeparsing import parse_time

_TRUE: Final = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
_FALSE: Final = (
    "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF",
)  # fmt: skip
_WORDS: Final[dict[str, object]] = {
    **dict.fromkeys(_TRUE, True),
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_FLOAT: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"
)
_BASE_60: Final = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_DATE: Final = re.compile(r"[0-9]{4}-")
_DATES: Final = (
    "2006-1-2T15:4:5.999999999Z07:00",
    "2006-1-2t15:4:5.999999999Z07:00",
    "2006-1-2 15:4:5.999999999",
    "2006-1-2",
)
_MOST: Final = 2**64


def resolve(text: str) -> object:
    """Return what the plain scalar *text* stands for; mostly that text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] == ".":
        number = parse_float(text)
        return text if number is None else number
    if text[0] not in "+-0123456789" or _is_date(text):
        return text
    return _number(text)


def _number(text: str) -> object:
    digits = text.replace("_", "")
    integer = parse_integer(digits)
    if integer is not None:
        return integer
    if digits.isdigit() and 0 <= int(digits[:21]) < _MOST and digits[0] != "0":
        return int(digits)
    number = parse_float(digits) if _FLOAT.match(digits) else None
    return text if number is None else number


def _is_date(text: str) -> bool:
    """Whether *text* is a date; it stays a text, but has to be quoted."""
    if not _DATE.match(text):
        return False
    for layout in _DATES:
        try:
            parse_time(layout, text)
        except FunctionError:
            continue
        return True
    return False


def can_be_plain(text: str) -> bool:
    """Whether the text, without quotes, would be read as that text again."""
    if text in _WORDS:
        return False
    return type(resolve(text)) is str and not (_BASE_60.match(text) or _is_date(text))
