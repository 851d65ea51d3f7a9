"""What the sandbox costs, against rendering in process, in one run.

``python benchmarks/sandbox.py [--jobs N]`` prints a table: 42 templates of about
100 kB are rendered in process and in locked processes, cold and warm; then N warm
jobs of one small file, with what the processes hold before and after.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from provisionhub.blueprint import (
    Blueprint,
    BlueprintFile,
    Example,
    Subject,
    load_blueprint,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.sandbox import Guard, Sandbox, SandboxedRenderer, SandboxLimits
from provisionhub.tree import TreeLimits

LIMITS: Final = SandboxLimits(
    cpu_seconds=10,
    wall_seconds=30.0,
    memory_bytes=256 * 1024 * 1024,
    tree=TreeLimits(files=1_000, file_bytes=10_000_000, total_bytes=100_000_000),
)
MANIFEST: Final = """\
apiVersion: provisionhub.io/v1
name: bench
version: 1.0.0
engine: jinja2
schema:
  type: object
  properties:
    port: {type: integer, minimum: 1, maximum: 65535, default: 8080}
    owner: {type: string, pattern: "^[a-z-]+$", default: platform}
    features: {type: array, items: {type: string}, default: [api, jobs, metrics]}
"""
STANZA: Final = """\
{{% if Values.port > {n} %}}
# {{{{ Name }}}}: section {n}
{{% for feature in Values.features %}}
[{{{{ feature | upper }}}}]
port = {{{{ Values.port + {n} }}}}
owner = "{{{{ Values.owner }}}}/{{{{ feature }}}}"
{{% if loop.first %}}first = true{{% elif loop.last %}}last = true{{% endif %}}
{{% endfor %}}
description = "{{{{ Namespace }}}} {{{{ Meta.blueprint.name }}}} of {n}"
{{% else %}}
disabled = {n}
{{% endif %}}
"""
VALUES: Final[JsonObject] = {"port": 9090, "owner": "team-orders"}

Files = Mapping[str, BlueprintFile]
Load = Callable[..., Blueprint]


def tree(files: int, stanzas: int) -> Files:
    """Return a blueprint of *files* templates, each of so many stanzas."""
    made = {"blueprint.yaml": BlueprintFile(MANIFEST.encode())}
    for number in range(files):
        text = "".join(STANZA.format(n=number * 10 + i) for i in range(stanzas))
        made[f"template/{number}.toml.j2"] = BlueprintFile(text.encode())
    return made


def job(load: Load, renderer: Renderer, files: Files, label: str) -> int:
    """Load, check the values and render; return the size of what was made."""
    blueprint = load(files, label=label)
    example = Example("x", "orders-api", "shop", VALUES)
    subject = Subject.of_example(example, blueprint)
    return renderer.preview(blueprint, blueprint.accept(VALUES), subject).tree.size


def alternate(runs: int, *each: Callable[[], object]) -> list[float]:
    """Return the median time of each, in milliseconds, run in turns."""
    took: list[list[float]] = [[] for _ in each]
    for _ in range(runs):
        for times, run in zip(took, each, strict=True):
            gc.collect()
            began = time.perf_counter()
            run()
            times.append(1000 * (time.perf_counter() - began))
    return [statistics.median(times) for times in took]


def report(text: str, value: float, unit: str, bound: str = "") -> None:
    """Print a row of the table."""
    print(f"{text:<58} {value:9.2f} {unit:<6} {bound}")


def compare(box: Sandbox, runs: int) -> None:
    """Print what rendering costs in process, and in locked processes."""
    engines = engine_plugins()
    plain, locked = Renderer(engines, LIMITS.tree), SandboxedRenderer(engines, box)
    large, tiny = tree(42, 6), tree(1, 0)
    count = iter(range(10**9))

    def cold() -> int:
        return job(box.load, locked, large, f"cold-{next(count)}")

    for run in (cold, lambda: job(box.load, locked, large, "warm")):
        run()
    in_process, cold_ms, warm_ms, tiny_ms = alternate(
        runs,
        lambda: job(load_blueprint, plain, large, "plain"),
        cold,
        lambda: job(box.load, locked, large, "warm"),
        lambda: job(box.load, locked, tiny, "tiny"),
    )
    size = sum(len(file.content) for file in large.values())
    print(f"42 templates, {size} bytes; medians of {runs} runs, in turns\n")
    report("in process, cold: load, check, compile, render", in_process, "ms")
    report("sandbox, cold: fork and lock included", cold_ms, "ms")
    report("  against in process", cold_ms / in_process, "x", "<= 1.10")
    report("sandbox, warm blueprint, new job", warm_ms, "ms", "< 10")
    report("  against in process, cold", warm_ms / in_process, "x", "<= 0.15")
    report("sandbox, warm, one small file", tiny_ms, "ms", "<= 6")


def private_memory(process_id: int) -> int:
    """Return a process's private memory, in bytes."""
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text("ascii").splitlines()
    kilobytes = (line.split()[1] for line in lines if line.startswith("Private_"))
    return 1024 * sum(map(int, kilobytes))


def family(process_id: int) -> list[int]:
    """Return the ids of a process's children, and theirs."""
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    children = [int(word) for word in path.read_text("ascii").split()]
    return children + [inner for child in children for inner in family(child)]


def footprint() -> tuple[int, int, float]:
    """Return processes below this one, its descriptors, and its memory in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    rss = int(status.partition("VmRSS:")[2].split()[0])
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return len(family(int(Path("/proc/self").readlink().name))), descriptors, rss / 1024


def memory(box: Sandbox) -> None:
    """Print what the processes hold, each by itself."""
    job(box.load, SandboxedRenderer(engine_plugins(), box), tree(42, 6), "warm")
    time.sleep(0.2)
    own = int(Path("/proc/self").readlink().name)
    (zygote, *below) = family(own)
    try:
        held = [private_memory(each) / 2**20 for each in below]
    except OSError:
        print("memory of locked processes: takes root to look at")
        return
    report("zygote, private memory", private_memory(zygote) / 2**20, "MB")
    report("locked processes below it", len(held), "")
    report("  private memory, median", statistics.median(held), "MB")
    report("  private memory, largest", max(held), "MB")


def many(box: Sandbox, jobs: int) -> None:
    """Run *jobs* warm jobs and print what has grown."""
    locked, tiny = SandboxedRenderer(engine_plugins(), box), tree(1, 0)
    for _ in range(50):
        job(box.load, locked, tiny, "tiny")
    gc.collect()
    time.sleep(0.2)
    before, began = footprint(), time.perf_counter()
    for _ in range(jobs):
        job(box.load, locked, tiny, "tiny")
    took = time.perf_counter() - began
    gc.collect()
    time.sleep(0.2)
    after = footprint()
    report(f"{jobs} warm jobs, each", 1000 * took / jobs, "ms")
    for name, was, now in zip(
        ("processes", "descriptors", "worker's memory, MB"), before, after, strict=True
    ):
        print(f"  {name:<20} before {was:8.1f}   after {now:8.1f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=25)
    parser.add_argument("--jobs", type=int, default=10_000)
    given = parser.parse_args()
    box = Sandbox(LIMITS, Guard("require"))
    try:
        compare(box, given.runs)
        print()
        memory(box)
        print()
        many(box, given.jobs)
    finally:
        box.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
