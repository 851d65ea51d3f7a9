"""What ``provisionhub test`` takes on a catalog of 20 blueprints with 5 examples each.

``python benchmarks/authors_test.py [--runs N] [--jobs N] [--profile]`` makes such a
catalog of the project's own blueprints in a temporary folder, records its snapshots,
and prints the median of N runs, with the case matrix and without it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
BLUEPRINTS: Final = 20
EXAMPLES: Final = 5
ALLOWED_SECONDS: Final = 5.0
"""What the examples of the whole catalog may take, on two cores."""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalog = Path(folder)
        write_catalog(catalog)
        run_test(catalog, asked.jobs, "--no-matrix", "--update")
        print(f"{BLUEPRINTS} blueprints, {EXAMPLES} examples each, {asked.jobs} jobs")
        for what, options in (("examples", ["--no-matrix"]), ("with the matrix", [])):
            times = [run_test(catalog, asked.jobs, *options) for _ in range(asked.runs)]
            wall = statistics.median(each for each, _ in times)
            cpu = statistics.median(each for _, each in times)
            print(f"{what:>16}: {wall:6.2f} s on the clock, {cpu:6.2f} s of CPU time")
        print(f"{'allowed':>16}: {ALLOWED_SECONDS:6.2f} s for the examples")


def write_catalog(folder: Path) -> None:
    """Write copies of the project's blueprints, each with as many examples."""
    originals = sorted((ROOT / "blueprints").glob("*/blueprint.yaml"))
    for number in range(BLUEPRINTS):
        original = originals[number % len(originals)].parent
        name = f"{original.name}-{number}"
        copy = folder / "blueprints" / name
        shutil.copytree(original, copy)
        manifest = copy / "blueprint.yaml"
        text = manifest.read_text(encoding="utf-8")
        renamed = text.replace(f"name: {original.name}\n", f"name: {name}\n", 1)
        manifest.write_text(renamed, encoding="utf-8")
        examples = sorted((copy / "examples").iterdir())
        for more in range(EXAMPLES - len(examples)):
            shutil.copy(examples[more], copy / f"examples/more-{more}.yaml")
        for less in examples[EXAMPLES:]:
            less.unlink()


def run_test(catalog: Path, jobs: int, *options: str) -> tuple[float, float]:
    """Return the seconds on the clock and of CPU time that one run took."""
    command = [sys.executable, "-m", "provisionhub", "test", "--jobs", str(jobs)]
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own program
        [*command, *options],
        cwd=catalog,
        env={**os.environ, "BLUEPRINT_CATALOGS": "."},
        capture_output=True,
        text=True,
        check=False,
    )
    wall, after = time.perf_counter() - start, os.times()
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    cpu = sum(after[2:4]) - sum(before[2:4])
    return wall, cpu


if __name__ == "__main__":
    main()
