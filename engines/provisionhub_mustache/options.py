"""The engine's options, read from a manifest's ``engine_options``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.options import Option, by_name, choice, refuse_unknown

Delimiters: TypeAlias = tuple[str, str]

_DEFAULT_DELIMITERS: Final = ("{{", "}}")


@dataclass(frozen=True, slots=True)
class Options:
    """How templates of one blueprint are read and rendered.

    Attributes:
        strict: A missing variable or partial is an error, not nothing.
        escape_html: Interpolated text is escaped for HTML, as in Mustache's spec.
        delimiters: What tags begin and end with at the start of each file.
    """

    strict: bool = True
    escape_html: bool = False
    delimiters: Delimiters = _DEFAULT_DELIMITERS


def is_delimiter(text: str) -> bool:
    """Whether tags can begin or end with *text*."""
    return bool(text) and "=" not in text and not any(map(str.isspace, text))


def _delimiters(value: JsonValue) -> Delimiters | None:
    match value:
        case [str(opening), str(closing)] if all(map(is_delimiter, (opening, closing))):
            return opening, closing
    return None


_MISSING: Final = choice(
    "missing",
    *("error", "empty"),
    about="what a missing variable, dynamic name or partial is; a missing *section*"
    " name is always just falsy",
)
_ESCAPE: Final = choice(
    "escape",
    *("none", "html"),
    about='whether `{{name}}` escapes `& " < >` as `&amp; &quot; &lt; &gt;`',
)
_DELIMITERS: Final = Option(
    "delimiters",
    default=_DEFAULT_DELIMITERS,
    accepted='two texts without blanks or `=`, such as `["<%", "%>"]`',
    about="what tags begin and end with in every file; for trees full of other"
    " people's `{{ }}`",
    convert=_delimiters,
)
OPTIONS: Final = by_name(_MISSING, _ESCAPE, _DELIMITERS)
"""What the engine knows."""


def read_options(options: JsonObject) -> Options:
    """Return the options that a manifest's ``engine_options`` state.

    Raises:
        InvalidBlueprintError: If one of them is unknown or its value is not accepted.
    """
    refuse_unknown(options, OPTIONS, engine="Mustache")
    return Options(
        strict=_MISSING.of(options) == "error",
        escape_html=_ESCAPE.of(options) == "html",
        delimiters=_DELIMITERS.of(options),
    )
