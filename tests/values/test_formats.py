"""Formats and patterns."""

from __future__ import annotations

import time

import pytest

from provisionhub.errors import InvalidValuesError
from provisionhub.values import ValueSchema
from provisionhub.values.formats import FORMATS

GOOD = {
    "date": ["2026-01-31", "2024-02-29"],
    "date-time": ["2026-01-31T12:00:00Z", "2026-01-31t12:00:00.5+01:00"],
    "time": ["12:00:00Z", "23:59:59.5-05:00"],
    "duration": ["P1D", "PT5M", "P1Y2M"],
    "email": ["me@example.org", "a+b@c"],
    "idn-email": ["mé@exämple.org"],
    "hostname": ["localhost", "a-b.example.org"],
    "idn-hostname": ["exämple.org"],
    "ipv4": ["192.0.2.1"],
    "ipv6": ["::1", "2001:db8::1"],
    "uri": ["https://example.org/a?b#c", "urn:a:b"],
    "uri-reference": ["/a/b", "#x", "https://example.org"],
    "iri": ["https://exämple.org/é"],
    "iri-reference": ["/é", "é"],
    "uri-template": ["/users/{id}"],
    "uuid": ["3f0e9a52-6a0c-4b43-9c64-0d2f6c6f2d10"],
    "json-pointer": ["", "/a/0", "/~0~1"],
    "relative-json-pointer": ["0", "1/a", "2#"],
    "regex": [r"^\p{L}+$", "(?<n>a)"],
}
BAD = {
    "date": ["2026-02-30", "31.1.2026", "2026-1-1", "٢٠٢٦-01-31"],
    "date-time": ["2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00Z\n"],
    "time": ["12:00:00", "25:00:00Z"],
    "duration": ["1D", "P", "P1"],
    "email": ["me", "@", "a@b@c", "a b@c", "a@b\n"],
    "idn-email": ["me", "@x"],
    "hostname": ["a_b", "-a", "", "a b", "a" * 64],
    "idn-hostname": ["〮exämple.org", "\u302e"],
    "ipv4": ["192.0.2.256", "1.2.3", "192.0.2.1\n"],
    "ipv6": ["::g", "1::2::3", "::1%eth0"],
    "uri": ["/a", "https://a b", "exämple"],
    "uri-reference": ["\\a", "a b"],
    "iri": ["/é", "https://é\u2028"],
    "iri-reference": ["a b", "\\é"],
    "uri-template": ["/users/{id"],
    "uuid": ["3f0e9a526a0c4b439c640d2f6c6f2d10", "x"],
    "json-pointer": ["a", "/~2", "#/a"],
    "relative-json-pointer": ["", "/a", "01", "²", "-1", "0#a"],
    "regex": ["(", r"\Z", "(?P<n>a)"],
}


def is_accepted(name: str, text: str) -> bool:
    """Tell whether *text* is of the format *name*."""
    try:
        ValueSchema({"properties": {"a": {"format": name}}}).accept({"a": text})
    except InvalidValuesError as error:
        (violation,) = error.violations
        return not violation.message.startswith(f"must be {FORMATS[name].noun}")
    return True


def test_all_formats_are_listed() -> None:
    """Every format of 2020-12 is asserted."""
    assert GOOD.keys() == BAD.keys() == FORMATS.keys()


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in GOOD.items() for text in texts]
)
def test_accepts(name: str, text: str) -> None:
    """A text of the format is accepted."""
    assert is_accepted(name, text)


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts]
)
def test_refuses(name: str, text: str) -> None:
    """A text of another format is refused."""
    assert not is_accepted(name, text)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 200_000, id="letters"),
        pytest.param("https://" + "é" * 4000, id="long address"),
        pytest.param("1" * 4090, id="digits"),
        pytest.param("/" * 4090, id="slashes"),
        pytest.param("1:" * 2000, id="colons"),
        pytest.param("{" * 4090, id="braces"),
        pytest.param("P" + "1Y" * 2000, id="years"),
        pytest.param("\x00", id="NUL"),
        pytest.param("xn--" + "z" * 60, id="punycode"),
        pytest.param("%", id="percent"),
        pytest.param("[" * 1001, id="brackets"),
    ],
)
def test_hostile_texts_are_answered_at_once(name: str, text: str) -> None:
    """Whatever the text, the answer is yes or no, and soon."""
    start = time.monotonic()

    is_accepted(name, text)

    assert time.monotonic() - start < 5
