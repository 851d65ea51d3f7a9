"""Jinja2 as a template engine of ProvisionHub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Final, cast

from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError, TemplateRuntimeError
from provisionhub.jsontypes import JsonObject
from provisionhub.outline import Outline, Outlines
from provisionhub.source import Source
from provisionhub_jinja.environment import SUFFIX, TemplateEnvironment
from provisionhub_jinja.failures import Stream, explain_rendering
from provisionhub_jinja.lexer import Lexer
from provisionhub_jinja.limits import fresh_budget, spend_text
from provisionhub_jinja.options import Options
from provisionhub_jinja.rewording import presentable
from provisionhub_jinja.templates import CompiledTemplate

_PARTS_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class JinjaTemplate:
    """A compiled Jinja2 template; see `provisionhub.engine.Template`."""

    _template: CompiledTemplate

    def render(self, context: JsonObject) -> str:
        """Return the text for *context*, as the engine contract says."""
        with fresh_budget():
            stream = self._stream(context)
            try:
                text = _collect(stream)
            except Exception as error:  # noqa: BLE001 - each becomes an error with a place
                reason = explain_rendering(error, self._template, stream)
                raise presentable(reason) from None
        if not _is_unicode(text):
            raise self._not_unicode(context)
        return text

    def _stream(self, context: JsonObject) -> Stream:
        output = self._template.body(self._template.new_context(dict(context)))
        return cast("Stream", output)

    def _not_unicode(self, context: JsonObject) -> ProvisionError:
        """Return the error for the first part of the output that is not Unicode."""
        error = TemplateRuntimeError("the output has half of a surrogate pair")
        with fresh_budget():
            stream = self._stream(context)
            next(part for part in stream if not _is_unicode(part))
            return explain_rendering(error, self._template, stream)


class JinjaEngine:
    """The Jinja2 engine; see ``docs/engines/jinja2.md`` for its options.

    Raises:
        InvalidBlueprintError: If an option or its value is not known.
    """

    suffix: ClassVar[str] = SUFFIX

    def __init__(self, options: JsonObject) -> None:
        self._options = Options.read(options)
        self._lexer = Lexer(self._options)
        self._environment = self._environment_with({})

    def compile(
        self, text: str, *, name: str, partials: Mapping[str, str]
    ) -> JinjaTemplate:
        """Compile *text*, as the engine contract says."""
        environment = self._environment_of(partials)
        try:
            return JinjaTemplate(environment.load(Source(name, text)))
        except ProvisionError as error:
            raise presentable(error) from None

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads; see ``provisionhub.outline.Outlines``.

        Raises:
            TemplateSyntaxError: With the place in *text*, or in a partial.
            LimitExceededError: If it goes too deep, or its partials and macros make
                too much of it.
        """
        environment = self._environment_of(partials)
        try:
            return environment.outline(Source(name, text))
        except ProvisionError as error:
            raise presentable(error) from None

    def _environment_of(self, partials: Mapping[str, str]) -> TemplateEnvironment:
        environment = self._environment
        if environment.partials != partials:
            environment = self._environment = self._environment_with(partials)
        return environment

    def _environment_with(self, partials: Mapping[str, str]) -> TemplateEnvironment:
        return TemplateEnvironment(self._options, self._lexer, partials)


def _collect(stream: Stream) -> str:
    """Return the whole output, counted while it is collected."""
    pieces: list[str] = []
    while parts := list(islice(stream, _PARTS_AT_ONCE)):
        spend_text(sum(map(len, parts)))
        pieces.append("".join(parts))
    return "".join(pieces)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_: type[Engine] = JinjaEngine
_outlines: type[Outlines] = JinjaEngine
