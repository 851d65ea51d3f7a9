"""The names of character classes that Go's regular expressions know."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import re2

_POSIX: Final = re.compile(
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space"
    r"|upper|word|xdigit):\]"
)
_NAME: Final = re.compile(r"[A-Za-z]+(?:[_ -][A-Za-z]+)*")
_CATEGORIES: Final = {
    "closepunctuation": "Pe",
    "combiningmark": "M",
    "connectorpunctuation": "Pc",
    "control": "Cc",
    "cntrl": "Cc",
    "currencysymbol": "Sc",
    "dashpunctuation": "Pd",
    "decimalnumber": "Nd",
    "digit": "Nd",
    "enclosingmark": "Me",
    "finalpunctuation": "Pf",
    "format": "Cf",
    "initialpunctuation": "Pi",
    "letter": "L",
    "letternumber": "Nl",
    "lineseparator": "Zl",
    "lowercaseletter": "Ll",
    "mark": "M",
    "mathsymbol": "Sm",
    "modifierletter": "Lm",
    "modifiersymbol": "Sk",
    "nonspacingmark": "Mn",
    "number": "N",
    "openpunctuation": "Ps",
    "other": "C",
    "otherletter": "Lo",
    "othernumber": "No",
    "otherpunctuation": "Po",
    "othersymbol": "So",
    "paragraphseparator": "Zp",
    "privateuse": "Co",
    "punctuation": "P",
    "punct": "P",
    "separator": "Z",
    "spaceseparator": "Zs",
    "spacingmark": "Mc",
    "surrogate": "Cs",
    "symbol": "S",
    "titlecaseletter": "Lt",
    "uppercaseletter": "Lu",
}


def is_posix_class(text: str) -> bool:
    """Whether *text* is a class such as ``[:alpha:]``."""
    return _POSIX.fullmatch(text) is not None


@lru_cache(maxsize=256)
def unicode_class(name: str, *, is_negated: bool) -> str | None:
    r"""Return the Unicode class *name* as RE2 writes it, or nothing if there is none.

    Args:
        name: Such as ``L``, ``Greek``, ``^Lu`` or ``letter``.
        is_negated: Whether it is written with ``\P``.
    """
    if name.startswith("^"):
        is_negated = not is_negated
        name = name[1:]
    plain = re.sub("[_ -]", "", name).lower()
    letter = "P" if is_negated else "p"
    for candidate in _candidates(name, plain):
        if _is_known(candidate):
            return f"\\{letter}{{{candidate}}}"
    return None


def _candidates(name: str, plain: str) -> list[str]:
    words = "_".join(word.capitalize() for word in re.split("[_ -]", name))
    return [name, _CATEGORIES.get(plain, ""), plain.capitalize(), words]


def _is_known(name: str) -> bool:
    if not _NAME.fullmatch(name):
        return False
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(f"\\p{{{name}}}", options)
    except re2.error:
        return False
    return True
