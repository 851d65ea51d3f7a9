"""Which files of a template tree are treated otherwise than by their suffix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from provisionhub.tree import Glob


@dataclass(frozen=True, slots=True)
class Treatment:
    """How one file is treated: all rules that match it, taken together.

    Attributes:
        conditions: Indices into the manifest's ``files`` of the rules whose
            ``when`` must hold.
        verbatim: Whether it is copied byte for byte, suffix and all.
        secrets: The secrets that may appear in it, as JSON pointers.
    """

    conditions: tuple[int, ...] = ()
    verbatim: bool = False
    secrets: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FileRule:
    """One entry of the manifest's ``files``.

    Attributes:
        path: A glob; ``*`` and ``?`` stay within a part, ``**`` crosses folders.
        when: An expression in the blueprint's engine, or None.
        verbatim: Copy byte for byte.
        secrets: JSON pointers to the secrets that may appear.
    """

    path: str
    when: str | None = None
    verbatim: bool = False
    secrets: tuple[str, ...] = ()

    @cached_property
    def _glob(self) -> Glob:
        return Glob(self.path)

    def matches(self, path: str) -> bool:
        """Return whether the glob matches *path*, relative to ``template/``."""
        return self._glob.matches(path)


def treatment_of(path: str, rules: Sequence[FileRule], *, suffix: str) -> Treatment:
    """Return how the file at *path* below ``template/`` is treated.

    A rule may name the file with or without the engine's *suffix*.
    """
    names = {path, path.removesuffix(suffix)}
    matching = [
        (index, rule)
        for index, rule in enumerate(rules)
        if any(rule.matches(name) for name in names)
    ]
    return Treatment(
        conditions=tuple(i for i, rule in matching if rule.when is not None),
        verbatim=any(rule.verbatim for _, rule in matching),
        secrets=frozenset(secret for _, rule in matching for secret in rule.secrets),
    )
