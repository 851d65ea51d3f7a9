"""The options of an engine: declared once, then read from ``engine_options``.

An engine says which options it knows. What it doesn't know, and values that it does
not accept, are refused in the same words whichever engine it is::

    MISSING = choice("missing", "error", "empty", about="what a missing name is")
    OPTIONS = by_name(MISSING)

    refuse_unknown(options, OPTIONS, engine="dollar")
    missing = MISSING.of(options)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from provisionhub.errors import InvalidBlueprintError, did_you_mean
from provisionhub.jsontypes import JsonObject, JsonValue

T = TypeVar("T")

_LONGEST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Option(Generic[T]):
    """One option that an engine knows.

    Attributes:
        name: What it is called under ``engine_options``.
        default: What it is where a manifest does not say.
        accepted: What it may be, for people: in errors, and in the reference.
        about: What it decides, for people: lower case, no full stop.
        convert: Returns what a value means, or None if it is not accepted.
        choices: The texts among which a misspelled one is looked for.
    """

    name: str
    default: T
    accepted: str
    about: str
    convert: Callable[[JsonValue], T | None]
    choices: tuple[str, ...] = ()

    def of(self, options: JsonObject) -> T:
        """Return what *options* say of it, or its default.

        Raises:
            InvalidBlueprintError: If they say what is not accepted.
        """
        if self.name not in options:
            return self.default
        value = options[self.name]
        found = self.convert(value)
        if found is None:
            near = _near(value, self.choices) if isinstance(value, str) else None
            raise refusal(self.name, value, accepted=self.accepted, hint=near)
        return found


def choice(name: str, *choices: str, about: str) -> Option[str]:
    """Return an option that is one of the texts *choices*, by default the first."""
    return Option(
        name=name,
        default=choices[0],
        accepted=_listed(choices),
        about=about,
        convert=lambda value: value if value in choices else None,
        choices=choices,
    )


def flag(name: str, *, about: str) -> Option[bool]:
    """Return an option that is true or false, by default false."""
    return Option(
        name=name,
        default=False,
        accepted="`false`, `true`",
        about=about,
        convert=lambda value: value if isinstance(value, bool) else None,
    )


def by_name(*options: Option[Any]) -> Mapping[str, Option[Any]]:
    """Return *options* by their names, in this order."""
    return {option.name: option for option in options}


def refuse_unknown(
    given: Iterable[str],
    known: Collection[str],
    *,
    engine: str,
    what: str = "engine option",
) -> None:
    """Refuse the first of the *given* names that is not *known* to the *engine*.

    Args:
        given: The names that a manifest has, such as its ``engine_options``.
        known: The names that there are, such as the mapping of ``by_name``.
        engine: What the engine is called, for the error.
        what: What the names are those of, for the error.

    Raises:
        InvalidBlueprintError: With what is known, and the near name.
    """
    for name in given:
        if name not in known:
            raise InvalidBlueprintError(
                f"unknown {what} `{_short(name)}`;"
                f" the {engine} engine knows {_listed(known) or 'none'}",
                hint=_near(name, known),
            )


def refusal(
    name: str, value: JsonValue, *, accepted: str, hint: str | None = None
) -> InvalidBlueprintError:
    """Return the error of an option *name* whose *value* is not *accepted*."""
    shown = _short(json.dumps(value, ensure_ascii=False))
    return InvalidBlueprintError(
        f"engine option `{name}` is `{shown}`; accepted: {accepted}", hint=hint
    )


def _near(name: str, known: Iterable[str]) -> str | None:
    # Nobody mistypes a name of that length; to compare it would take long.
    return did_you_mean(name, known) if len(name) <= _LONGEST_SHOWN else None


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
