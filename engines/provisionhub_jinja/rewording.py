"""Messages of Python and Jinja2, in this product's words and fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final, TypeVar

from provisionhub.errors import ProvisionError, did_you_mean
from provisionhub.source import printable
from provisionhub_jinja.kinds import PYTHON_NAMES

_Error = TypeVar("_Error", bound=ProvisionError)

_LONGEST_MESSAGE: Final = 500
_LONGEST_NAME: Final = 60
_MOST_NAMES: Final = 1_000
_IN_QUOTES: Final = re.compile(r"(?<!\w)'([^']*)'(?!\w)")
_ADDRESS: Final = re.compile(r"\s*(?:object )?at 0x[0-9a-fA-F]+")
_REWORDED: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r".*division.* by zero|.*modulo by zero", "division by zero"),
        (
            r"unsupported operand type\(s\) for (\S+): (.+) and (.+)",
            r"`\1` does not take \2 and \3",
        ),
        (
            r"'(\S+)' not supported between instances of (.+) and (.+)",
            r"`\1` does not take \2 and \3",
        ),
        (
            r"([\w.<>]+\(\)) takes .+ arguments? but .+ given",
            r"\1 gets too many arguments",
        ),
        (
            r"(\w+) expected .+ arguments?, got \d+",
            r"\1() gets the wrong number of arguments",
        ),
        (
            r"([\w.<>]+\(\)) missing .+ arguments?: (.+)",
            r"\1 does not get all its arguments: \2",
        ),
        (r"bad operand type for unary (\S+): (.+)", r"`\1` does not take \2"),
        (r"cannot unpack non-iterable (\w+) object", r"can't unpack '\1'"),
        (
            r".*argument after \*\* must be a mapping, not (\w+)",
            r"what stands behind `**` must be a mapping, not '\1'",
        ),
        (
            r".*after \* must be an iterable, not (\w+)",
            r"what stands behind `*` must be a list, not '\1'",
        ),
        # Python 3.13 goes on with a guess; an error is the same on every Python.
        (r"(.+ got an unexpected keyword argument '\w+')\. Did you mean .*", r"\1"),
        (r"(.+) object cannot be interpreted as an integer", r"\1 is no whole number"),
        (r"cannot assign attribute.*", "only a namespace has attributes to set"),
        (r"\w+ arg must be None or str", "the characters to strip must be text"),
        (
            r"'in <string>' requires string as left operand, not (\w+)",
            r"`in` does not look for '\1' in text",
        ),
        (r"object of type (.+) has no len\(\)", r"\1 has no length"),
        (r"argument of type (.+) is not iterable", r"`in` does not look into \1"),
        (r"(.+) object is not iterable", r"can't loop over \1"),
        (
            r"the template (.+) \(imported on .+ the requested name (.+)",
            r"the partial \1 does not export \2",
        ),
        (r"parameter (.+) was not provided", r"the parameter \1 is not given"),
        (r"unhashable type: (.+)", r"can't look up \1 in a mapping"),
    )
)


def reword(message: str) -> str:
    """Return *message* in lower case, with back-ticks, and without type names.

    A message of Python's may hold an address in memory; it is dropped.
    """
    message = _ADDRESS.sub("", message[:_LONGEST_MESSAGE].removesuffix("."))
    for pattern, words in _REWORDED:
        if pattern.match(message):
            message = pattern.sub(words, message)
            break

    def name(quoted: re.Match[str]) -> str:
        return PYTHON_NAMES.get(quoted[1], f"`{quoted[1]}`")

    return _IN_QUOTES.sub(name, message[:1].lower() + message[1:])


def suggest(name: str, known: Iterable[str]) -> str | None:
    """Return a hint at the name that was meant, if it is nearly one of the *known*.

    Only names that a person may have mistyped are compared: it takes time.
    """
    if len(name) > _LONGEST_NAME:
        return None
    short = (each for each in known if len(each) <= _LONGEST_NAME)
    return did_you_mean(name, islice(short, _MOST_NAMES))


def presentable(error: _Error) -> _Error:
    """Return *error* with nothing in its words that could mislead who reads them.

    Names and text of templates and values stand in them: control characters, halves
    of surrogate pairs, or a megabyte of either.
    """
    message = error.message
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + "…"
    error.message = printable(message)
    error.args = (error.message,)
    error.hint = None if error.hint is None else printable(error.hint)
    return error
