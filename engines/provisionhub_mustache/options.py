"""The engine's options, read from a manifest's ``engine_options``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from provisionhub.errors import InvalidBlueprintError, did_you_mean
from provisionhub.jsontypes import JsonObject, JsonValue

Delimiters: TypeAlias = tuple[str, str]

_DEFAULT_DELIMITERS: Final = ("{{", "}}")
_DELIMITERS_ACCEPTED: Final = 'two texts without blanks or `=`, such as `["<%", "%>"]`'
_LONGEST_VALUE: Final = 60


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


def read_options(options: JsonObject) -> Options:
    """Return the options that a manifest's ``engine_options`` state.

    Raises:
        InvalidBlueprintError: If one of them is unknown or its value is not accepted.
    """
    for name in options:
        if name not in _ACCEPTED:
            raise InvalidBlueprintError(
                f"unknown engine option `{name}`; the Mustache engine knows"
                f" {_listed(_ACCEPTED)}",
                hint=did_you_mean(name, _ACCEPTED),
            )
    return Options(
        strict=_choice(options, "missing") == "error",
        escape_html=_choice(options, "escape") == "html",
        delimiters=_delimiters(options),
    )


_CHOICES: Final = {"missing": ("error", "empty"), "escape": ("none", "html")}
"""What each option may be; the first is its default."""

_ACCEPTED: Final = (*_CHOICES, "delimiters")


def _choice(options: JsonObject, name: str) -> str:
    choices = _CHOICES[name]
    value = options.get(name, choices[0])
    if isinstance(value, str) and value in choices:
        return value
    near = did_you_mean(value, choices) if isinstance(value, str) else None
    raise _refusal(name, value, accepted=_listed(choices), hint=near)


def _delimiters(options: JsonObject) -> Delimiters:
    value = options.get("delimiters", list(_DEFAULT_DELIMITERS))
    match value:
        case [str(opening), str(closing)] if all(map(is_delimiter, (opening, closing))):
            return opening, closing
    raise _refusal("delimiters", value, accepted=_DELIMITERS_ACCEPTED, hint=None)


def is_delimiter(text: str) -> bool:
    """Whether tags can begin or end with *text*."""
    return bool(text) and "=" not in text and not any(map(str.isspace, text))


def _refusal(
    name: str, value: JsonValue, *, accepted: str, hint: str | None
) -> InvalidBlueprintError:
    shown = json.dumps(value, ensure_ascii=False)
    if len(shown) > _LONGEST_VALUE:
        shown = shown[:_LONGEST_VALUE] + "…"
    return InvalidBlueprintError(
        f"engine option `{name}` is `{shown}`; accepted: {accepted}", hint=hint
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
