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
_HIDDEN_WORDS: Final = "hush 7f3a never 91c5 tell "
_SECRET_STRIDE: Final = 3
_USUAL: Final = 9
_USUAL_OF_SECRETS: Final = 20
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

# What no template says by itself, so that a secret is found only where it was put.
_SECRET_BY_FORMAT: Final = {
    **dict.fromkeys(
        ("uri", "uri-reference", "iri", "iri-reference"), "s7f3a://hush/91c5"
    ),
    **dict.fromkeys(("email", "idn-email"), "hush-7f3a@91c5.example"),
    **dict.fromkeys(("hostname", "idn-hostname"), "hush-7f3a.example"),
    "uri-template": "/hush-7f3a/{id}",
    "json-pointer": "/hush/7f3a",
    "regex": "^hush-7f3a$",
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
        for text in _of_format(name, facts):
            yield Option(text, Kind.FORM, f"a form of {name}")
    yield from _of_length(facts, shortest, "shortest")
    if longest is not None and longest <= LONGEST:
        yield from _of_length(facts, longest, f"longest, {longest} characters")


def more_texts(facts: Facts) -> Iterator[str]:
    """Yield texts that differ from one another, of lengths that *facts* may allow."""
    shortest, longest = facts.size("Length")
    last = LONGEST if longest is None else min(longest, LONGEST)
    for length in range(max(shortest, 1), min(last, shortest + _MOST) + 1):
        yield from _matching(facts, length)
    if facts.patterns or facts.formats:
        return
    for turn in range(_MOST):
        number = str(turn)
        usual = _words(max(shortest, len(number) + 1), facts)
        yield (usual + number)[-last:] if last else ""


def _plain(facts: Facts, shortest: int, longest: int | None) -> Iterator[str]:
    for name in facts.formats:
        yield from _of_format(name, facts)[:1]
    aim = _USUAL_OF_SECRETS if facts.is_secret else _USUAL
    usual = max(shortest, aim if longest is None else min(aim, longest))
    if usual <= LONGEST:
        yield from _matching(facts, usual)
        yield _words(usual, facts)


def _of_format(name: str, facts: Facts) -> tuple[str, ...]:
    if facts.is_secret and name in _SECRET_BY_FORMAT:
        return (_SECRET_BY_FORMAT[name],)
    return _BY_FORMAT.get(name, ())


def _of_length(facts: Facts, length: int, note: str) -> Iterator[Option]:
    if length > LONGEST:
        return
    found = [*_matching(facts, length)] if facts.patterns else [_words(length, facts)]
    if facts.patterns and note == "shortest":
        texts = map(shortest_text, facts.patterns)
        found += [text for text in texts if text is not None and len(text) >= length]
    for text in found:
        is_named = note != "shortest" or length > 0
        yield Option(text, Kind.BOUND, note, is_named=is_named)


def _matching(facts: Facts, length: int) -> Iterator[str]:
    stride = _SECRET_STRIDE if facts.is_secret else 1
    for pattern in facts.patterns:
        yield from texts_of_length(pattern, length, stride=stride)


def _words(length: int, facts: Facts) -> str:
    """Return a plain text of *length* characters that ends with no blank."""
    words = _HIDDEN_WORDS if facts.is_secret else _WORDS
    text = "".join(islice(cycle(words), length))
    return text if text == text.strip() else text[:-1] + "s"
