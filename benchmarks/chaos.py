"""Several workers, thousands of jobs, and everything that can break, breaking.

Then calm, and a count: no job lost, no second repository, no second commit, one
final status for each run, and nothing left behind.

    make chaos JOBS=2000 SECONDS=300 SEED=0
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.chaos import Audit, Scene, Strikes, Workload  # noqa: E402 - the path first
from support.rabbitmq import RabbitNode  # noqa: E402

WORKERS: Final = 3
SLOTS: Final = 5
CALM: Final = 900.0


def main() -> int:
    """Break things for a while, wait for calm, count; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keep all files here")
    told = parser.parse_args()
    chance = random.Random(told.seed)  # noqa: S311 - it keeps no secret
    with tempfile.TemporaryDirectory() as temporary:
        folder = told.folder or Path(temporary)
        root = folder / "stage"
        root.mkdir(parents=True)
        node = RabbitNode(folder)
        node.start()
        try:
            with Scene.set(node, root, slots=SLOTS) as scene:
                return run(scene, told.jobs, told.seconds, chance)
        finally:
            node.close()


def run(scene: Scene, jobs: int, seconds: float, chance: random.Random) -> int:
    """Be chaotic on *scene*; print the table, and return 1 if a count is wrong."""
    scene.make_queues()
    workload = Workload(scene.stage, chance, jobs)
    workload.publish()
    scene.take(workload)
    for _ in range(WORKERS):
        scene.start()
    strikes = Strikes(scene, workload, chance)
    began = time.monotonic()
    while time.monotonic() - began < seconds and not scene.is_drained():
        time.sleep(chance.uniform(0.1, 1))
        strikes.strike()
    struck = time.monotonic() - began
    is_settled = scene.calm_down(seconds=CALM)
    settled = time.monotonic() - began
    rows = Audit(scene, workload, broken=strikes.counts["nursery killed"]).rows()
    for name, count in sorted(strikes.counts.items()):
        print(f"{name:44}{count:7}")
    print(
        f"{'seconds of chaos, and until all was settled':44}{struck:7.0f}{settled:7.0f}"
    )
    for row in rows:
        print(row)
    return int(not is_settled or any(row.is_wrong for row in rows))


if __name__ == "__main__":
    sys.exit(main())
