"""Makes a case smaller as long as Go and our engine still differ in the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from provisionhub.jsontypes import JsonObject, JsonValue
from support.go_cases import MAIN, Case
from tools.gotemplate.comparing import Difference, compare
from tools.gotemplate.oracle import Oracle

_WORD: Final = re.compile(r"\{\{-?|-?\}\}|\w+|\s+|.", re.DOTALL)
_ROUNDS: Final = 60
_MOST: Final = 400  # smaller cases that are tried in one round


def shrink(found: Difference, oracle: Oracle) -> Difference:
    """Return the smallest case that is found from *found* in a bounded search."""
    for _ in range(_ROUNDS):
        tried = []
        for smaller in _smaller(found.case):
            tried.append(smaller)
            if len(tried) == _MOST:
                break
        same = [
            difference
            for difference in compare(tried, oracle)
            if difference is not None and difference.kind == found.kind
        ]
        if not same:
            break
        found = min(same, key=lambda difference: _size(difference.case))
    return found


def _size(case: Case) -> int:
    return len(case.text())


def _smaller(case: Case) -> Iterator[Case]:
    for name in case.templates:
        if name != MAIN:
            others = {key: each for key, each in case.templates.items() if key != name}
            yield replace(case, templates=others)
    plainer = (
        replace(case, delims=()),
        replace(case, options=()),
        replace(case, funcs="builtin"),
    )
    yield from (each for each in plainer if each != case)
    for name, source in case.templates.items():
        for shorter in _shorter(source):
            yield replace(case, templates={**case.templates, name: shorter})
    for value in _simpler(case.data):
        yield replace(case, data=value)


def _shorter(source: str) -> Iterator[str]:
    """Yield *source* without runs of its words: long runs first."""
    words = _WORD.findall(source)
    length = len(words) // 2
    while length:
        for start in range(0, len(words) - length + 1, max(length // 2, 1)):
            yield "".join(words[:start] + words[start + length :])
        length = length * 2 // 3 if length > 6 else length - 1


def _simpler(value: JsonValue) -> Iterator[JsonValue]:
    if value is None:
        return
    yield None
    if isinstance(value, dict):
        yield from _simpler_map(value)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield value[:index] + value[index + 1 :]
            for simpler in _simpler(inner):
                yield [*value[:index], simpler, *value[index + 1 :]]
    elif isinstance(value, str) and len(value) > 1:
        yield value[: len(value) // 2]
        yield value[1:]


def _simpler_map(value: JsonObject) -> Iterator[JsonObject]:
    for key, inner in value.items():
        yield {other: each for other, each in value.items() if other != key}
        for simpler in _simpler(inner):
            yield {**value, key: simpler}
