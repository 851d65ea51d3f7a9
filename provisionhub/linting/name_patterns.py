"""File names as patterns: plain text, and values of which nobody knows which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final, TypeAlias

from provisionhub.errors import LimitExceededError, TemplateError
from provisionhub.jsontypes import JsonObject
from provisionhub.linting.context import VALUES, Context
from provisionhub.linting.file_names import seeds_at
from provisionhub.linting.survey import Surveyed, SurveyedFile
from provisionhub.outline import NamePath, Use

_STANDS_IN: Final = 0xE000
"""The first of the characters that stand in for values: no name may hold them."""
_MOST_VALUES: Final = 4
_MOST_TRIED: Final = 64
_NAMES: Final = {"Name": "my-service", "Namespace": "my-team"}

Part: TypeAlias = tuple[str | NamePath, ...]
"""A part of a name: texts, and the values between them."""


@dataclass(frozen=True, slots=True)
class NamePattern:
    """What a file's path may be.

    Attributes:
        parts: The parts of the path, in which no value makes further ones.
    """

    parts: tuple[Part, ...]

    @property
    def values(self) -> tuple[NamePath, ...]:
        """The values in it, each once, in order."""
        found = (each for part in self.parts for each in part)
        return tuple(dict.fromkeys(each for each in found if not isinstance(each, str)))

    def paths(self, context: Context) -> Iterator[tuple[str, Mapping[NamePath, str]]]:
        """Yield some of the paths that it may be, and with which values."""
        values = self.values
        choices = [_texts_at(context, each) for each in values]
        for chosen in islice(product(*choices), _MOST_TRIED):
            given = dict(zip(values, chosen, strict=True))
            yield "/".join(_filled(part, given) for part in self.parts), given

    def match(self, path: str, context: Context) -> Mapping[NamePath, str] | None:
        """Return with which accepted values it is *path*; None if it never is."""
        values = self.values
        seen: set[NamePath] = set()
        pattern = "/".join(_expression(part, values, seen) for part in self.parts)
        found = re.fullmatch(pattern, path)
        if found is None:
            return None
        given = {each: found[f"v{index}"] for index, each in enumerate(values)}
        is_accepted = all(context.accepts_anyhow(*each) for each in given.items())
        return given if is_accepted else None

    def may_meet(self, other: NamePattern) -> bool:
        """Tell whether none of the parts that are plain text tells the two apart."""
        if len(self.parts) != len(other.parts):
            return False
        pairs = zip(self.parts, other.parts, strict=True)
        return all(
            one == two or not (_is_plain(one) and _is_plain(two)) for one, two in pairs
        )


def pattern_of(file: SurveyedFile, context: Context) -> NamePattern | None:
    """Return the pattern of the path of *file*; None if there is no telling.

    That is so where a name depends on conditions, or on functions of a value.
    """
    parts: list[Part] = []
    for part in file.parts:
        found = (part,) if isinstance(part, str) else _part_of(part, context)
        if found is None:
            return None
        parts.append(found)
    pattern = NamePattern(tuple(parts))
    return pattern if len(pattern.values) <= _MOST_VALUES else None


def _part_of(part: Surveyed, context: Context) -> Part | None:
    paths = _plain_reads(part, context)
    if paths is None or part.template is None:
        return None
    stand_ins = {chr(_STANDS_IN + index): path for index, path in enumerate(paths)}
    try:
        text = part.template.render(_context_of(stand_ins))
    except (TemplateError, LimitExceededError):
        return None
    pieces = re.split(f"([{''.join(stand_ins)}])", text) if stand_ins else [text]
    return tuple(stand_ins.get(piece, piece) for piece in pieces if piece)


def _plain_reads(part: Surveyed, context: Context) -> list[NamePath] | None:
    """Return the texts that *part* prints as they are; None if it does more."""
    found: list[NamePath] = []
    for read in part.outline.reads:
        meaning = context.meanings(read).only
        is_plain = read.use is Use.PRINTED and not read.through and not read.guards
        if meaning is None or not is_plain or None in meaning.path:
            return None
        if meaning.declared.domain.types != {"string"}:
            return None
        found.append(meaning.path)
    return None if part.outline.branches else list(dict.fromkeys(found))


def _context_of(stand_ins: Mapping[str, NamePath]) -> JsonObject:
    root: JsonObject = {VALUES: {}, **_NAMES}
    for character, path in stand_ins.items():
        inside = root
        for step in path[:-1]:
            child = inside.setdefault(str(step), {})
            assert isinstance(child, dict)  # noqa: S101 - what is printed holds nothing
            inside = child
        if path[0] not in _NAMES:
            inside[str(path[-1])] = character
    return root


def _texts_at(context: Context, path: NamePath) -> Sequence[str]:
    choices = context.at(path).domain.choices
    if choices is None:
        return seeds_at(context, path)
    return [each for each in choices if isinstance(each, str)]


def _filled(part: Part, given: Mapping[NamePath, str]) -> str:
    return "".join(each if isinstance(each, str) else given[each] for each in part)


def _expression(part: Part, values: Sequence[NamePath], seen: set[NamePath]) -> str:
    pieces: list[str] = []
    for each in part:
        if isinstance(each, str):
            pieces.append(re.escape(each))
        elif each in seen:
            pieces.append(f"(?P=v{values.index(each)})")
        else:
            seen.add(each)
            pieces.append(f"(?P<v{values.index(each)}>[^/]+)")
    return "".join(pieces)


def _is_plain(part: Part) -> bool:
    return all(isinstance(each, str) for each in part)
