"""The built-in engines' languages: how each writes the same few things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """How a language writes a few things, ``PATH``, ``BODY`` and ``TEXT`` in them.

    Attributes:
        engine: Its engine's name.
        suffix: What its files end in.
        printing: Prints the value at a path such as ``Values.port``.
        testing: Renders a body where the value at a path is true.
        negating: Renders a body where it is false.
        looping: Renders a body once for each element of the list at a path.
        element: Prints a member of the element.
        including: Includes a partial, which sees the same context.
        comparing: Renders a body where a value equals a text; empty if it can't.
    """

    engine: str
    suffix: str
    printing: str
    testing: str
    negating: str
    looping: str
    element: str
    including: str
    comparing: str = ""

    def show(self, path: str) -> str:
        """Return what prints the value at *path*."""
        return self.printing.replace("PATH", path)

    def when(self, path: str, body: str) -> str:
        """Return what renders *body* where the value at *path* is true."""
        return self.testing.replace("PATH", path).replace("BODY", body)

    def unless(self, path: str, body: str) -> str:
        """Return what renders *body* where it is false."""
        return self.negating.replace("PATH", path).replace("BODY", body)

    def each(self, path: str, body: str) -> str:
        """Return what renders *body* for each element of the list at *path*."""
        return self.looping.replace("PATH", path).replace("BODY", body)

    def member(self, name: str) -> str:
        """Return what prints the member *name* of a loop's element."""
        return self.element.replace("PATH", name)

    def include(self, name: str) -> str:
        """Return what includes the partial *name*."""
        return self.including.replace("PATH", name)

    def equal(self, path: str, text: str, body: str) -> str:
        """Return what renders *body* where the value at *path* equals *text*."""
        said = self.comparing.replace("PATH", path).replace("TEXT", text)
        return said.replace("BODY", body)


MUSTACHE: Final = Language(
    engine="mustache",
    suffix=".mustache",
    printing="{{PATH}}",
    testing="{{#PATH}}BODY{{/PATH}}",
    negating="{{^PATH}}BODY{{/PATH}}",
    looping="{{#PATH}}BODY{{/PATH}}",
    element="{{PATH}}",
    including="{{>PATH}}",
)

JINJA: Final = Language(
    engine="jinja2",
    suffix=".j2",
    printing="{{ PATH }}",
    testing="{% if PATH %}BODY{% endif %}",
    negating="{% if not PATH %}BODY{% endif %}",
    looping="{% for each in PATH %}BODY{% endfor %}",
    element="{{ each.PATH }}",
    including='{% include "PATH" %}',
    comparing='{% if PATH == "TEXT" %}BODY{% endif %}',
)

GO: Final = Language(
    engine="go",
    suffix=".tmpl",
    printing="{{ .PATH }}",
    testing="{{ if .PATH }}BODY{{ end }}",
    negating="{{ if not .PATH }}BODY{{ end }}",
    looping="{{ range .PATH }}BODY{{ end }}",
    element="{{ .PATH }}",
    including='{{ template "PATH" . }}',
    comparing='{{ if eq .PATH "TEXT" }}BODY{{ end }}',
)

LANGUAGES: Final = (MUSTACHE, JINJA, GO)
