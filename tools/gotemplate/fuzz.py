"""Compares real Go with our engine on random templates and data: `make fuzz`.

Each difference of a new kind is shrunk and shown as a case that can be added to
`tests/engines/gotemplate/cases`. The same seed gives the same cases.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final

from support.go_cases import MAIN, Case
from tools.gotemplate.author import Author
from tools.gotemplate.breakage import broken
from tools.gotemplate.comparing import Difference, compare
from tools.gotemplate.data import data
from tools.gotemplate.oracle import Oracle
from tools.gotemplate.shrinking import shrink

_BATCH: Final = 250
_DELIMITERS: Final = (
    ("<<", ">>"),
    ("[[", "]]"),
    ("<%", "%>"),
    ("{", "}"),
    ("((", "))"),
)
_OPTIONS: Final = tuple(
    (f"missingkey={value}",) for value in ("default", "invalid", "zero", "error")
)


def random_case(seed: int, number: int) -> Case:
    """Return case *number* of the sequence that *seed* begins."""
    random = Random(f"{seed}/{number}")
    funcs = random.choice(("builtin", "builtin", "typed"))
    names = (MAIN,) if random.random() < 0.9 else (MAIN, random.choice(("a", "u")))
    sources = {name: _source(random, name, funcs) for name in names}
    if random.random() < 0.2:
        sources[MAIN] = broken(sources[MAIN], random)
    delims: tuple[str, str] | tuple[()] = ()
    if random.random() < 0.1:
        left, right = delims = random.choice(_DELIMITERS)
        sources = {
            name: source.replace("{{", left).replace("}}", right)
            for name, source in sources.items()
        }
    return Case(
        name=f"seed {seed}, case {number}",
        templates=sources,
        data=data(random),
        options=random.choice(((), (), *_OPTIONS)),
        delims=delims,
        funcs=funcs,
    )


def _source(random: Random, name: str, funcs: str) -> str:
    """Return a source: mostly of many actions, which one error ends; else of few."""
    prefix = name if name != MAIN else ""
    author = Author(random, is_typed=funcs == "typed", prefix=prefix)
    chance = random.random()
    if chance < 0.2:
        return author.write_formats()
    return author.write_pipeline() if chance < 0.4 else author.write()


class Fuzzing:
    """A run: how many cases were compared, and what was found."""

    def __init__(self, oracle: Oracle, seed: int) -> None:
        self.compared = 0
        self.kinds: Counter[tuple[str, str, str, str]] = Counter()
        self._oracle = oracle
        self._seed = seed

    def run(self, seconds: float) -> None:
        """Compare cases until *seconds* are over, and show what is found."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            cases = [
                random_case(self._seed, self.compared + each) for each in range(_BATCH)
            ]
            self._judge(list(compare(cases, self._oracle)))

    def _judge(self, differences: Sequence[Difference | None]) -> None:
        self.compared += len(differences)
        for found in differences:
            if found is None:
                continue
            self.kinds[found.kind] += 1
            if self.kinds[found.kind] == 1:
                # Shrinking what does not end would not end either.
                is_endless = found.ours.phase == "timeout"
                least = found if is_endless else shrink(found, self._oracle)
                print(least.report(), end="\n\n", flush=True)

    def summary(self) -> str:
        """Return one line on the run."""
        found = self.kinds.total()
        kinds = f" of {len(self.kinds)} kinds" if found else ""
        return (
            f"{self.compared} cases compared (seed {self._seed}),"
            f" {found} differences{kinds}"
        )


def main() -> None:
    """Compare for a while; fail if anything differs."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path, help="the built oracle")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=0)
    given = arguments.parse_args()
    fuzzing = Fuzzing(Oracle(given.program), given.seed)
    fuzzing.run(given.seconds)
    print(fuzzing.summary(), file=sys.stderr)
    sys.exit(bool(fuzzing.kinds))


if __name__ == "__main__":
    main()
