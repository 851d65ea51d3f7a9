"""Plain scalars of YAML, by the core schema of YAML 1.2.2 (section 10.3.2).

``yes``, ``on``, ``1_000``, ``12:30`` and dates are texts here, as they are in
JSON: what they meant in YAML 1.1 surprised more people than it served.
"""

from __future__ import annotations

import math
import re
from typing import Final

from provisionhub.documents.text import LONGEST_NUMBER
from provisionhub.jsontypes import JsonScalar

_WORDS: Final[dict[str, JsonScalar]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_DECIMAL: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEXADECIMAL: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_STARTS_A_NUMBER: Final = frozenset("+-.0123456789")


class NotFiniteError(ValueError):
    """A plain scalar says infinity, not a number, or a float beyond all bounds."""


class NumberTooLongError(ValueError):
    """A plain scalar is a number of more characters than anybody needs."""


def resolve(text: str) -> JsonScalar:
    """Return what the plain scalar *text* says.

    Raises:
        NotFiniteError: If that is no number that JSON could say.
        NumberTooLongError: If it is longer than ``LONGEST_NUMBER`` characters.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_A_NUMBER:
        return text
    return _number(text)


def _number(text: str) -> JsonScalar:
    if _NOT_FINITE.fullmatch(text):
        raise NotFiniteError(text)
    is_integer = any(
        pattern.fullmatch(text) for pattern in (_DECIMAL, _OCTAL, _HEXADECIMAL)
    )
    if not is_integer and _FLOAT.fullmatch(text) is None:
        return text
    if len(text) > LONGEST_NUMBER:
        raise NumberTooLongError(text)
    return _integer(text) if is_integer else _float(text)


def _integer(text: str) -> int:
    # Not int(text, 0): the core schema reads `010` as ten.
    return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise NotFiniteError(text)
    return value
