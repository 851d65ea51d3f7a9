"""Texts that a regular expression matches: the shortest, its forms, a given length.

They are made from the pattern's parts alone; look-aheads and anchors in the middle
may still refuse one, so each is tried before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count, islice
from typing import Final

from provisionhub.matrix.pattern_nodes import (
    Either,
    Node,
    Nothing,
    OneOf,
    Repeat,
    Sequence,
)
from provisionhub.matrix.pattern_parser import UnreadablePatternError, parse_pattern

_MOST_FORMS: Final = 24


def shortest_text(pattern: str) -> str | None:
    """Return a text as short as *pattern* allows; None if it can't be taken apart."""
    node = _parsed(pattern)
    return None if node is None else _Writer().write(node, node.least)


def texts_of_length(pattern: str, length: int, *, stride: int = 1) -> Iterator[str]:
    """Yield texts of *length* characters, of as many kinds as *pattern* allows.

    Texts of one *stride* do not stand inside those of another, if there is a choice.
    """
    node = _parsed(pattern)
    if node is None or node.least > length:
        return
    text = _Writer(stride).write(node, int(min(node.most, length)))
    rest = "a" * (length - len(text))
    yield text + rest
    if rest:  # a pattern that is not anchored leaves one side open, or the other
        yield rest + text


def forms_of(pattern: str) -> Iterator[str]:
    """Yield one text for each form that *pattern* separates by ``|``."""
    node = _parsed(pattern)
    if node is not None:
        for form in islice(_forms(node), _MOST_FORMS):
            yield _Writer().write(form, form.least)


@lru_cache(maxsize=256)
def _parsed(pattern: str) -> Node | None:
    try:
        return parse_pattern(pattern)
    except UnreadablePatternError:
        return None


class _Writer:
    """Writes one text, taking from each class one character after another."""

    def __init__(self, stride: int = 1) -> None:
        self._turns = count(0, stride)

    def write(self, node: Node, length: int) -> str:
        """Return a text of *node*, *length* characters long if that can be."""
        match node:
            case Nothing():
                return ""
            case OneOf():
                known = node.characters or "?"
                return known[next(self._turns) % len(known)]
            case Sequence():
                return self._sequence(node, length)
            case Either():
                return self.write(_roomy(node, length), length)
            case Repeat():
                return self._repeat(node, length)

    def _sequence(self, node: Sequence, length: int) -> str:
        left = length - node.least
        texts: list[str] = []
        for part in node.parts:
            own = part.least + int(min(part.most - part.least, max(0, left)))
            texts.append(self.write(part, own))
            left -= len(texts[-1]) - part.least
        return "".join(texts)

    def _repeat(self, node: Repeat, length: int) -> str:
        each, left, texts = node.part, length, list[str]()
        if each.most == 0:
            return ""
        while len(texts) < node.fewest or (left > 0 and len(texts) < node.many):
            following = max(0, node.fewest - len(texts) - 1) * each.least
            own = int(min(each.most, max(each.least, left - following)))
            if own > left and len(texts) >= node.fewest:
                break
            texts.append(self.write(each, own) or "")
            left -= len(texts[-1])
            if not texts[-1] and len(texts) >= node.fewest:
                break
        return "".join(texts)


def _roomy(node: Either, length: int) -> Node:
    """Return the form that a text of *length* characters fits best."""
    return min(
        node.parts,
        key=lambda part: (
            not part.least <= length <= part.most,
            abs(length - min(part.most, max(part.least, length))),
        ),
    )


def _forms(node: Node) -> Iterator[Node]:
    """Yield *node* with one choice made, for each choice inside it."""
    match node:
        case Either():
            for part in node.parts:
                yield part
                yield from _forms(part)
        case Sequence():
            for place, part in enumerate(node.parts):
                for form in _forms(part):
                    yield Sequence(
                        (*node.parts[:place], form, *node.parts[place + 1 :])
                    )
        case Repeat() if node.many > 0:
            once = max(1, node.fewest)
            for form in _forms(node.part):
                yield Repeat(form, once, float(once))
        case _:
            pass
