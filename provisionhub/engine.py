"""The contract between ProvisionHub and a template language.

An engine is a plugin: a class registered under the entry-point group
``provisionhub.engines``. It needs no sandboxing of its own, but it must be
honest: pure, and clear about where a template went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from provisionhub.jsontypes import JsonObject


class Template(Protocol):
    """A compiled template: immutable, reusable, and pure.

    ``render`` is pure: equal values give equal text, in any thread, in any order.
    """

    def render(self, context: JsonObject) -> str:
        """Return the text for *context*.

        Args:
            context: JSON data only; it is never changed.

        Raises:
            TemplateError: If the template fails, with the place in its source.
            LimitExceededError: If a bound of the engine's own is reached.
        """
        ...


class Engine(Protocol):
    """A template language, constructed once per blueprint with its options.

    The constructor takes the manifest's ``engine_options`` (a JSON object, often
    empty) and raises ``InvalidBlueprintError`` if it does not know one of them
    or its value, naming what is accepted.
    """

    suffix: ClassVar[str]
    """What template files end in, such as ``.j2``; it is dropped from the output."""

    def __init__(self, options: JsonObject) -> None: ...

    def compile(self, text: str, *, name: str, partials: Mapping[str, str]) -> Template:
        """Compile *text*.

        Args:
            text: The template's source, line ends as they stand in the file.
            name: The file's name, for error places.
            partials: The sources that a template may include, by name. A name is
                the file's path below ``partials/`` (or, failing that, below
                ``template/``); the engine's suffix may be left out by the
                template that includes it. Compiled when first needed.

        Raises:
            TemplateSyntaxError: With the place in *text* (or in the partial).
        """
        ...
