"""The Mustache engine: what ProvisionHub's registry loads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from provisionhub.coverage import Covers, Reached, ReachedIn, Region
from provisionhub.engine import Engine
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import Outline, Outlines
from provisionhub.source import Source
from provisionhub_mustache.limits import exceeded
from provisionhub_mustache.options import read_options
from provisionhub_mustache.partials import SUFFIX, PartialLibrary
from provisionhub_mustache.rendering import Body, Rendering
from provisionhub_mustache.watching import WatchedLibrary, regions_of, start

LOOPS_OVER: Final = (
    *("array", "boolean", "integer", "null", "number", "object", "string"),
)
"""A section takes anything: what is no list it renders once, or not at all."""


class MustacheTemplate:
    """A compiled Mustache template: immutable, and free to use in any thread."""

    def __init__(
        self, body: Body, start: Callable[[JsonValue], Rendering] = Rendering
    ) -> None:
        self._body = body
        self._start = start

    def render(self, context: JsonValue) -> str:
        """Return the text for *context*, an object or any other JSON value.

        Raises:
            TemplateSyntaxError: If a partial, compiled when first needed, is broken.
            TemplateRuntimeError: If a name means nothing, or nothing that can be
                printed.
            LimitExceededError: If it takes too many steps, nests too deeply or
                writes too much.
        """
        state = self._start(context)
        state.spend(self._body)
        try:
            for instruction in self._body.instructions:
                instruction(state)
        except RecursionError as error:
            # Called from deep down, with less stack left than the bound counts on.
            raise exceeded("MAX_RENDER_DEPTH") from error
        return state.text()


class MustacheEngine:
    """Mustache, spec 1.4 with inheritance and dynamic names; no lambdas.

    Args:
        options: ``missing``: ``error`` (default) or ``empty``; ``escape``: ``none``
            (default) or ``html``; ``delimiters``: ``["{{", "}}"]`` by default.

    Raises:
        InvalidBlueprintError: If an option is unknown or its value not accepted.
    """

    suffix: ClassVar[str] = SUFFIX
    loops_over: ClassVar[tuple[str, ...]] = LOOPS_OVER

    def __init__(self, options: JsonObject) -> None:
        self._options = read_options(options)
        self._library = PartialLibrary({}, self._options)
        self._watched: WatchedLibrary | None = None

    def compile(
        self, text: str, *, name: str, partials: Mapping[str, str]
    ) -> MustacheTemplate:
        """Compile *text*; see ``provisionhub.engine.Engine``.

        Raises:
            TemplateSyntaxError: With the place in *text*.
            LimitExceededError: If its tags are nested too deeply.
        """
        library = self._library_of(partials)
        try:
            return MustacheTemplate(library.compile(text, name=name))
        except RecursionError as error:
            raise exceeded("MAX_NESTING") from error

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads; see ``provisionhub.outline.Outlines``.

        Raises:
            TemplateSyntaxError: With the place in *text*, or in a partial.
            LimitExceededError: If it is nested too deeply, or its partials make too
                much of it.
        """
        library = self._library_of(partials)
        try:
            return library.outline(text, name=name)
        except RecursionError as error:
            raise exceeded("MAX_RENDER_DEPTH") from error

    def _library_of(self, partials: Mapping[str, str]) -> PartialLibrary:
        library = self._library
        if not library.holds(partials):
            # One blueprint's templates share their partials, and so the work.
            library = self._library = PartialLibrary(partials, self._options)
        return library

    def regions(self, text: str, *, name: str) -> tuple[Region, ...]:
        """Return the regions of *text*; see ``provisionhub.coverage.Covers``."""
        return regions_of(Source(name, text), self._options.delimiters)

    def compile_watched(
        self,
        text: str,
        *,
        name: str,
        partials: Mapping[str, str],
        reached: Reached,
        reached_in: ReachedIn,
    ) -> MustacheTemplate:
        """Compile *text* to be watched; see ``provisionhub.coverage.Covers``."""
        library = self._watched
        if not (library and library.holds(partials) and library.tells(reached_in)):
            library = WatchedLibrary(partials, self._options, reached_in)
            self._watched = library
        try:
            body = library.watch(text, name=name, reached=reached)
        except RecursionError as error:
            raise exceeded("MAX_NESTING") from error
        return MustacheTemplate(body, start)


_: type[Engine] = MustacheEngine
_covers: type[Covers] = MustacheEngine
_outlines: type[Outlines] = MustacheEngine
