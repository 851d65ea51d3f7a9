"""The engine's options, read from a manifest's ``engine_options``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from provisionhub.errors import InvalidBlueprintError, did_you_mean
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub_gotemplate.helm import HELM
from provisionhub_gotemplate.nodes import DELIMITERS, Delimiters
from provisionhub_gotemplate.sprig import SPRIG
from provisionhub_gotemplate.template_set import TemplateFunction, TemplateSet

_DELIMITERS_ACCEPTED: Final = 'two texts without blanks, such as `["[[", "]]"]`'
_LONGEST_VALUE: Final = 60


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


_TABLES: Final[Mapping[str, Mapping[str, TemplateFunction]]] = {
    "sprig": SPRIG,
    "helm": HELM,
    "none": {},
}

_CHOICES: Final = {
    "missing": ("error", "default", "zero"),
    "functions": tuple(_TABLES),
}
"""What each option may be; the first is its default."""

_ACCEPTED: Final = (*_CHOICES, "delimiters")


def read_options(options: JsonObject) -> Options:
    """Return the options that a manifest's ``engine_options`` state.

    Raises:
        InvalidBlueprintError: If one of them is unknown or its value is not accepted.
    """
    for name in options:
        if name not in _ACCEPTED:
            raise InvalidBlueprintError(
                f"unknown engine option `{name}`; the Go engine knows"
                f" {_listed(_ACCEPTED)}",
                hint=did_you_mean(name, _ACCEPTED),
            )
    return Options(
        missing=_choice(options, "missing"),
        functions=_choice(options, "functions"),
        delimiters=_delimiters(options),
    )


def _choice(options: JsonObject, name: str) -> str:
    choices = _CHOICES[name]
    value = options.get(name, choices[0])
    if isinstance(value, str) and value in choices:
        return value
    near = did_you_mean(value, choices) if isinstance(value, str) else None
    raise _refusal(name, value, accepted=_listed(choices), hint=near)


def _delimiters(options: JsonObject) -> Delimiters:
    value = options.get("delimiters", list(DELIMITERS))
    match value:
        case [str(left), str(right)] if _is_delimiter(left) and _is_delimiter(right):
            return left, right
    raise _refusal("delimiters", value, accepted=_DELIMITERS_ACCEPTED, hint=None)


def _is_delimiter(text: str) -> bool:
    return bool(text) and not any(map(str.isspace, text))


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
