"""File and folder names, which may hold template tags."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from provisionhub.engine import Template
from provisionhub.errors import TemplateSyntaxError
from provisionhub.jsontypes import JsonObject

T = TypeVar("T")

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
    """Return *path* with each of its parts compiled; raises as ``split_path``."""
    return PathTemplate(split_path(path, compile_part))


def split_path(path: str, read_part: Callable[[str], T]) -> tuple[str | T, ...]:
    """Return the parts of *path*: plain names, and what *read_part* makes of others.

    Parts are read one by one; where a tag itself holds a slash, as Mustache's
    closing tags do, the parts that it spans are taken as one. A part made of
    letters, digits, dots, dashes and underscores is a plain name in every engine.

    Raises:
        TemplateSyntaxError: If a part is not written in the blueprint's engine.
    """
    parts: list[str | T] = []
    pending = path.split("/")
    while pending:
        if _PLAIN.fullmatch(pending[0]):
            parts.append(pending.pop(0))
            continue
        taken, part = _read_next(pending, read_part)
        parts.append(part)
        del pending[:taken]
    return tuple(parts)


def _read_next(pending: list[str], read_part: Callable[[str], T]) -> tuple[int, T]:
    """Return what the fewest first parts that can be read are, and how many."""
    try:
        return 1, read_part(pending[0])
    except TemplateSyntaxError:
        for taken in range(2, len(pending) + 1):
            with suppress(TemplateSyntaxError):
                return taken, read_part("/".join(pending[:taken]))
        raise
