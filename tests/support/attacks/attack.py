"""One attack, and the ways in which it may end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    PermanentError,
    TemplateError,
)
from provisionhub.jsontypes import JsonObject


class End(Enum):
    """How an attack must end; it never hangs, leaks or harms the worker."""

    REFUSED = (TemplateError, InvalidBlueprintError)
    """The engine says what it may not, or does not know."""
    LIMITED = (LimitExceededError,)
    """A limit ends it, and is named."""
    ANY_ERROR = (PermanentError,)
    """One or the other."""
    HARMLESS = ()
    """It renders, and to nothing that says anything of the process."""

    @property
    def errors(self) -> tuple[type[PermanentError], ...]:
        """The errors in which it may end; none if it must render."""
        errors: tuple[type[PermanentError], ...] = self.value
        return errors


@dataclass(frozen=True)
class Attack:
    """A template made to harm.

    Attributes:
        name: What it tries.
        text: The template.
        end: How it must end.
        values: What the job gives.
        partials: Further templates, by path below ``partials/``.
    """

    name: str
    text: str
    end: End
    values: JsonObject = field(default_factory=dict)
    partials: Mapping[str, str] = field(default_factory=dict)
