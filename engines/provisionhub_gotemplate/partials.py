"""The partials of a blueprint: found by name in a mapping, parsed when needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from provisionhub.outline import Outline
from provisionhub_gotemplate.errors import TemplateError
from provisionhub_gotemplate.limits import exceeded
from provisionhub_gotemplate.options import Options
from provisionhub_gotemplate.outlining import outline_tree
from provisionhub_gotemplate.template_set import TemplateSet

SUFFIX: Final = ".tmpl"
"""What the names of template files end in; a reference may leave it out."""


class PartialLibrary:
    """The partials that templates share, and the templates that these define.

    All of them are parsed when a template first refers to one: which of them defines
    a name is not known before.

    Args:
        sources: The partials' texts by name.
        options: How they are read and executed.
    """

    def __init__(self, sources: Mapping[str, str], options: Options) -> None:
        self.sources = dict(sources)
        self._options = options
        self._parsed: TemplateSet | None = None
        self._broken: dict[str, TemplateError] = {}

    def parse(self, name: str, text: str) -> TemplateSet:
        """Return a set with the template *text* and what it refers to.

        Raises:
            TemplateError: If it is no template of Go, or a partial that it needs.
        """
        alone = self._options.new_set()
        alone.parse(name, text)
        missing = set(alone.unresolved())
        if not missing or not self.sources:
            return alone
        templates = self._partials().clone()
        templates.parse(name, text)
        for reference in templates.unresolved():
            for known in _spellings(reference):
                if known in self._broken:
                    raise self._broken[known]
        return templates

    def outline(self, name: str, text: str) -> Outline:
        """Return what the template *text*, which may refer to the partials, reads.

        Raises:
            TemplateError: If it is no template of Go, or a partial that it needs; or
                if it is nested too deeply.
            LimitExceededError: If its templates make too much of it.
        """
        program = self.parse(name, text).program
        try:
            return outline_tree(program.trees[name], program)
        except RecursionError as error:
            raise exceeded("MAX_STACK", template=name) from error

    def _partials(self) -> TemplateSet:
        if self._parsed is None:
            # Two threads may both parse them: the results are alike.
            self._parsed = self._parse_all()
        return self._parsed

    def _parse_all(self) -> TemplateSet:
        templates = self._options.new_set()
        for name in sorted(self.sources):
            try:
                templates.parse(name, self.sources[name])
            except TemplateError as error:
                self._broken[name] = error
        for name in self.sources:
            short = name.removesuffix(SUFFIX)
            if name not in self._broken and short not in templates.names:
                templates.alias(short, name)
        return templates


def _spellings(reference: str) -> Iterator[str]:
    yield reference
    yield reference + SUFFIX
