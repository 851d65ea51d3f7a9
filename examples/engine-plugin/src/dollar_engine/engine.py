"""The language: `$Name`, `${Values.port}`, and `$$` for a dollar sign."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import ClassVar, Final

from provisionhub.engine import Engine
from provisionhub.errors import (
    InvalidBlueprintError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    did_you_mean,
)
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import Draft, Outline, Outlines, Use
from provisionhub.source import Source

_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_TAG: Final = re.compile(
    rf"\$(?:(?P<dollar>\$)|(?P<bare>{_NAME})|\{{(?P<braced>{_NAME})\}})?"
)


class DollarTemplate:
    """A compiled template: immutable, and free to use in any thread."""

    def __init__(self, source: Source) -> None:
        self._source = source
        for tag in _TAG.finditer(source.text):
            if tag[0] == "$":
                raise TemplateSyntaxError(
                    "a `$` must be followed by a name",
                    at=source.locate(tag.start()),
                    hint="write `$$` for a dollar sign",
                )

    def render(self, context: JsonObject) -> str:
        """Return the text for *context*.

        Raises:
            TemplateRuntimeError: If a name means nothing, with its place.
        """
        return _TAG.sub(lambda tag: self._print(tag, context), self._source.text)

    def outline(self) -> Outline:
        """Return which values the template prints, and where."""
        draft = Draft()
        for tag in _TAG.finditer(self._source.text):
            group = "bare" if tag["bare"] else "braced"
            if tag[group]:
                at = self._source.locate(tag.start(group), len(tag[group]))
                draft.read(tuple(tag[group].split(".")), at, Use.PRINTED)
        return draft.finish()

    def _print(self, tag: re.Match[str], context: JsonObject) -> str:
        if tag["dollar"]:
            return "$"
        group = "bare" if tag["bare"] else "braced"
        value: JsonValue = context
        for name in tag[group].split("."):
            # Keys of objects alone, never an attribute of what Python makes of them.
            if not isinstance(value, dict) or name not in value:
                known = value if isinstance(value, dict) else {}
                raise TemplateRuntimeError(
                    f"`{tag[group]}` is not defined",
                    at=self._source.locate(tag.start(group), len(tag[group])),
                    hint=did_you_mean(name, known),
                )
            value = value[name]
        return value if isinstance(value, str) else json.dumps(value)


class DollarEngine:
    """The engine: constructed once for a blueprint, with its `engine_options`.

    Args:
        options: It knows none.

    Raises:
        InvalidBlueprintError: If there are any.
    """

    suffix: ClassVar[str] = ".dollar"

    def __init__(self, options: JsonObject) -> None:
        for name in options:
            raise InvalidBlueprintError(f"the engine `dollar` has no option `{name}`")

    def compile(
        self, text: str, *, name: str, partials: Mapping[str, str]
    ) -> DollarTemplate:
        """Compile *text*; this language can't include, so *partials* are not used.

        Raises:
            TemplateSyntaxError: With the place in *text*.
        """
        return DollarTemplate(Source(name, text))

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads, for `provisionhub lint`.

        Raises:
            TemplateSyntaxError: With the place in *text*.
        """
        return DollarTemplate(Source(name, text)).outline()


_: type[Engine] = DollarEngine
_outlines: type[Outlines] = DollarEngine
