"""What an author waits for: ``provisionhub lint`` of many blueprints.

``python benchmarks/authors.py [--blueprints N] [--runs N]`` copies the project's own
blueprints until there are N, lints them by the command as an author would, each run
from a cold start, and prints the times in seconds: on the clock, and the CPU time of
all processes together, which a busy machine does not change much.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Final

BLUEPRINTS: Final = Path(__file__).resolve().parents[1] / "blueprints"


def write_catalog(folder: Path, number: int) -> None:
    """Write *number* blueprints into *folder*, each under a name of its own."""
    originals = sorted(path.parent for path in BLUEPRINTS.glob("*/blueprint.yaml"))
    for index, original in enumerate(islice(cycle(originals), number)):
        name = f"{original.name}-{index}"
        copy = shutil.copytree(original, folder / "blueprints" / name)
        manifest = copy / "blueprint.yaml"
        text = manifest.read_text(encoding="utf-8")
        renamed = text.replace(f"name: {original.name}\n", f"name: {name}\n", 1)
        manifest.write_text(renamed, encoding="utf-8")


def lint(folder: Path, runs: int) -> Iterator[float]:
    """Yield how long each of *runs* took, in seconds on the clock."""
    command = [sys.executable, "-m", "provisionhub", "lint"]
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=folder,
            env=os.environ | {"BLUEPRINT_CATALOGS": "."},
            capture_output=True,
            check=False,
        )
        yield time.perf_counter() - began
        assert done.returncode == 0, done.stdout.decode()


def main() -> None:
    """Measure, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blueprints", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_catalog(Path(folder), given.blueprints)
        took = list(lint(Path(folder), given.runs))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = (used.ru_utime + used.ru_stime) / given.runs
    print(
        f"lint of {given.blueprints} blueprints: "
        f"median {statistics.median(took):.2f} s, best {min(took):.2f} s, "
        f"worst {max(took):.2f} s of {given.runs}; {each:.2f} s of CPU each"
    )


if __name__ == "__main__":
    main()
