"""One of the things that may stand at a place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from provisionhub.jsontypes import JsonValue
from provisionhub.matrix.places import ABSENT, Held, shown_place
from provisionhub.values.equality import canonical
from provisionhub.values.secrecy import ValuePath

_LONGEST: Final = 40


class Kind(Enum):
    """Why an option is tried."""

    CHOICE = "one of a few values"
    PRESENCE = "there, or left out"
    BOUND = "at the edge of what is allowed"
    FORM = "another form of a value"


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things that may stand at a place.

    Attributes:
        held: What stands there.
        kind: Why it is tried.
        note: What it is, where the value alone does not tell, such as ``maximum``.
        is_named: Whether the schema itself names it, so that it must be covered.
    """

    held: Held = field(repr=False)
    kind: Kind
    note: str = ""
    is_named: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it stands for any value, and is needed only where there is none."""
        return self.kind is Kind.FORM and not self.note and not self.is_named

    @property
    def key(self) -> str:
        """A text that is the same for equal values, and only for them."""
        return "" if self.held is ABSENT else canonical(self.held)

    def label(self, place: ValuePath, *, is_secret: bool) -> str:
        """Return what a person calls it at *place*, secrets not shown."""
        shown = shown_place(place)
        if self.held is ABSENT:
            return f"no {shown}"
        value = None if is_secret else _shown(self.held)
        if value is None:
            return f"{shown} ({self.note or 'given'})"
        return f"{shown}={value}" + (f" ({self.note})" if self.note else "")


def _shown(value: JsonValue) -> str | None:
    """Return *value* as ASCII on one line; None if it is too long for a name."""
    match value:
        case dict() | list():
            return json.dumps(value) if not value else None
        case str() if value and value.isascii() and value.isprintable():
            text = value if value == value.strip() else json.dumps(value)
        case _:
            text = json.dumps(value)
    return text if len(text) <= _LONGEST else None
