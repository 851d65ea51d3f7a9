"""A whole run, from the queue to its final status, against the bare minimum.

The bare minimum is one call with python-gitlab that creates the project and one push
with pygit2 of a commit that is ready; client and connection are warm. A whole run is
a message published, received, checked, rendered in the sandbox, created, committed,
pushed, reported and acknowledged. Both are made against the same double of GitLab, in
turn, and compared pair by pair.

    python benchmarks/endtoend.py [--pairs N] [--latency MILLISECONDS ...]

``WORKSPACE_DIR`` is taken from the environment, where it is set.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import gitlab
import pika
import pygit2
import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from provisionhub.testing.control_plane import ControlPlaneDouble  # noqa: E402
from provisionhub.testing.gitlab import Fault, GitLabDouble  # noqa: E402
from support.rabbitmq import RabbitNode, free_port  # noqa: E402

BLUEPRINT: Final = "kubernetes-manifests"
TOKEN: Final = "glpat-of-the-benchmark"  # noqa: S105 - made up
API_KEY: Final = "key-of-the-benchmark"
GROUP: Final = "playground"
WARM: Final = 5
AT_ONCE: Final = 2
FOREVER: Final = 10**9
Seconds = list[float]


class Double:
    """A GitLab of its own process, so that it slows neither side down more."""

    def __init__(self, folder: Path, latency: float) -> None:
        context = get_context("fork")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve_gitlab, args=(theirs, folder, latency), daemon=True
        )
        self._process.start()
        self.url, self.group_id = self._ours.recv()

    def requests(self) -> list[str]:
        """Return the requests since this was asked last."""
        self._ours.send("requests")
        return list(self._ours.recv())

    def close(self) -> None:
        """End it."""
        self._ours.send("end")
        self._process.join()


def _serve_gitlab(pipe: Connection, folder: Path, latency: float) -> None:
    folder.mkdir()
    with GitLabDouble(folder) as double:
        group = double.add_group(GROUP)
        double.add_token(TOKEN)
        double.plan(Fault(on="", times=FOREVER, delay=latency))
        pipe.send((double.url, group.id))
        while pipe.recv() != "end":
            shown = [f"{a.method} {a.path} {a.status}" for a in double.requests]
            double.requests.clear()
            pipe.send(shown)


class Bare:
    """What nobody can do without: one call, one push.

    Args:
        double: Where to.
        folder: For the commit's repository.
        like: A project whose commit is pushed again.
    """

    def __init__(self, double: Double, folder: Path, like: str) -> None:
        self._double = double
        self._client = gitlab.Gitlab(double.url, oauth_token=TOKEN)
        url = f"{double.url}/{GROUP}/{like}.git"
        self._local = pygit2.clone_repository(
            url, str(folder), bare=True, callbacks=_Login()
        )

    def run(self, name: str) -> float:
        """Create the project *name* and push to it; return the seconds."""
        began = time.perf_counter()
        project = self._client.projects.create(
            {"name": name, "path": name, "namespace_id": self._double.group_id}
        )
        remote = self._local.remotes.create_anonymous(project.http_url_to_repo)
        remote.push(["refs/heads/main:refs/heads/main"], callbacks=_Login())
        return time.perf_counter() - began


class _Login(pygit2.RemoteCallbacks):
    def credentials(self, *_: object) -> pygit2.UserPass:
        return pygit2.UserPass("oauth2", TOKEN)


class Whole:
    """A worker that is warm, and what is around it."""

    def __init__(
        self, rabbit: RabbitNode, double: Double, folder: Path, slots: int
    ) -> None:
        self._control_plane = ControlPlaneDouble(API_KEY)
        self._control_plane.start()
        self._queue = folder.name
        self._health = f"127.0.0.1:{free_port()}"
        self._log = folder / "worker.log"
        folder.mkdir()
        environment = os.environ | {
            "RABBITMQ_URL": rabbit.url,
            "RABBITMQ_QUEUE": self._queue,
            "BLUEPRINT_CATALOGS": str(ROOT),
            "WORKSPACE_DIR": os.environ.get("WORKSPACE_DIR", str(folder / "work")),
            "GITLAB_URL": double.url,
            "GITLAB_TOKEN": TOKEN,
            "CONTROL_PLANE_URL": self._control_plane.url,
            "CONTROL_PLANE_API_KEY": API_KEY,
            "WORKER_CONCURRENCY": str(slots),
            "HEALTH_ADDRESS": self._health,
            "LOG_FORMAT": "json",
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "provisionhub", "worker"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._connection = pika.BlockingConnection(pika.URLParameters(rabbit.url))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()
        self._wait(self._is_consuming)

    def run(self, *names: str) -> float:
        """Have a job done for each of *names*; return the seconds."""
        bodies = [json.dumps(_job(name)).encode() for name in names]
        began = time.perf_counter()
        for body in bodies:
            self._channel.basic_publish(
                "", self._queue, body, pika.BasicProperties(delivery_mode=2)
            )
        for name in names:
            self._wait(lambda run=f"run-{name}": self._control_plane.final(run))
            assert self._control_plane.final(f"run-{name}") == "succeeded", self._tail()
        return time.perf_counter() - began

    def close(self) -> None:
        """End all of it."""
        self._connection.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)
        self._control_plane.stop()

    def _is_consuming(self) -> bool:
        assert self._process.poll() is None, self._tail()
        try:
            self._channel.queue_declare(self._queue, passive=True)
        except pika.exceptions.ChannelClosedByBroker:
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
            return False
        return True

    def _wait(self, happened: Callable[[], object]) -> None:
        give_up = time.monotonic() + 60
        while not happened():
            assert time.monotonic() < give_up, self._tail()
            time.sleep(0.002)

    def _tail(self) -> str:
        return self._log.read_text()[-4000:]


def _job(name: str) -> dict[str, Any]:
    example = ROOT / "blueprints" / BLUEPRINT / "examples" / "minimal.yaml"
    values = yaml.safe_load(example.read_text())["values"]
    return {
        "run_id": f"run-{name}",
        "type": "component",
        "blueprint": {
            "template": BLUEPRINT,
            "name": name,
            "namespace": GROUP,
            "values": values,
        },
        "git_config": {"provider": "gitlab"},
    }


@contextmanager
def _staged(
    rabbit: RabbitNode, folder: Path, latency: float, slots: int
) -> Iterator[tuple[Double, Bare, Whole]]:
    folder.mkdir()
    double = Double(folder / "gitlab", latency)
    whole = Whole(rabbit, double, folder / f"bench-{folder.name}", slots)
    try:
        for number in range(WARM):
            whole.run(f"warm-{number}")
        # Every slot, too.
        whole.run(*(f"warm-all-{number}" for number in range(2 * slots)))
        bare = Bare(double, folder / "bare.git", "warm-0")
        for number in range(WARM):
            bare.run(f"warm-bare-{number}")
        double.requests()
        yield double, bare, whole
    finally:
        whole.close()
        double.close()


def compare_latency(
    rabbit: RabbitNode, folder: Path, latency: float, pairs: int
) -> None:
    """Print how long one run takes, beside the bare minimum."""
    bares: Seconds = []
    wholes: Seconds = []
    with _staged(rabbit, folder, latency, 1) as (double, bare, whole):
        for number in range(pairs):
            bares.append(bare.run(f"bare-{number}"))
            wholes.append(whole.run(f"whole-{number}"))
        double.requests()
        bare.run("shown-bare")
        asked = {"bare": double.requests()}
        whole.run("shown-whole")
        asked["whole run"] = double.requests()
    _print_table("one at a time", latency, bares, wholes)
    for what, requests in asked.items():
        print(f"  requests of GitLab, {what}: {len(requests)}")
        for request in requests:
            print(f"    {request}")


def compare_throughput(
    rabbit: RabbitNode, folder: Path, latency: float, pairs: int
) -> None:
    """Print what each of several runs at once takes, beside the bare minimum."""
    bares: Seconds = []
    wholes: Seconds = []
    jobs = 10
    with (
        _staged(rabbit, folder, latency, AT_ONCE) as (double, _, whole),
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        several = [
            Bare(double, folder / f"bare-{each}.git", "warm-0")
            for each in range(AT_ONCE)
        ]
        for number in range(pairs):
            names = [f"bare-{number}-{each}" for each in range(jobs)]
            shares = [names[each::AT_ONCE] for each in range(AT_ONCE)]
            began = time.perf_counter()
            list(pool.map(_run_all, several, shares))
            bares.append((time.perf_counter() - began) / jobs)
            names = [f"whole-{number}-{each}" for each in range(jobs)]
            wholes.append(whole.run(*names) / jobs)
    _print_table(f"{AT_ONCE} at a time, for each", latency, bares, wholes)


def _run_all(bare: Bare, names: Sequence[str]) -> None:
    for name in names:
        bare.run(name)


def _print_table(what: str, latency: float, bares: Seconds, wholes: Seconds) -> None:
    """Print both sides, and their ratios pair by pair; that of the best apart."""
    text = f"{what}, GitLab {latency * 1000:g} ms away"
    print(f"\n{text:36}    best      q1  median      q3")
    ratios = [ours / least for ours, least in zip(wholes, bares, strict=True)]
    _print_row("bare minimum, ms", min(bares), bares, 1000)
    _print_row("whole run, ms", min(wholes), wholes, 1000)
    _print_row("ratio", min(wholes) / min(bares), ratios, 1)


def _print_row(what: str, best: float, figures: Seconds, unit: float) -> None:
    quartiles = (best, *statistics.quantiles(figures, n=4))
    print(f"  {what:34}" + "".join(f"{figure * unit:8.2f}" for figure in quartiles))


def main() -> None:
    """Measure, and print tables."""
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--latency", type=float, nargs="*", default=[0.0, 25.0])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rabbit = RabbitNode(folder)
        rabbit.start()
        try:
            for away in chosen.latency:
                seconds = away / 1000
                compare_latency(rabbit, folder / f"one-{away:g}", seconds, chosen.pairs)
                compare_throughput(
                    rabbit,
                    folder / f"more-{away:g}",
                    seconds,
                    max(chosen.pairs // 3, 4),
                )
        finally:
            rabbit.close()


if __name__ == "__main__":
    main()
