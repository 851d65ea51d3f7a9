"""Our worker beside Celery, Dramatiq and bare pika: jobs a second, and what is lost.

All work off the same private RabbitMQ node in the same run, five jobs at a time, from
a durable queue of persistent, confirmed messages, and do nothing but write a line.
Celery and Dramatiq are left out where ``--python`` has none.

    python benchmarks/peers [--python .venv-bench/bin/python] [--jobs N] [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from ledger import VARIABLE, entries  # noqa: E402 - the path comes first

from support.rabbitmq import RabbitNode  # noqa: E402

SLOTS: Final = 5
FEW: Final = 20
LONG: Final = 1.5
SETTLING: Final = 5.0
PATIENCE: Final = 60.0


@dataclass(frozen=True)
class Peer:
    """Something that takes jobs from RabbitMQ.

    Attributes:
        name: For the table.
        python: Its interpreter.
        module: Its file here; publishes, if it is given a number and seconds.
        work: Arguments to the interpreter that start its worker.
        settings: Further variables of its environment.
        queue: What kind of queue it declares.
    """

    name: str
    python: str
    module: str
    work: Sequence[str]
    settings: dict[str, str] = field(default_factory=dict)
    queue: str = "quorum"


@dataclass
class Bout:
    """One peer at work on one queue."""

    peer: Peer
    node: RabbitNode
    folder: Path
    queue: str
    process: subprocess.Popen[bytes] | None = None

    @property
    def ledger(self) -> Path:
        """Where its jobs write."""
        return self.folder / f"{self.queue}.ledger"

    @property
    def log(self) -> str:
        """What its worker has said last."""
        said = (self.folder / f"{self.queue}.log").read_text(errors="replace")
        return f"{self.peer.name}: {said[-4000:]}"

    def publish(self, jobs: int, seconds: float) -> None:
        """Fill its queue."""
        command = [self.peer.python, self.peer.module, str(jobs), str(seconds)]
        subprocess.run(command, env=self._environment(), cwd=HERE, check=True)  # noqa: S603

    def start(self) -> None:
        """Start its worker, in a session of its own."""
        work = [each.format(queue=self.queue) for each in self.peer.work]
        with (self.folder / f"{self.queue}.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own arguments
                [self.peer.python, *work],
                env=self._environment(),
                cwd=HERE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End its worker; with SIGKILL, its whole session without a word."""
        if self.process is None:
            return
        if how is signal.SIGKILL:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def count(self, event: str) -> int:
        """Return how many different jobs have noted *event*."""
        return len({job for said, job, _ in entries(self.ledger) if said == event})

    def wait_for(self, happened: Callable[[], bool]) -> bool:
        """Wait until *happened* says so; return whether it did."""
        give_up = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self.peer.settings,
            "BENCH_URL": self.node.url,
            "BENCH_QUEUE": self.queue,
            "BENCH_SLOTS": str(SLOTS),
            VARIABLE: str(self.ledger),
            "dramatiq_queue_prefetch": "1",
        }


def all_peers(python: str) -> list[Peer]:
    """Return ours, the floor, and those that *python* has."""
    celery = (
        *("-m", "celery", "-A", "celery_peer", "worker", "--pool", "prefork"),
        *("-c", str(SLOTS), "-O", "fair", "--without-gossip", "--without-mingle"),
        *("-n", "{queue}", "-l", "ERROR"),
    )
    dramatiq = (
        *("-m", "dramatiq", "dramatiq_peer", "--processes", str(SLOTS)),
        *("--threads", "1"),
    )
    own = sys.executable
    peers = [
        Peer(
            "bare pika, quorum", own, "pika_peer.py", ["pika_peer.py"], _kind("quorum")
        ),
        Peer(
            "bare pika, classic",
            own,
            "pika_peer.py",
            ["pika_peer.py"],
            _kind("classic"),
            queue="classic",
        ),
        Peer("ours", own, "our_peer.py", ["our_peer.py"]),
    ]
    if _has(python, "celery"):
        late, early = {"BENCH_ACKS": "late"}, {"BENCH_ACKS": "early"}
        peers += [
            Peer("Celery, late acks", python, "celery_peer.py", celery, late),
            Peer("Celery, early acks", python, "celery_peer.py", celery, early),
        ]
    if _has(python, "dramatiq"):
        peers.append(
            Peer("Dramatiq", python, "dramatiq_peer.py", dramatiq, queue="classic")
        )
    return peers


def _kind(kind: str) -> dict[str, str]:
    return {"BENCH_KIND": kind}


