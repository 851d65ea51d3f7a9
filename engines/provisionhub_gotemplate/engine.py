"""The Go engine: what ProvisionHub's registry loads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Final

from provisionhub.coverage import Covers, Reached, ReachedIn, Region
from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError, TemplateRuntimeError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import Outline, Outlines
from provisionhub_gotemplate.errors import TemplateError
from provisionhub_gotemplate.failures import explained
from provisionhub_gotemplate.options import read_options
from provisionhub_gotemplate.partials import SUFFIX, PartialLibrary
from provisionhub_gotemplate.sprig.zones import read_database
from provisionhub_gotemplate.template_set import TemplateSet
from provisionhub_gotemplate.watching import WatchedLibrary, regions_of

LOOPS_OVER: Final = ("array", "integer", "null", "object")
"""The JSON types that a loop takes; an integer is how often."""


class GoTemplate:
    """A parsed Go template: immutable, and free to use in any thread."""

    def __init__(
        self, templates: TemplateSet, name: str, sources: Mapping[str, str]
    ) -> None:
        self._templates = templates
        self._name = name
        self._sources = sources

    def render(self, context: JsonValue) -> str:
        """Return the text for *context*, an object or any other JSON value.

        Raises:
            TemplateRuntimeError: If the template fails, with Go's text.
            LimitExceededError: If it takes too many steps or writes too much.
        """
        try:
            text = self._templates.execute(self._name, context)
        except TemplateError as error:
            raise _explained(error, self._templates, self._sources) from None
        if not _is_unicode(text):
            raise TemplateRuntimeError("the output is not UTF-8: a character is cut")
        return text


class GoTemplateEngine:
    """Go's ``text/template``, to the letter, with Sprig's functions.

    Args:
        options: ``missing``: ``error`` (default), ``default`` or ``zero``;
            ``functions``: ``sprig`` (default), ``helm`` or ``none``;
            ``delimiters``: ``["{{", "}}"]`` by default.

    Raises:
        InvalidBlueprintError: If an option is unknown or its value not accepted.
    """

    suffix: ClassVar[str] = SUFFIX
    loops_over: ClassVar[tuple[str, ...]] = LOOPS_OVER

    def __init__(self, options: JsonObject) -> None:
        self._options = read_options(options)
        # Now, because templates are rendered where no file can be opened.
        read_database()
        self._library = PartialLibrary({}, self._options)
        self._watched: WatchedLibrary | None = None

    def compile(
        self, text: str, *, name: str, partials: Mapping[str, str]
    ) -> GoTemplate:
        """Parse *text*; see ``provisionhub.engine.Engine``.

        Raises:
            TemplateSyntaxError: With the place in *text*, or in a partial.
            LimitExceededError: If its actions are nested too deeply.
        """
        library = self._library_of(partials)
        sources = {**library.sources, name: text}
        with self._explaining(sources):
            templates = library.parse(name, text)
        return GoTemplate(templates, name, sources)

    def regions(self, text: str, *, name: str) -> tuple[Region, ...]:
        """Return the regions of *text*; see ``provisionhub.coverage.Covers``."""
        with self._explaining({name: text}):
            return regions_of(name, text, self._options)

    def compile_watched(
        self,
        text: str,
        *,
        name: str,
        partials: Mapping[str, str],
        reached: Reached,
        reached_in: ReachedIn,
    ) -> GoTemplate:
        """Parse *text* to be watched; see ``provisionhub.coverage.Covers``."""
        library = self._watched
        if not (library and library.sources == partials and library.tells(reached_in)):
            library = WatchedLibrary(partials, self._options, reached_in)
            self._watched = library
        sources = {**library.sources, name: text}
        with self._explaining(sources):
            templates = library.watch(name, text, reached)
        return GoTemplate(templates, name, sources)

    @contextmanager
    def _explaining(self, sources: Mapping[str, str]) -> Iterator[None]:
        try:
            yield
        except TemplateError as error:
            raise _explained(error, self._options.new_set(), sources) from None

    def outline(self, text: str, *, name: str, partials: Mapping[str, str]) -> Outline:
        """Return what *text* reads; see ``provisionhub.outline.Outlines``.

        Raises:
            TemplateSyntaxError: With the place in *text*, or in a partial.
            LimitExceededError: If it is nested too deeply, or its templates make too
                much of it.
        """
        library = self._library_of(partials)
        with self._explaining({**library.sources, name: text}):
            return library.outline(name, text)

    def _library_of(self, partials: Mapping[str, str]) -> PartialLibrary:
        library = self._library
        if library.sources != partials:
            # One blueprint's templates share their partials, and so the work.
            library = self._library = PartialLibrary(partials, self._options)
        return library


def _explained(
    error: TemplateError, templates: TemplateSet, sources: Mapping[str, str]
) -> ProvisionError:
    names = {"function": templates.functions, "template": templates.names}
    return explained(error, sources, names)


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_: type[Engine] = GoTemplateEngine
_outlines: type[Outlines] = GoTemplateEngine
_covers: type[Covers] = GoTemplateEngine
