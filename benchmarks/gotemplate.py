"""Times the Go engine on a scaffold workload, beside others, in one run.

The workload is a folder with 50 templates for each language, the data, and what real
Go makes of them: every engine's output is compared with it before anything is timed.
Real Go joins in if its runner is built (``make build/oracle``).

    python benchmarks/gotemplate.py [FOLDER] [--rounds 15]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import chevron
import jinja2
import jinja2.sandbox

from provisionhub_gotemplate import TemplateSet

_ROOT = Path(__file__).resolve().parents[1]
_WORKLOAD = _ROOT.parent / "shared" / "bench"
_GO = _ROOT / "build" / "oracle"

Render = Callable[[], str]
Load = Callable[[], Mapping[str, Render]]


@dataclass(frozen=True)
class _Times:
    """Medians for one pass over all templates, in milliseconds.

    Attributes:
        load: Parsing or compiling, ready to render.
        cold: Loading and one rendering.
        warm: One rendering of what is loaded, and was rendered before.
    """

    load: float
    cold: float
    warm: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=_WORKLOAD)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    engines = dict(_engines(options.folder))
    for name, load in engines.items():
        _check(name, load, options.folder / "expected")
    times = {name: _time(load, options.rounds) for name, load in engines.items()}
    times |= _go_times(options.folder)
    _print(times)


def _engines(folder: Path) -> Iterator[tuple[str, Load]]:
    data = json.loads((folder / "data.json").read_text(encoding="utf-8"))
    views = json.loads((folder / "mustache_views.json").read_text(encoding="utf-8"))
    yield "provisionhub_gotemplate", lambda: _load_go(folder, data)
    plain = jinja2.Environment
    sandboxed = jinja2.sandbox.SandboxedEnvironment
    yield "jinja2", lambda: _load_jinja(folder, data, plain)
    yield "jinja2, sandboxed", lambda: _load_jinja(folder, data, sandboxed)
    yield "chevron", lambda: _load_chevron(folder, views)


def _sources(folder: Path, suffix: str) -> Mapping[str, str]:
    paths = sorted(folder.glob(f"*{suffix}"))
    assert paths, f"no templates in {folder}"
    return {
        path.name.removesuffix(suffix): path.read_text(encoding="utf-8")
        for path in paths
    }


def _load_go(folder: Path, data: object) -> Mapping[str, Render]:
    def load(name: str, source: str) -> Render:
        templates = TemplateSet(options=("missingkey=error",))
        templates.parse(name, source)
        return lambda: templates.execute(name, data)

    sources = _sources(folder / "go", ".tmpl")
    return {name: load(name, source) for name, source in sources.items()}


def _load_jinja(
    folder: Path, data: Mapping[str, object], kind: type[jinja2.Environment]
) -> Mapping[str, Render]:
    environment = kind(keep_trailing_newline=True, undefined=jinja2.StrictUndefined)

    def load(source: str) -> Render:
        template = environment.from_string(source)
        return lambda: template.render(data)

    sources = _sources(folder / "jinja2", ".j2")
    return {name: load(source) for name, source in sources.items()}


def _load_chevron(folder: Path, views: Mapping[str, object]) -> Mapping[str, Render]:
    def load(name: str, source: str) -> Render:
        return lambda: chevron.render(source, views[name])

    sources = _sources(folder / "mustache", ".mustache")
    return {name: load(name, source) for name, source in sources.items()}


def _check(engine: str, load: Load, expected: Path) -> None:
    """Compare the first two renderings of all templates with what Go wrote."""
    for name, render in load().items():
        text = (expected / name).read_text(encoding="utf-8")
        assert render() == text, f"{engine}: {name} differs"
        assert render() == text, f"{engine}: {name} differs the second time"


def _time(load: Load, rounds: int) -> _Times:
    loaded = load()
    _pass(loaded)
    _pass(loaded)
    return _Times(
        load=_median(load, max(3, rounds // 3)),
        cold=_median(lambda: _pass(load()), max(3, rounds // 3)),
        warm=_median(lambda: _pass(loaded), rounds),
    )


def _pass(loaded: Mapping[str, Render]) -> None:
    for render in loaded.values():
        render()


def _median(action: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1_000


def _go_times(folder: Path) -> Mapping[str, _Times]:
    if not _GO.is_file():
        return {}
    command = [str(_GO), "bench", str(folder / "go"), str(folder / "data.json")]
    result = subprocess.run(  # noqa: S603 - our own program
        command, check=True, capture_output=True, text=True
    )
    found = json.loads(result.stdout)
    times = _Times(found["parse_ms"], found["cold_ms"], found["warm_ms"])
    return {"Go text/template": times}


def _print(times: Mapping[str, _Times]) -> None:
    plain, sandboxed = times["jinja2"], times["jinja2, sandboxed"]
    go = times.get("Go text/template")
    header = ["engine", "load, ms", "cold, ms", "warm, ms"]
    header += ["cold / sandboxed", "warm / jinja2"]
    if go is not None:
        header.append("warm / Go")
    print("| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for name, taken in times.items():
        cells = [
            name,
            f"{taken.load:.1f}",
            f"{taken.cold:.1f}",
            f"{taken.warm:.2f}",
            f"{taken.cold / sandboxed.cold:.2f}",
            f"{taken.warm / plain.warm:.2f}",
        ]
        if go is not None:
            cells.append(f"{taken.warm / go.warm:.2f}")
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
