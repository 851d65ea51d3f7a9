"""What the schema lets into a value that no file's name may hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from provisionhub.jsontypes import JsonValue
from provisionhub.linting.context import Context
from provisionhub.outline import NamePath

_FORBIDDEN: Final = frozenset('\\:<>"|?*')
_PROBES: Final = (
    *("{0}/../{0}", "../{0}", "/{0}", "{0}/", "{0}//{0}", "{0}/..", "/", "../.."),
    *("{0}\n{0}", "{0}\t{0}", "{0}\x00{0}", "{0}\x7f{0}", "\n"),
    *("{0}:{0}", "{0}\\{0}", "{0}*", "*", ":"),
)
_WHOLE_PROBES: Final = ("..", ".", "{0} ", " ")
_SEEDS: Final = ("a", "A", "0", "aa", "a1", "Aa", "10", "a" * 8, "a" * 20)
"""Texts that are often accepted, where the schema gives no better example."""
_MOST_SEEDS: Final = 3
_LONGEST_SEED: Final = 100


class _Fault(NamedTuple):
    """One kind of thing that no name may hold.

    Attributes:
        noun: What it is, for people.
        is_in: Tells whether a text holds it.
    """

    noun: str
    is_in: Callable[[str], bool]


_FAULTS: Final = (
    _Fault("`..`", lambda text: ".." in text.split("/") and "/" in text),
    _Fault(
        "a `/` at its start or end",
        lambda text: text[:1] == "/" or text[-1:] == "/" or "//" in text,
    ),
    _Fault("control characters", lambda text: any(map(_is_control, text))),
    _Fault("characters such as `:` or `*`", lambda text: bool(_FORBIDDEN & {*text})),
)
_WHOLE_FAULTS: Final = (
    _Fault("nothing but dots", lambda text: text in {".", ".."}),
    _Fault("a blank at its end", lambda text: text[-1:] == " "),
)
"""These harm only where the value is the whole of a part."""


def faults_at(context: Context, path: NamePath, *, is_whole: bool) -> list[str]:
    """Return what no name may hold and the schema lets into the value at *path*.

    A pattern is not understood but tried: whether it lets through texts that hold
    such things, made from the schema's own examples or from common ones.

    Args:
        context: What is known of the values.
        path: Where the value stands.
        is_whole: Whether nothing else is in the same part of the name.
    """
    faults = (*_FAULTS, *_WHOLE_FAULTS) if is_whole else _FAULTS
    choices = context.at(path).domain.choices
    texts = _probes(context, path) if choices is None else _texts(choices)
    accepted = [text for text in texts if context.accepts_anyhow(path, text)]
    return [fault.noun for fault in faults if any(map(fault.is_in, accepted))]


def _probes(context: Context, path: NamePath) -> Iterator[str]:
    seeds = seeds_at(context, path)
    for probe in (*_PROBES, *_WHOLE_PROBES):
        if "{0}" in probe:
            yield from (probe.replace("{0}", seed) for seed in seeds)
        else:
            yield probe


def seeds_at(context: Context, path: NamePath) -> list[str]:
    """Return a few texts that the schema accepts at *path*, its own examples first."""
    own: list[JsonValue] = [*context.keyword(path, "default")]
    for examples in context.keyword(path, "examples"):
        own += examples if isinstance(examples, list) else []
    seeds = dict.fromkeys((*_texts(own), *_SEEDS))
    accepted = (each for each in seeds if context.accepts_anyhow(path, each))
    return [each for each in accepted if len(each) <= _LONGEST_SEED][:_MOST_SEEDS]


def _texts(values: Iterable[JsonValue]) -> list[str]:
    return [each for each in values if isinstance(each, str) and each]


def _is_control(character: str) -> bool:
    return ord(character) < 0x20 or ord(character) == 0x7F  # noqa: PLR2004 - C0 and DEL
