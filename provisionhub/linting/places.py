"""Moves the places of an outline to where a blueprint's author knows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from provisionhub.outline import Guard, Outline
from provisionhub.source import Location

Move: TypeAlias = Callable[[Location], Location]


def moved(outline: Outline, move: Move) -> Outline:
    """Return *outline* with *move* applied to each of its places."""
    # By identity: many reads share their guards, and places are dear to compare.
    known: dict[int, tuple[Guard, ...]] = {}

    def guarded(guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
        if id(guards) not in known:
            known[id(guards)] = tuple(replace(g, at=move(g.at)) for g in guards)
        return known[id(guards)]

    return Outline(
        tuple(
            replace(each, at=move(each.at), guards=guarded(each.guards))
            for each in outline.reads
        ),
        tuple(
            replace(each, at=move(each.at), guards=guarded(each.guards))
            for each in outline.branches
        ),
        tuple(
            replace(each, at=move(each.at), guards=guarded(each.guards))
            for each in outline.inclusions
        ),
        None if outline.condition is None else guarded(outline.condition),
    )
