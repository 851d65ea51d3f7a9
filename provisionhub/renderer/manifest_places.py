"""Places of templates that stand in the manifest: ``when`` and the commit message."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from provisionhub.blueprint import Blueprint
from provisionhub.errors import LimitExceededError, TemplateError
from provisionhub.source import Location

E = TypeVar("E", bound=TemplateError | LimitExceededError)


@dataclass(frozen=True, slots=True)
class InManifest:
    """A template's place in the manifest.

    Attributes:
        blueprint: Whose manifest.
        pointer: JSON pointer to the template.
        text: The template.
    """

    blueprint: Blueprint
    pointer: str
    text: str

    def of(self, error: E) -> E:
        """Return *error*, which knows its place in the template, placed in the file."""
        error.at = self.at(error.at)
        return error

    def at(self, inner: Location | None) -> Location:
        """Return where in the manifest the character at *inner* stands.

        Only a template that stands on one line as it is can be followed by column;
        of folded, escaped or block text the value itself is the place. So it is of
        the whole template, which is None.
        """
        value = self.blueprint.locate(self.pointer)
        if inner is None:
            return value
        if value.excerpt is None or inner.line != 1 or "\n" in self.text:
            return value
        line = value.excerpt.lines[value.line - value.excerpt.first_line]
        start = line.find(self.text, value.column - 1)
        if start < 0:
            return value
        return replace(value, column=start + inner.column, width=inner.width)
