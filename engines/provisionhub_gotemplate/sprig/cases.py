"""``camelcase``, ``snakecase`` and ``kebabcase``, as the ``xstrings`` package has them.

A name is cut into words of one kind of character each; what connects them then
depends on the kinds of neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.runes import (
    is_letter,
    is_number,
    is_punct,
    is_space,
    is_upper,
    lower_rune,
    to_runes,
    upper_rune,
)


class _Kind(Enum):
    """What a word is made of."""

    NONE = auto()
    NUMBER = auto()
    UPPER = auto()
    LETTERS = auto()
    CONNECTOR = auto()
    PUNCTUATION = auto()
    OTHER = auto()


_Word = tuple[_Kind, str]
_UNCONNECTED: Final = frozenset({_Kind.NONE, _Kind.CONNECTOR, _Kind.PUNCTUATION})
_NUMBER_PART: Final = frozenset({_Kind.LETTERS, _Kind.NUMBER})
_END: Final[_Word] = (_Kind.NONE, "")
_IDEOGRAPHS: Final = (
    ("\u4e00", "\u9fcc"),
    ("\u3400", "\u4d85"),
    ("\U00020000", "\U0002b81d"),
)


def camelcase(text: str) -> str:
    """Return *text* as ``PascalCase``, which is what Sprig means by camel case."""
    runes = to_runes(text)
    body = runes.lstrip("".join(filter(_is_connector, set(runes))))
    leading = runes[: len(runes) - len(body)]
    if not body:
        # xstrings writes the last of nothing but connectors twice.
        return leading + leading[-1:]
    written = list(leading)
    in_capitals = is_upper(body[0])
    last = upper_rune(body[0])
    for each in body[1:]:
        previous, last = last, each
        if _is_connector(each) and _is_connector(previous):
            written.append(previous)
        elif _is_connector(previous):
            in_capitals = is_upper(each)
            last = upper_rune(each)
        else:
            in_capitals = in_capitals and is_upper(each)
            last = lower_rune(each) if in_capitals else each
            written.append(previous)
    return "".join([*written, last])


def snakecase(text: str) -> str:
    """Return *text* in small letters, with ``_`` between its words."""
    return _connect(text, "_")


def kebabcase(text: str) -> str:
    """Return *text* in small letters, with ``-`` between its words."""
    return _connect(text, "-")


def _connect(text: str, connector: str) -> str:
    words = _words(to_runes(text))
    written: list[str] = []
    index = 0
    while index < len(words):
        kind, _ = words[index]
        written.append(_lowered(words[index], connector))
        index += 1
        if index == len(words):
            break
        if kind is _Kind.NUMBER:
            index = _write_number_part(words, index, written, connector)
            if _kind_at(words, index) not in _UNCONNECTED:
                written.append(connector)
        elif kind not in {_Kind.CONNECTOR, _Kind.PUNCTUATION}:
            index = _write_after_letters(words, index, written, connector)
    return "".join(written)


def _write_after_letters(
    words: list[_Word], index: int, written: list[str], connector: str
) -> int:
    """Write what follows letters, up to the next word; return where that stands."""
    kind = _kind_at(words, index)
    if kind is not _Kind.NUMBER:
        if kind not in {_Kind.CONNECTOR, _Kind.PUNCTUATION}:
            written.append(connector)
        return index
    if index + 1 == len(words):
        return index
    number = words[index][1]
    if _kind_at(words, index + 1) is not _Kind.LETTERS:
        # The number is part of the word before it: Bld4Floor is bld4_floor.
        written.append(number)
        if _kind_at(words, index + 1) not in {_Kind.CONNECTOR, _Kind.PUNCTUATION}:
            written.append(connector)
        return index + 1
    # Small letters after a number make it a word: HTTP2xx is http_2xx.
    written.append(connector + number)
    index = _write_number_part(words, index + 1, written, connector)
    if _kind_at(words, index) not in _UNCONNECTED:
        written.append(connector)
    return index


def _write_number_part(
    words: list[_Word], index: int, written: list[str], connector: str
) -> int:
    while _kind_at(words, index) in _NUMBER_PART:
        written.append(_lowered(words[index], connector))
        index += 1
    return index


def _kind_at(words: list[_Word], index: int) -> _Kind:
    return words[index][0] if index < len(words) else _END[0]


def _lowered(word: _Word, connector: str) -> str:
    kind, text = word
    if kind is _Kind.CONNECTOR:
        return connector * len(text)
    return "".join(map(lower_rune, text)) if kind is _Kind.UPPER else text


def _is_connector(rune: str) -> bool:
    return rune in {"-", "_"} or is_space(rune)


def _is_alphabetic(rune: str) -> bool:
    """Whether *rune* is a letter of an alphabet: Chinese characters are none."""
    return is_letter(rune) and (
        rune < "\u3400" or not any(first <= rune <= last for first, last in _IDEOGRAPHS)
    )


def _is_small(rune: str) -> bool:
    return _is_alphabetic(rune) and not is_upper(rune)


def _is_other(rune: str) -> bool:
    return not (
        _is_connector(rune) or _is_alphabetic(rune) or is_number(rune) or is_punct(rune)
    )


_KINDS: Final[tuple[tuple[_Kind, Callable[[str], bool]], ...]] = (
    (_Kind.CONNECTOR, _is_connector),
    (_Kind.PUNCTUATION, is_punct),
    (_Kind.LETTERS, _is_small),
    (_Kind.NUMBER, is_number),
    (_Kind.OTHER, _is_other),
)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    start = 0
    while start < len(text):
        kind, end = _word_at(text, start)
        words.append((kind, text[start:end]))
        start = end
    return words


def _word_at(text: str, start: int) -> tuple[_Kind, int]:
    """Return the kind of the word at *start*, and where it ends."""
    if is_upper(text[start]):
        return _Kind.UPPER, _end_of_capitals(text, start)
    for kind, belongs in _KINDS:
        if belongs(text[start]):
            return kind, _end_of(text, start + 1, belongs)
    return _Kind.OTHER, start + 1


def _end_of_capitals(text: str, start: int) -> int:
    """Return where a word ends that starts large: ``HTTP`` in ``HTTPServer``."""
    end = _end_of(text, start + 1, is_upper)
    if end == start + 1:
        return _end_of(text, end, _is_small)
    if end < len(text) and _is_alphabetic(text[end]):
        return end - 1
    return end


def _end_of(text: str, start: int, belongs: Callable[[str], bool]) -> int:
    while start < len(text) and belongs(text[start]):
        start += 1
    return start


CASES: Final[Mapping[str, Function]] = {
    "camelcase": function(camelcase, "func(string) string"),
    "snakecase": function(snakecase, "func(string) string"),
    "kebabcase": function(kebabcase, "func(string) string"),
}
"""The functions, by their names in templates."""
