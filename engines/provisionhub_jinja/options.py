"""What a blueprint may say under ``engine_options``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.options import Option, by_name, choice, flag, refusal, refuse_unknown

Delimiters: TypeAlias = tuple[str, str]

_PLAIN: Final[Mapping[str, Delimiters]] = {
    "block": ("{%", "%}"),
    "variable": ("{{", "}}"),
    "comment": ("{#", "#}"),
}
_START: Final = re.compile(r"[^\s\"']{0,19}[^\s\"'+-]")
_END: Final = re.compile(r"[^\s\"'\w+-][^\s\"'\w]{0,19}")


@dataclass(frozen=True, slots=True)
class Options:
    """The engine's options.

    Attributes:
        missing: Whether a name that is not there fails (``error``) or is ``empty``.
        delimiters: Start and end of ``block``, ``variable`` and ``comment`` tags.
        trim_blocks: Whether the line end after a block tag is dropped.
        lstrip_blocks: Whether blanks before a block tag on its line are dropped.
        escape: How what is printed is escaped: ``none`` or ``html``.
    """

    missing: str = "error"
    delimiters: Mapping[str, Delimiters] = field(default_factory=lambda: dict(_PLAIN))
    trim_blocks: bool = False
    lstrip_blocks: bool = False
    escape: str = "none"

    @classmethod
    def read(cls, options: JsonObject) -> Options:
        """Return *options* as they are meant.

        Raises:
            InvalidBlueprintError: If an option or its value is not known.
        """
        refuse_unknown(options, OPTIONS, engine="Jinja2")
        return cls(
            missing=_MISSING.of(options),
            delimiters=_DELIMITERS.of(options),
            trim_blocks=_TRIM.of(options),
            lstrip_blocks=_LSTRIP.of(options),
            escape=_ESCAPE.of(options),
        )


def _delimiters(value: JsonValue) -> Mapping[str, Delimiters] | None:
    if not isinstance(value, dict):
        return None
    refuse_unknown(value, _PLAIN, engine="Jinja2", what="kind of tag")
    pairs = dict(_PLAIN) | {kind: _pair(kind, pair) for kind, pair in value.items()}
    starts = {start for start, _ in pairs.values()}
    if len(starts) < len(pairs):
        accepted = "a different start for each kind of tag"
        raise refusal("delimiters", value, accepted=accepted)
    return pairs


def _pair(kind: str, value: JsonValue) -> Delimiters:
    match value:
        case [str(start), str(end)] if _START.fullmatch(start) and _END.fullmatch(end):
            return start, end
    accepted = "a start and an end such as `<<` and `>>`, without blanks or quotes"
    raise refusal(f"delimiters.{kind}", value, accepted=accepted)


_MISSING: Final = choice(
    "missing",
    *("error", "empty"),
    about="what becomes of a name that is not there: an error with its place, or"
    " nothing at all, however deep one looks into it",
)
_DELIMITERS: Final = Option(
    "delimiters",
    default=_PLAIN,
    accepted='some of the kinds of tag, such as `{"variable": ["<<", ">>"]}`',
    about="start and end of each kind of tag; for trees full of other people's `{{ }}`",
    convert=_delimiters,
)
_TRIM: Final = flag(
    "trim_blocks", about="whether the line end right after a block tag is dropped"
)
_LSTRIP: Final = flag(
    "lstrip_blocks",
    about="whether blanks before a block tag that begins its line are dropped",
)
_ESCAPE: Final = choice(
    "escape",
    *("none", "html"),
    about="whether what is printed is escaped for HTML",
)
OPTIONS: Final = by_name(_MISSING, _DELIMITERS, _TRIM, _LSTRIP, _ESCAPE)
"""What the engine knows."""
