"""Compiled templates, and how one renders inside another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import cached_property
from types import CodeType
from typing import TYPE_CHECKING, Any, Self, cast

import jinja2
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from provisionhub.source import Source
from provisionhub_jinja.limits import STEPS_OF_INCLUDE, current_budget, deeper
from provisionhub_jinja.places import SourceMap
from provisionhub_jinja.runtime import RUNTIME

if TYPE_CHECKING:
    from provisionhub_jinja.environment import TemplateEnvironment


class CompiledTemplate(jinja2.Template):
    """A template as Python functions.

    Attributes:
        source: What it was compiled from.
        body: Renders it, as a stream of texts.
    """

    environment: TemplateEnvironment
    source: Source
    body: Callable[[Context], Iterator[str]]

    @classmethod
    def build(
        cls, environment: TemplateEnvironment, source: Source, code: CodeType
    ) -> Self:
        """Return the template of *source* that *code* defines."""
        globals_: MutableMapping[str, Any] = environment.make_globals(None)
        template = cast("Self", cls.from_code(environment, code, globals_))
        template.source = source
        template.body = template.root_render_func
        template.body.__globals__.update(RUNTIME)
        template.root_render_func = template._render_inside  # noqa: SLF001 - its own class
        return template

    @cached_property
    def source_map(self) -> SourceMap:
        """Where in the source each piece of the code comes from."""
        return SourceMap(self.environment, self.source)

    def include(
        self,
        variables: dict[str, Any] | None = None,
        local: dict[str, Any] | None = None,
    ) -> Iterator[str]:
        """Render this template where another includes it, with or without context."""
        if variables is None:
            return self.root_render_func(self.new_context())
        return self.root_render_func(self.new_context(variables, True, local))  # noqa: FBT003 - Jinja2's signature

    def _render_inside(self, context: Context) -> Iterator[str]:
        with deeper(STEPS_OF_INCLUDE):
            yield from self.body(context)

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja2 keeps one module for ever, with what its namespaces hold: the second
        # render would see what the first has left there.
        del ctx
        modules = current_budget().modules
        if self.source.file not in modules:
            modules[self.source.file] = self.make_module()
        return cast("TemplateModule", modules[self.source.file])


class NoTemplate:
    """What ``include … ignore missing`` includes if there is no such partial."""

    @staticmethod
    def include(*_: object) -> tuple[str, ...]:
        """Return nothing to render."""
        return ()
