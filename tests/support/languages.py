"""The built-in engines' languages: how each writes the same few things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """How a language writes a few things.

    Attributes:
        engine: Its engine's name.
        suffix: What its files end in.
        show: Prints the value at a path such as ``Values.port``.
        when: Renders a body where the value at a path is true.
        unless: Renders a body where it is false.
        each: Renders a body once for each element of the list at a path.
        element: Prints a member of the element.
        include: Includes a partial, which sees the same context.
        equal: Renders a body where a value equals a text; None if it can't be said.
    """

    engine: str
    suffix: str
    show: Callable[[str], str]
    when: Callable[[str, str], str]
    unless: Callable[[str, str], str]
    each: Callable[[str, str], str]
    element: Callable[[str], str]
    include: Callable[[str], str]
    equal: Callable[[str, str, str], str] | None = None


MUSTACHE: Final = Language(
    engine="mustache",
    suffix=".mustache",
    show=lambda path: "{{" + path + "}}",
    when=lambda path, body: "{{#%s}}%s{{/%s}}" % (path, body, path),
    unless=lambda path, body: "{{^%s}}%s{{/%s}}" % (path, body, path),
    each=lambda path, body: "{{#%s}}%s{{/%s}}" % (path, body, path),
    element=lambda name: "{{" + name + "}}",
    include=lambda name: "{{>" + name + "}}",
)

JINJA: Final = Language(
    engine="jinja2",
    suffix=".j2",
    show=lambda path: "{{ %s }}" % path,
    when=lambda path, body: "{%% if %s %%}%s{%% endif %%}" % (path, body),
    unless=lambda path, body: "{%% if not %s %%}%s{%% endif %%}" % (path, body),
    each=lambda path, body: "{%% for each in %s %%}%s{%% endfor %%}" % (path, body),
    element=lambda name: "{{ each.%s }}" % name,
    include=lambda name: '{%% include "%s" %%}' % name,
    equal=lambda path, text, body: (
        '{%% if %s == "%s" %%}%s{%% endif %%}' % (path, text, body)
    ),
)

GO: Final = Language(
    engine="go",
    suffix=".tmpl",
    show=lambda path: "{{ .%s }}" % path,
    when=lambda path, body: "{{ if .%s }}%s{{ end }}" % (path, body),
    unless=lambda path, body: "{{ if not .%s }}%s{{ end }}" % (path, body),
    each=lambda path, body: "{{ range .%s }}%s{{ end }}" % (path, body),
    element=lambda name: "{{ .%s }}" % name,
    include=lambda name: '{{ template "%s" . }}' % name,
    equal=lambda path, text, body: (
        '{{ if eq .%s "%s" }}%s{{ end }}' % (path, text, body)
    ),
)

LANGUAGES: Final = (MUSTACHE, JINJA, GO)
