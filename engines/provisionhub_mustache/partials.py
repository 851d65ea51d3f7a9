"""The partials of a blueprint: found by name in a mapping, compiled when needed.

A name is a key and nothing else: no file is ever opened, so ``../../etc/passwd`` is
an unknown name like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from provisionhub.outline import Outline
from provisionhub.source import Source
from provisionhub_mustache.compiler import compile_nodes
from provisionhub_mustache.nodes import Node
from provisionhub_mustache.options import Options
from provisionhub_mustache.outlining import outline_nodes
from provisionhub_mustache.parser import parse
from provisionhub_mustache.rendering import Body

SUFFIX: Final = ".mustache"
"""What the names of template files end in; a reference may leave it out."""


class PartialLibrary:
    """The partials that templates share, each compiled at most once.

    Args:
        sources: The partials' texts by name.
        options: How they are read and rendered.
    """

    def __init__(self, sources: Mapping[str, str], options: Options) -> None:
        self._sources = dict(sources)
        self._options = options
        self._bodies: dict[str, Body] = {}
        self._trees: dict[str, tuple[Source, tuple[Node, ...]]] = {}

    def holds(self, sources: Mapping[str, str]) -> bool:
        """Whether these are the library's *sources*."""
        return self._sources == sources

    def find(self, reference: str) -> str | None:
        """Return the name that *reference* means: itself, with or without suffix."""
        for name in (reference, reference + SUFFIX, reference.removesuffix(SUFFIX)):
            if name in self._sources:
                return name
        return None

    def names(self) -> Iterable[str]:
        """Return all names, as a reference would write them: without suffix."""
        return (name.removesuffix(SUFFIX) for name in self._sources)

    def body(self, name: str) -> Body:
        """Return the partial's instructions.

        Raises:
            TemplateSyntaxError: If it can't be compiled, with the place in it.
        """
        body = self._bodies.get(name)
        if body is None:
            # Two threads may both compile it: the results are alike.
            body = self.compile(self._sources[name], name=name)
            self._bodies[name] = body
        return body

    def compile(self, text: str, *, name: str) -> Body:
        """Return the instructions of the template *text*, which may use the partials.

        Raises:
            TemplateSyntaxError: If it is not Mustache.
            LimitExceededError: If it is nested too deeply.
        """
        source = Source(name, text)
        nodes = parse(source, self._options.delimiters)
        return compile_nodes(nodes, source, self._options, self)

    def tree(self, name: str) -> tuple[Source, tuple[Node, ...]]:
        """Return the source and the tree of the partial *name*.

        Raises:
            TemplateSyntaxError: If it is not Mustache.
        """
        tree = self._trees.get(name)
        if tree is None:
            source = Source(name, self._sources[name])
            tree = source, parse(source, self._options.delimiters)
            self._trees[name] = tree
        return tree

    def outline(self, text: str, *, name: str) -> Outline:
        """Return what the template *text*, which may use the partials, reads.

        Raises:
            TemplateSyntaxError: If it, or a partial of it, is not Mustache.
            LimitExceededError: If it is nested too deeply or takes too many steps.
        """
        source = Source(name, text)
        nodes = parse(source, self._options.delimiters)
        return outline_nodes(nodes, source, self._options, self)
