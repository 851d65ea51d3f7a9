"""Cases derived from schemas: which are tested, and how a failure is told."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from provisionhub.blueprint import Blueprint
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonValue
from provisionhub.matrix import MOST_CASES, Matrix
from provisionhub.source import printable
from provisionhub.values import Redactor, Values

_LONGEST_TEXT: Final = 120
_MOST_ITEMS: Final = 5
_LONGEST_STEM: Final = 80
_ADVICE: Final = (
    "if such values are not to be rendered, have the schema refuse them: by `enum`, "
    "`pattern`, `dependentRequired` or `if` and `then`"
)


@dataclass(frozen=True, slots=True)
class MatrixOptions:
    """What of the cases derived from schemas is tested.

    Attributes:
        is_on: Whether any is.
        odd_texts: Whether texts that templates forget about are among them.
        is_recorded: Whether their trees are held to snapshots.
    """

    is_on: bool = False
    odd_texts: bool = True
    is_recorded: bool = False

    def derive(self, blueprint: Blueprint) -> Matrix | ProvisionError:
        """Return the cases of *blueprint*, or the error that there was instead."""
        if not self.is_on:
            return Matrix()
        try:
            return blueprint.derive_cases(most=MOST_CASES, odd_texts=self.odd_texts)
        except ProvisionError as error:
            return error


def file_stem(name: str) -> str:
    """Return the name of a file, without suffix, for the case called *name*.

    It is safe on every file system; a digest tells apart what is made alike.
    """
    plain = re.sub(r"[^A-Za-z0-9.=+_-]+", "-", name).strip("-.")[:_LONGEST_STEM]
    if plain == name and plain == plain.lower():
        return plain
    return f"{plain}-{sha256(name.encode()).hexdigest()[:8]}"


def explain_case(error: ProvisionError, values: Values | None) -> str:
    """Return why a case made no tree, and its *values* but for secrets."""
    if values is None:
        return error.explain()
    redact = Redactor(values.secrets).redact
    shown = json.dumps(_clipped(values.public), indent=2, ensure_ascii=False)
    kept = ", secrets left out" if values.secrets else ""
    return "\n".join(
        (
            redact(error.explain()),
            "",
            f"the values of this case{kept}:",
            *map(printable, shown.splitlines()),
            "",
            f"hint: {_ADVICE}",
        )
    )


def _clipped(value: JsonValue) -> JsonValue:
    """Return *value* with long texts and lists cut short."""
    match value:
        case str() if len(value) > _LONGEST_TEXT:
            return f"{value[:_LONGEST_TEXT]}… ({len(value)} characters)"
        case list():
            rest = len(value) - _MOST_ITEMS
            more = [f"… ({rest} more)"] if rest > 0 else []
            return [*map(_clipped, value[:_MOST_ITEMS]), *more]
        case dict():
            return {name: _clipped(each) for name, each in value.items()}
        case _:
            return value
