"""Outlines in the making: guards around reads, and an end to hostile walks."""

from __future__ import annotations

import pytest

from provisionhub.errors import LimitExceededError
from provisionhub.outline import (
    NOTHING,
    Branch,
    Draft,
    Guard,
    Inclusion,
    Outline,
    Read,
    Use,
)
from provisionhub.source import Source

_AT = Source("main", "a b c").locate(2)
_ON = Guard(("Values", "on"), _AT)
_OFF = Guard(("Values", "off"), _AT, holds=False)


def test_draft_of_nothing_is_nothing() -> None:
    """A walk that finds nothing gives the outline of a text without tags."""
    assert Draft().finish() == NOTHING


def test_reads_stand_under_the_guards_around_them() -> None:
    """A read has the guards of all branches around it, outermost first."""
    draft = Draft()

    with draft.branch(_AT, (_ON,)):
        with draft.under((_OFF,)):
            draft.read(("a",), _AT, Use.PRINTED)
            draft.include("part", _AT)
        draft.read(("b",), _AT, Use.TESTED, has_default=True)
    draft.read(("c",), _AT, Use.LOOPED)

    assert draft.finish() == Outline(
        reads=(
            Read(("a",), _AT, Use.PRINTED, (_ON, _OFF)),
            Read(("b",), _AT, Use.TESTED, (_ON,), has_default=True),
            Read(("c",), _AT, Use.LOOPED),
        ),
        branches=(Branch(_AT, (_ON,)),),
        inclusions=(Inclusion("part", _AT, (_ON, _OFF)),),
    )


def test_guards_end_with_their_branch_whatever_happens() -> None:
    """A walk that is broken off leaves no guard behind."""
    draft = Draft()

    with pytest.raises(KeyError), draft.branch(_AT, (_ON,)):
        raise KeyError

    assert draft.guards == ()


def test_walk_without_an_end_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """More steps than an honest template takes are an error, with the last place."""
    monkeypatch.setattr("provisionhub.outline.MAX_STEPS", 10)
    draft = Draft()
    for _ in range(10):
        draft.read(("a",), _AT, Use.PRINTED)

    with pytest.raises(LimitExceededError, match="more than 10 steps") as caught:
        draft.read(("a",), _AT, Use.PRINTED)

    assert caught.value.at == _AT
