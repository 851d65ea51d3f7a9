"""Filters that split names into words and join them in another convention."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from provisionhub_jinja.kinds import to_text
from provisionhub_jinja.limits import spend_text

_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


def words_of(value: object) -> list[str]:
    """Return the words of a name.

    Words end at anything that is neither letter nor digit, before a capital that
    follows a small letter or a digit, and before the last capital of a run that a
    small letter follows: ``HTTPServer2 fooBar-baz_qux`` is ``HTTP``, ``Server2``,
    ``foo``, ``Bar``, ``baz``, ``qux``.
    """
    text = str(to_text(value))
    spend_text(len(text))
    words: list[str] = []
    word = ""
    for index, character in enumerate(text):
        if not _belongs_to_word(character):
            words.append(word)
            word = ""
            continue
        if word and _starts_word(text, index):
            words.append(word)
            word = ""
        word += character
    return [each for each in [*words, word] if each]


def _belongs_to_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _starts_word(text: str, index: int) -> bool:
    if not text[index].isupper():
        return False
    return not text[index - 1].isupper() or text[index + 1 : index + 2].islower()


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:].lower()


def pascal_case(value: object) -> str:
    """Return *value* as ``FooBar``."""
    return "".join(map(_capital, words_of(value)))


def camel_case(value: object) -> str:
    """Return *value* as ``fooBar``."""
    words = words_of(value)
    return "".join([*map(str.lower, words[:1]), *map(_capital, words[1:])])


def title_case(value: object) -> str:
    """Return *value* as ``Foo Bar``."""
    return " ".join(map(_capital, words_of(value)))


def snake_case(value: object) -> str:
    """Return *value* as ``foo_bar``."""
    return _joined("_", map(str.lower, words_of(value)))


def kebab_case(value: object) -> str:
    """Return *value* as ``foo-bar``."""
    return _joined("-", map(str.lower, words_of(value)))


def dot_case(value: object) -> str:
    """Return *value* as ``foo.bar``."""
    return _joined(".", map(str.lower, words_of(value)))


def constant_case(value: object) -> str:
    """Return *value* as ``FOO_BAR``."""
    return _joined("_", map(str.upper, words_of(value)))


def slug(value: object) -> str:
    """Return ASCII letters and digits with dashes: ``Große, Jo!`` → ``grosse-jo``."""
    text = str(to_text(value))
    spend_text(len(text))
    folded = unicodedata.normalize("NFKD", text.casefold())
    ascii_only = folded.encode("ascii", "ignore").decode()
    return _NOT_SLUG.sub("-", ascii_only.lower()).strip("-")


def _joined(separator: str, words: Iterable[str]) -> str:
    return separator.join(words)


WORD_FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "camel_case": camel_case,
    "constant_case": constant_case,
    "dot_case": dot_case,
    "kebab_case": kebab_case,
    "pascal_case": pascal_case,
    "slug": slug,
    "snake_case": snake_case,
    "title_case": title_case,
}
"""The filters of this module, by name."""