def _has(python: str, module: str) -> bool:
    if not Path(python).exists():
        return False
    command = [python, "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603


def rate(bout: Bout, jobs: int) -> float:
    """Return how many jobs a second a worker does, its start left out."""
    bout.publish(jobs, 0.0)
    bout.start()
    try:
        assert bout.wait_for(lambda: bout.count("done") >= jobs), bout.log
    finally:
        bout.end()
    times = sorted(at for _, _, at in entries(bout.ledger))
    steady = times[len(times) // 10 :]
    return (len(steady) - 1) * 1e9 / (steady[-1] - steady[0])


def compare_rates(
    node: RabbitNode, folder: Path, peers: Sequence[Peer], jobs: int, rounds: int
) -> None:
    """Print jobs a second, in rounds that take turns."""
    found: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for number in range(rounds):
        for place, peer in enumerate(peers):
            bout = Bout(peer, node, folder, f"rate-{number}-{place}")
            found[peer.name].append(rate(bout, jobs))
    floor = statistics.median(found["ours"])
    print(f"\njobs a second, {SLOTS} at a time, {rounds} rounds of {jobs} jobs")
    print(
        f"  {'':22}{'queue':10}{'lowest':>8}{'median':>8}{'highest':>8}{'ours is':>10}"
    )
    for peer in peers:
        low, middle, high = (
            pick(found[peer.name]) for pick in (min, statistics.median, max)
        )
        times = f"{floor / middle:9.2f}x"
        print(
            f"  {peer.name:22}{peer.queue:10}{low:8.0f}{middle:8.0f}{high:8.0f}{times}"
        )


def compare_losses(
    node: RabbitNode,
    folder: Path,
    peers: Sequence[Peer],
    what: str,
    strike: Callable[[Sequence[Bout]], None],
) -> None:
    """Print what became of jobs that were running when *strike* struck."""
    slug = what.partition(" ")[0]
    bouts = [Bout(p, node, folder, f"{slug}-{n}") for n, p in enumerate(peers)]
    try:
        run_through(bouts, strike)
    finally:
        for bout in bouts:
            bout.end()
    print(f"\n{what}, {FEW} jobs of {LONG:g} s each")
    print(f"  {'':22}{'lost':>8}{'begun again':>13}{'done twice':>12}")
    for bout in bouts:
        seen = entries(bout.ledger)
        done = Counter(job for event, job, _ in seen if event == "done")
        begun = Counter(job for event, job, _ in seen if event == "begun")
        again = sum(count > 1 for count in begun.values())
        twice = sum(count > 1 for count in done.values())
        print(f"  {bout.peer.name:22}{FEW - len(done):8}{again:13}{twice:12}")


def run_through(
    bouts: Sequence[Bout], strike: Callable[[Sequence[Bout]], None]
) -> None:
    """Let all of them do their jobs, through a strike in the middle."""
    for bout in bouts:
        bout.publish(FEW, LONG)
    for bout in bouts:
        bout.start()
    for bout in bouts:
        assert bout.wait_for(lambda b=bout: b.count("begun") >= SLOTS), bout.log
    strike(bouts)
    for bout in bouts:
        bout.wait_for(lambda b=bout: b.count("done") >= _expected(b))
    time.sleep(SETTLING)


def _expected(bout: Bout) -> int:
    # Those acknowledged before they ran may be lost; nobody waits for them.
    return FEW - SLOTS if "early" in bout.peer.name else FEW


def kill_workers(bouts: Sequence[Bout]) -> None:
    """Kill every worker with all its processes, and start it again."""
    for bout in bouts:
        bout.end(signal.SIGKILL)
    for bout in bouts:
        bout.start()


def restart_broker(bouts: Sequence[Bout]) -> None:
    """Restart the node while jobs run."""
    bouts[0].node.stop()
    bouts[0].node.start()


def main() -> None:
    """Measure, and print tables."""
    sys.stdout.reconfigure(line_buffering=True)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=str(ROOT / ".venv-bench/bin/python"))
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3, help="0: losses alone")
    chosen = parser.parse_args()
    peers = all_peers(chosen.python)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        node = RabbitNode(folder)
        node.start()
        try:
            if chosen.rounds:
                compare_rates(node, folder, peers, chosen.jobs, chosen.rounds)
            durable = [peer for peer in peers if "pika" not in peer.name]
            strikes = {
                "worker killed (-9) and started again": kill_workers,
                "broker restarted in mid-job": restart_broker,
            }
            for what, strike in strikes.items():
                compare_losses(node, folder, durable, what, strike)
        finally:
            node.close()


if __name__ == "__main__":
    main()
