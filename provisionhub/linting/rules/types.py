"""Values used as what they are not: ``wrong-type``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final, TypeAlias

from provisionhub.linting.context import Meaning, shown, value_pointer
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.possible import Possible
from provisionhub.linting.reading import faulty
from provisionhub.linting.subject import Linted
from provisionhub.outline import Branch, Guard, Read, Test, Use
from provisionhub.source import Location
from provisionhub.values.declarations import Standing
from provisionhub.values.wording import literal, one_of, type_noun

_Key: TypeAlias = tuple[object, ...]

_CONTAINERS: Final = frozenset({"array", "object"})


def wrong_types(linted: Linted) -> Iterator[Finding]:
    """Find values that are looped over, looked into, printed or compared in vain."""
    for template in linted.survey.templates():
        yield from faulty(template.outline, partial(_of_read, linted))
    yield from _of_guards(linted)


def _of_read(linted: Linted, read: Read) -> Finding | None:
    meanings = linted.context.meanings(read)
    if not meanings.found and not meanings.is_open:
        if all(_is_below(linted, each) for each in meanings.astray):
            return _below(read, meanings.astray[0], linted)
        return None
    meaning = meanings.only
    if meaning is None or not meaning.declared.domain.types:
        return None
    types = meaning.declared.domain.types
    if read.use is Use.LOOPED and not types & linted.survey.loops_over:
        return _finding(
            meaning, read.at, "is looped over, but is", "a loop needs a list"
        )
    if read.use is Use.PRINTED and not read.through and types <= _CONTAINERS:
        hint = "loop over it, print a member, or write it with a filter or function"
        return _finding(meaning, read.at, "is printed, but is", hint)
    return None


def _is_below(linted: Linted, meaning: Meaning) -> bool:
    """Tell whether *meaning* is looked for in what has no members."""
    path, declared = meaning
    if declared.standing is not Standing.BELOW:
        return False
    # Where a loop counts up to an integer, its elements are integers.
    holder = linted.context.at(path[: declared.reached]).domain.types
    is_counted = path[declared.reached] is None and holder & linted.survey.loops_over
    return not is_counted


def _below(read: Read, meaning: Meaning, linted: Linted) -> Finding:
    path = meaning.path[: meaning.declared.reached]
    step = meaning.path[meaning.declared.reached]
    looked = "an element" if step is None else f"`{step}`"
    holder = Meaning(path, linted.context.at(path))
    return _finding(
        holder, read.at, f"is looked into for {looked}, but is", "it has no members"
    )


def _of_guards(linted: Linted) -> Iterator[Finding]:
    """Find comparisons that always come out different.

    Those on which a part depends to be rendered are findings of another kind. In a
    partial or a macro a comparison is one only if it is so wherever that is used.
    """
    in_vain: dict[_Key, dict[_Key, Finding]] = {}
    asked: set[_Key] = set()
    for template in linted.survey.templates():
        for branch in template.outline.branches:
            asked |= {_key(guard) for guard in branch.guards if guard.holds}
            found = dict(_in_vain(linted, branch))
            place = branch.at.file, branch.at.line, branch.at.column
            before = in_vain.get(place, found)
            in_vain[place] = {key: before[key] for key in before if key in found}
    told = {key: each for found in in_vain.values() for key, each in found.items()}
    yield from (finding for key, finding in told.items() if key not in asked)


def _in_vain(linted: Linted, branch: Branch) -> Iterator[tuple[_Key, Finding]]:
    for guard in branch.guards:
        if guard.test is Test.EQUALITY and not guard.holds:
            meaning = linted.context.meanings(guard).only
            if meaning is not None and _is_never(linted, meaning, guard):
                yield _key(guard), _compared(meaning, guard)


def _is_never(linted: Linted, meaning: Meaning, guard: Guard) -> bool:
    possible = Possible.of(meaning, linted.context)
    equal = Guard(guard.path, guard.at, Test.EQUALITY, constant=guard.constant)
    return not possible.is_nothing and possible.where(equal).is_nothing


def _key(guard: Guard) -> _Key:
    at = guard.at
    return at.file, at.line, at.column, guard.path, repr(guard.constant)


def _compared(meaning: Meaning, guard: Guard) -> Finding:
    return Finding(
        Code.WRONG_TYPE,
        f"`{shown(meaning.path)}` is compared with {literal(guard.constant)}, which it "
        "never is",
        at=guard.at,
        pointer=value_pointer(meaning.path),
    )


def _finding(meaning: Meaning, at: Location, what: str, hint: str) -> Finding:
    types = meaning.declared.domain.types
    named = types - {"integer"} if "number" in types else types
    kinds = one_of(map(type_noun, sorted(named)))
    return Finding(
        Code.WRONG_TYPE,
        f"`{shown(meaning.path)}` {what} {kinds}",
        at=at,
        hint=hint,
        pointer=value_pointer(meaning.path),
    )
