"""Texts made from regular expressions."""

from __future__ import annotations

import pytest

from provisionhub.matrix.pattern_texts import forms_of, shortest_text, texts_of_length
from provisionhub.values.patterns import matches

PATTERNS = [
    pytest.param(r"^[a-z]([-a-z0-9]*[a-z0-9])?$", 10, id="a name"),
    pytest.param(r"^[^\u0000-\u001f\u007f]+$", 60, id="one line, by code points"),
    pytest.param(r"^\p{Lu}\p{Ll}*$", 5, id="Unicode properties"),
    pytest.param(r"^\u{1F600}x{2,4}$", 4, id="beyond the basic plane"),
    pytest.param(r"^\uD83D\uDE00$", 1, id="a surrogate pair"),
    pytest.param(r"^(?<year>\d{4})-(?:0[1-9]|1[0-2])$", 7, id="groups, named or not"),
    pytest.param(r"^(?!PORT$)[A-Z_]+$", 6, id="a look-ahead"),
    pytest.param(r"^(?=.*[A-Z])(?=.*\d).{8,}$", 12, id="what passwords are asked"),
    pytest.param(r"^[1-9][0-9]*(Mi|Gi)$", 5, id="a choice at the end"),
    pytest.param(r"^(?:a|bb){2,3}$", 5, id="a repeated choice"),
    pytest.param(r"^[\]\\/-]+$", 4, id="a class of what is escaped"),
    pytest.param(r"b$", 6, id="anchored at its end only"),
    pytest.param(r"^a", 6, id="anchored at its start only"),
    pytest.param(r"", 3, id="nothing asked"),
    pytest.param(r"^\x41\cJ?\t?.$", 2, id="escapes"),
    pytest.param(r"^.+?:\d+$", 9, id="lazy"),
]


@pytest.mark.parametrize(("pattern", "length"), PATTERNS)
def test_text_of_a_length_matches(pattern: str, length: int) -> None:
    """A text of a length that the pattern allows has that length, and matches."""
    found = [
        text for text in texts_of_length(pattern, length) if matches(pattern, text)
    ]

    assert found
    assert len(found[0]) == length


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("^a*$", "", id="may be empty"),
        pytest.param("^a+b?$", "a", id="optional parts left out"),
        pytest.param("^(abc|d)$", "d", id="the shorter form"),
        pytest.param("^x{3}$", "xxx", id="a count"),
    ],
)
def test_shortest_text_has_no_character_too_many(pattern: str, expected: str) -> None:
    """The shortest text is as short as the pattern allows."""
    assert shortest_text(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("^(red|green|blue)$", ["red", "green", "blue"], id="at the top"),
        pytest.param("^v(1|2)(x|y)$", ["v1x", "v2x", "v1x", "v1y"], id="two choices"),
        pytest.param("^[ab]$", [], id="a class is no choice"),
    ],
)
def test_each_form_of_a_pattern_gets_a_text(pattern: str, expected: list[str]) -> None:
    """Each side of a ``|`` is in one of the texts, one choice varied at a time."""
    assert list(forms_of(pattern)) == expected


@pytest.mark.parametrize(
    "pattern", [r"^(a)\1$", r"^(?<a>x)\k<a>$"], ids=["by number", "by name"]
)
def test_references_back_give_no_text(pattern: str) -> None:
    """What can't be taken apart gives nothing, rather than something wrong."""
    assert shortest_text(pattern) is None
    assert list(forms_of(pattern)) == []


def test_texts_of_another_stride_stand_apart() -> None:
    """A secret's text does not stand inside the longest text of the same pattern."""
    pattern = "^[!-~]+$"
    public = next(texts_of_length(pattern, 500))

    secret = next(texts_of_length(pattern, 20, stride=3))

    assert matches(pattern, secret)
    assert secret not in public
