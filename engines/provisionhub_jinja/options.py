"""What a blueprint may say under ``engine_options``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from provisionhub.errors import InvalidBlueprintError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub_jinja.rewording import suggest

Delimiters: TypeAlias = tuple[str, str]

_DELIMITERS: Final[Mapping[str, Delimiters]] = {
    "block": ("{%", "%}"),
    "variable": ("{{", "}}"),
    "comment": ("{#", "#}"),
}
_LONGEST_SHOWN: Final = 80
_START: Final = re.compile(r"[^\s\"']{0,19}[^\s\"'+-]")
_END: Final = re.compile(r"[^\s\"'\w+-][^\s\"'\w]{0,19}")


@dataclass(frozen=True, slots=True)
class Options:
    """The engine's options.

    Attributes:
        missing: Whether a name that is not there fails or is empty.
        delimiters: Start and end of ``block``, ``variable`` and ``comment`` tags.
        trim_blocks: Whether the line end after a block tag is dropped.
        lstrip_blocks: Whether blanks before a block tag on its line are dropped.
        escape: Whether what is printed is escaped for HTML.
    """

    missing: Literal["error", "empty"] = "error"
    delimiters: Mapping[str, Delimiters] = field(
        default_factory=lambda: dict(_DELIMITERS)
    )
    trim_blocks: bool = False
    lstrip_blocks: bool = False
    escape: Literal["none", "html"] = "none"

    @classmethod
    def read(cls, options: JsonObject) -> Options:
        """Return *options* as they are meant.

        Raises:
            InvalidBlueprintError: If an option or its value is not known.
        """
        known = ("missing", "delimiters", "trim_blocks", "lstrip_blocks", "escape")
        _check_names("option", options, known)
        return cls(
            missing=_missing(options.get("missing", "error")),
            delimiters=_delimiters(options.get("delimiters", {})),
            trim_blocks=_flag("trim_blocks", options),
            lstrip_blocks=_flag("lstrip_blocks", options),
            escape=_escape(options.get("escape", "none")),
        )


def _missing(value: JsonValue) -> Literal["error", "empty"]:
    if value == "error":
        return "error"
    if value == "empty":
        return "empty"
    raise _refused("missing", value, "`error` or `empty`")


def _escape(value: JsonValue) -> Literal["none", "html"]:
    if value == "none":
        return "none"
    if value == "html":
        return "html"
    raise _refused("escape", value, "`none` or `html`")


def _flag(name: str, options: JsonObject) -> bool:
    value = options.get(name, False)
    if not isinstance(value, bool):
        raise _refused(name, value, "`true` or `false`")
    return value


def _delimiters(value: JsonValue) -> dict[str, Delimiters]:
    if not isinstance(value, dict):
        raise _refused("delimiters", value, 'such as `{"variable": ["<<", ">>"]}`')
    _check_names("delimiter", value, _DELIMITERS)
    pairs = dict(_DELIMITERS) | {
        name: _pair(name, pair) for name, pair in value.items()
    }
    starts = [start for start, _ in pairs.values()]
    if len(set(starts)) < len(starts):
        raise _refused("delimiters", value, "a different start for each kind of tag")
    return pairs


def _pair(name: str, value: JsonValue) -> Delimiters:
    match value:
        case [str(start), str(end)] if _START.fullmatch(start) and _END.fullmatch(end):
            return start, end
    accepted = "a start and an end such as `<<` and `>>`, without blanks or quotes"
    raise _refused(f"delimiters.{name}", value, accepted)


def _check_names(kind: str, given: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in given:
        if name not in known:
            names = ", ".join(f"`{each}`" for each in known)
            raise InvalidBlueprintError(
                f"the jinja2 engine has no {kind} `{name}`",
                hint=suggest(name, known) or f"accepted are {names}",
            )


def _refused(name: str, value: JsonValue, accepted: str) -> InvalidBlueprintError:
    shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    return InvalidBlueprintError(
        f"`{shown}` is not accepted for the jinja2 engine's option `{name}`",
        hint=f"accepted is {accepted}",
    )
