"""File and folder names, which may hold template tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from provisionhub.engine import Template
from provisionhub.errors import TemplateSyntaxError
from provisionhub.jsontypes import JsonObject

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path below ``template/`` whose parts are plain names or templates."""

    parts: tuple[str | Template, ...]

    def render(self, context: JsonObject) -> str | None:
        """Return the path, or None if a part renders to nothing.

        A part may render to several, such as ``com/example``.

        Raises:
            TemplateError: With the place in the path itself.
        """
        names = []
        for part in self.parts:
            name = part if isinstance(part, str) else part.render(context)
            if not name:
                return None
            names.append(name)
        return "/".join(names)


def compile_path(path: str, compile_part: Callable[[str], Template]) -> PathTemplate:
    """Return *path* with each of its parts compiled.

    Parts are compiled one by one; where a tag itself holds a slash, as Mustache's
    closing tags do, the parts that it spans are taken as one. A part made of
    letters, digits, dots, dashes and underscores is a plain name in every engine.

    Raises:
        TemplateSyntaxError: If a part is not written in the blueprint's engine.
    """
    compiled: list[str | Template] = []
    pending = path.split("/")
    while pending:
        if _PLAIN.fullmatch(pending[0]):
            compiled.append(pending.pop(0))
            continue
        taken, template = _compile_next(pending, compile_part)
        compiled.append(template)
        del pending[:taken]
    return PathTemplate(tuple(compiled))


def _compile_next(
    pending: list[str], compile_part: Callable[[str], Template]
) -> tuple[int, Template]:
    """Return the template of the fewest first parts that compile, and how many."""
    try:
        return 1, compile_part(pending[0])
    except TemplateSyntaxError:
        for taken in range(2, len(pending) + 1):
            with suppress(TemplateSyntaxError):
                return taken, compile_part("/".join(pending[:taken]))
        raise
