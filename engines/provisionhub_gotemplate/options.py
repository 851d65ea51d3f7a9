"""The engine's options, read from a manifest's ``engine_options``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.options import Option, by_name, choice, refuse_unknown
from provisionhub_gotemplate.helm import HELM
from provisionhub_gotemplate.nodes import DELIMITERS, Delimiters
from provisionhub_gotemplate.sprig import SPRIG
from provisionhub_gotemplate.template_set import TemplateFunction, TemplateSet

_TABLES: Final[Mapping[str, Mapping[str, TemplateFunction]]] = {
    "sprig": SPRIG,
    "helm": HELM,
    "none": {},
}


@dataclass(frozen=True, slots=True)
class Options:
    """How templates of one blueprint are read and executed.

    Attributes:
        missing: What a missing key is: ``error``, ``default`` or ``zero``, as Go's
            option ``missingkey`` has it.
        functions: Which functions there are besides Go's own: ``sprig``, ``helm``
            or ``none``.
        delimiters: What actions begin and end with.
    """

    missing: str = "error"
    functions: str = "sprig"
    delimiters: Delimiters = DELIMITERS

    def new_set(self) -> TemplateSet:
        """Return a set of templates that is empty."""
        return TemplateSet(
            functions=_TABLES[self.functions],
            delimiters=self.delimiters,
            options=(f"missingkey={self.missing}",),
        )


def _delimiters(value: JsonValue) -> Delimiters | None:
    match value:
        case [str(left), str(right)] if _is_delimiter(left) and _is_delimiter(right):
            return left, right
    return None


def _is_delimiter(text: str) -> bool:
    return bool(text) and not any(map(str.isspace, text))


_MISSING: Final = choice(
    "missing",
    *("error", "default", "zero"),
    about="what becomes of a key that a map lacks: an error with its place, or, as Go"
    " has it, `<no value>`",
)
_FUNCTIONS: Final = choice(
    "functions",
    *_TABLES,
    about="which functions there are beside Go's own: Sprig's, these and Helm's, or"
    " none",
)
_DELIMITERS: Final = Option(
    "delimiters",
    default=DELIMITERS,
    accepted='two texts without blanks, such as `["[[", "]]"]`',
    about="start and end of an action; for trees full of other people's `{{ }}`",
    convert=_delimiters,
)
OPTIONS: Final = by_name(_MISSING, _FUNCTIONS, _DELIMITERS)
"""What the engine knows."""


def read_options(options: JsonObject) -> Options:
    """Return the options that a manifest's ``engine_options`` state.

    Raises:
        InvalidBlueprintError: If one of them is unknown or its value is not accepted.
    """
    refuse_unknown(options, OPTIONS, engine="Go")
    return Options(
        missing=_MISSING.of(options),
        functions=_FUNCTIONS.of(options),
        delimiters=_DELIMITERS.of(options),
    )
