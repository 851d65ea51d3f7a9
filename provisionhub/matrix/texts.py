"""Texts: the shortest, the longest, one for each form of a pattern or format."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

from provisionhub.matrix.facts import Facts
from provisionhub.matrix.option import Kind, Option
from provisionhub.matrix.pattern_texts import (
    forms_of,
    shortest_text,
    texts_of_length,
)

LONGEST: Final = 10_000
"""Longer texts are not made, in characters."""

_WORDS: Final = "some text "
_MOST: Final = 600

_BY_FORMAT: Final[dict[str, tuple[str, ...]]] = {
    "date": ("2026-01-31", "2024-02-29"),
    "date-time": ("2026-01-31T12:00:00Z", "2024-02-29T23:59:59.5+05:30"),
    "time": ("12:00:00Z", "23:59:59.5+05:30"),
    "duration": ("P1DT12H", "PT0S"),
    "email": ("ada@example.org", "o'brien+tag@mail.example.org"),
    "idn-email": ("ada@example.org", "jörg@bücher.example"),
    "hostname": ("example.org", "a", "xn--bcher-kva.example"),
    "idn-hostname": ("example.org", "bücher.example"),
    "ipv4": ("192.0.2.1", "0.0.0.0"),  # noqa: S104 - nothing is bound
    "ipv6": ("2001:db8::1", "::", "::ffff:192.0.2.1"),
    "uri": ("https://example.org/", "urn:isbn:0451450523", "http://[::1]:80/?a=b#c"),
    "uri-reference": ("https://example.org/", "../a?b=c#d", ""),
    "iri": ("https://example.org/", "https://example.org/é"),
    "iri-reference": ("https://example.org/", "é?b=c"),
    "uri-template": ("/users/{id}", "/plain"),
    "uuid": ("123e4567-e89b-42d3-a456-426614174000",),
    "json-pointer": ("/a/0", "", "/a~1b"),
    "relative-json-pointer": ("1/a", "0#"),
    "regex": ("^a+$", ""),
}


def text_options(facts: Facts) -> Iterator[Option]:
    """Yield texts that *facts* may allow, the plainest first."""
    shortest, longest = facts.size("Length")
    for text in _plain(facts, shortest, longest):
        yield Option(text, Kind.FORM)
    for pattern in facts.patterns:
        for text in forms_of(pattern):
            yield Option(text, Kind.FORM, "a form of its pattern")
    for name in facts.formats:
        for text in _BY_FORMAT.get(name, ()):
            yield Option(text, Kind.FORM, f"a form of {name}")
    yield from _of_length(facts, shortest, "shortest")
    if longest is not None and longest <= LONGEST:
        yield from _of_length(facts, longest, f"longest, {longest} characters")


def _plain(facts: Facts, shortest: int, longest: int | None) -> Iterator[str]:
    for name in facts.formats:
        yield from _BY_FORMAT.get(name, ())[:1]
    usual = max(shortest, min(9, 9 if longest is None else longest))
    for pattern in facts.patterns:
        yield from texts_of_length(pattern, usual)
    if usual <= LONGEST:
        yield words(usual)


def _of_length(facts: Facts, length: int, note: str) -> Iterator[Option]:
    if length > LONGEST:
        return
    found = [text for each in facts.patterns for text in texts_of_length(each, length)]
    if not facts.patterns:
        found = [words(length)]
    elif note == "shortest":
        texts = map(shortest_text, facts.patterns)
        found += [text for text in texts if text is not None and len(text) >= length]
    for text in found:
        is_named = note != "shortest" or length > 0
        yield Option(text, Kind.BOUND, note, is_named=is_named)


def words(length: int) -> str:
    """Return a plain text of *length* characters that ends with no blank."""
    text = "".join(islice(cycle(_WORDS), length))
    return text if text == text.strip() else text[:-1] + "s"


def more_texts(facts: Facts) -> Iterator[str]:
    """Yield texts that differ from one another, of lengths that *facts* may allow."""
    shortest, longest = facts.size("Length")
    last = LONGEST if longest is None else min(longest, LONGEST)
    for length in range(max(shortest, 1), min(last, shortest + _MOST) + 1):
        for pattern in facts.patterns:
            yield from texts_of_length(pattern, length)
    if facts.patterns or facts.formats:
        return
    for turn in range(_MOST):
        number = str(turn)
        yield (words(max(shortest, len(number) + 1)) + number)[-last:] if last else ""
