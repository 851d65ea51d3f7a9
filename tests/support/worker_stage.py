"""A worker as operators run it: a process, a queue of its own, repositories on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pika

from provisionhub.jsontypes import JsonObject
from support.blueprints import write_blueprint
from support.rabbitmq import RabbitNode, free_port

MANIFEST: Final = """\
apiVersion: provisionhub.io/v1
name: tiny
version: 1.0.0
engine: jinja2
types: [component, system]
schema: {type: object, properties: {token: {type: string, writeOnly: true}}}
"""
_PLUGIN: Final = """\
[provisionhub.providers]
staged = support.staged:StagedProvider
"""
_ROOT: Final = Path(__file__).resolve().parents[1]


class WorkerProcess:
    """One ``provisionhub worker``; ended by its own pid when the test is over."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._log = log
        self._health = environment["HEALTH_ADDRESS"]
        with log.open("ab") as opened:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "provisionhub", "worker"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=opened,
                cwd=log.parent,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """Kill it and its whole group, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def end(self, *, seconds: float = 60) -> int:
        """Tell it to end; return its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(seconds=seconds)

    def wait(self, *, seconds: float = 60) -> int:
        """Return its exit code, once it has ended."""
        return self.process.wait(timeout=seconds)

    def health(self, path: str = "/health") -> tuple[int, JsonObject]:
        """Return what it says about itself: status code and body."""
        try:
            with urllib.request.urlopen(f"http://{self._health}{path}") as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)
        except OSError:  # it does not listen yet, or no more
            return 0, {}

    def metric(self, name: str) -> float:
        """Return the sum of a metric over its labels."""
        with urllib.request.urlopen(f"http://{self._health}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        values = [
            line.rsplit(" ", 1)
            for line in lines
            if line.partition("{")[0].partition(" ")[0] == name
        ]
        return sum(float(value) for _, value in values)


class WorkerStage:
    """Everything around a worker, with a queue that no other test uses."""

    def __init__(self, rabbit: RabbitNode, root: Path) -> None:
        self.rabbit = rabbit
        self.root = root
        self.queue = f"jobs-{uuid.uuid4().hex[:8]}"
        self.repositories = root / "repositories"
        self.url = rabbit.url
        self._workers: list[WorkerProcess] = []
        self._prepare()

    def start(self, **settings: str) -> WorkerProcess:
        """Start a worker with further settings; it may not be connected yet."""
        number = len(self._workers)
        own = {
            "HEALTH_ADDRESS": f"127.0.0.1:{free_port()}",
            "WORKER_ID": f"worker-{number}",
        }
        environment = self.environment(**own | settings)
        worker = WorkerProcess(environment, self.root / f"worker-{number}.log")
        self._workers.append(worker)
        return worker

    def started(self, **settings: str) -> WorkerProcess:
        """Start a worker, and wait until it consumes."""
        worker = self.start(**settings)
        self.wait_for(lambda: worker.health("/health/ready")[0] == 200, worker=worker)
        return worker

    def environment(self, **settings: str) -> dict[str, str]:
        """Return what a worker or a command is run with."""
        plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
        return {
            **plain,
            "PYTHONPATH": os.pathsep.join([str(_ROOT), str(self.root / "plugin")]),
            "RABBITMQ_URL": self.url,
            "RABBITMQ_QUEUE": self.queue,
            "RABBITMQ_RETRY_DELAY": "200ms",
            "BLUEPRINT_CATALOGS": str(self.root / "catalog"),
            "LOCAL_REPOSITORIES_DIR": str(self.repositories),
            "WORKSPACE_DIR": str(self.root / "workspaces"),
            "STAGED_DIR": str(self.root),
            "LOG_FORMAT": "json",
            "NO_COLOR": "1",
            **settings,
        }

    def command(
        self, *arguments: str, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run ``provisionhub`` with *arguments*, and *text* on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", "provisionhub", *arguments],
            env=self.environment(),
            input=text,
            capture_output=True,
            text=True,
            cwd=self.root,
            check=False,
            timeout=60,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Be beside ``provisionhub`` with *arguments*; wait for its end."""
        with (
            (self.root / "command.log").open("ab") as log,
            subprocess.Popen(
                [sys.executable, "-m", "provisionhub", *arguments],
                env=self.environment(),
                stdout=log,
                stderr=log,
                cwd=self.root,
            ) as process,
        ):
            yield process

    def job(self, name: str, **members: object) -> JsonObject:
        """Return a job for the repository ``team/<name>``."""
        return {
            "run_id": f"run-{name}",
            "type": "component",
            "blueprint": {
                "template": "tiny",
                "name": name,
                "namespace": "team",
                "values": {},
            },
            "git_config": {"provider": "staged"},
            "requested_at": "2026-01-31T12:00:00Z",
            **members,  # type: ignore[dict-item] # by name, from a test
        }

    def submit(self, *names: str) -> None:
        """Publish a job for each repository name."""
        self.publish(*(json.dumps(self.job(name)).encode() for name in names))

    def publish(self, *bodies: bytes, queue: str | None = None, **headers: Any) -> None:  # noqa: ANN401 - as AMQP has it
        """Publish *bodies*, confirmed."""
        properties = pika.BasicProperties(  # type: ignore[no-untyped-call] # no py.typed
            headers=headers, delivery_mode=2
        )
        with self.rabbit.channel() as channel:
            for body in bodies:
                channel.basic_publish(
                    "", queue or self.queue, body, properties, mandatory=True
                )

    def depth(self, suffix: str = "") -> int:
        """Return how many messages wait in the queue whose name ends so."""
        with self.rabbit.channel() as channel:
            found = channel.queue_declare(self.queue + suffix, passive=True)
        return int(found.method.message_count)

    def dead_letters(self) -> list[dict[str, Any]]:
        """Return what ``dead-letters list`` shows."""
        shown = self.command("dead-letters", "list", "--json")
        assert shown.returncode == 0, shown.stderr
        return list(json.loads(shown.stdout))

    def dead_reasons(self) -> dict[str, str]:
        """Return the reason of each dead letter, by its run."""
        return {
            str(letter["id"]): str(letter["reason"]) for letter in self.dead_letters()
        }

    def calls(self) -> Counter[str]:
        """Return how often the provider was called for each run."""
        file = self.root / "calls"
        lines = file.read_text().splitlines() if file.exists() else []
        return Counter(line.split()[0] for line in lines)

    def call_times(self) -> list[float]:
        """Return when the provider was called."""
        lines = (self.root / "calls").read_text().splitlines()
        return [float(line.split()[1]) for line in lines]

    def open_gate(self) -> None:
        """Let the jobs go on that wait for it."""
        (self.root / "open").touch()

    def commits(self) -> dict[str, int]:
        """Return the number of commits of every repository that there is."""
        return {
            path.name.removesuffix(".git"): _count_commits(path)
            for path in self.repositories.glob("team/*.git")
        }

    def has_commits(self, *names: str) -> bool:
        """Tell whether these repositories, and no other, have one commit each."""
        return self.commits() == dict.fromkeys(names, 1)

    def queues(self) -> dict[str, int]:
        """Return the stage's queues, and how many messages each holds, taken or not."""
        shown = self.rabbit.control("list_queues", "name", "messages")
        found = dict(line.split("\t") for line in shown.splitlines() if "\t" in line)
        return {
            name: int(count)
            for name, count in found.items()
            if name.startswith(self.queue)
        }

    def is_drained(self) -> bool:
        """Tell whether no message is left but dead ones, taken or not."""
        found = self.queues()
        return not any(n for name, n in found.items() if not name.endswith(".dlq"))

    def wait_for(
        self,
        happened: Callable[[], bool],
        *,
        seconds: float = 60,
        worker: WorkerProcess | None = None,
    ) -> None:
        """Wait until *happened* says so; fail with the logs if it does not."""
        give_up = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > give_up or (worker and worker.process.poll()):
                logs = "\n".join(each.log[-3000:] for each in self._workers)
                raise AssertionError(f"not within {seconds:g}s; logs:\n{logs}")
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """Return the processes that were started for this stage and still live."""
        mark = f"STAGED_DIR={self.root}".encode()
        return [
            int(path.parent.name)
            for path in Path("/proc").glob("[0-9]*/environ")
            if mark in _read(path).split(b"\0") and not _is_zombie(path.parent)
        ]

    @contextmanager
    def cleaned(self) -> Iterator[WorkerStage]:
        """Be set up; end what was started, whatever happens."""
        try:
            yield self
        finally:
            for worker in self._workers:
                if worker.process.poll() is None:
                    worker.signal(signal.SIGCONT)
                    worker.kill()

    def _prepare(self) -> None:
        write_blueprint(
            self.root / "catalog" / "blueprints" / "tiny",
            {"template/README.md.j2": "# {{ Name }}\n"},
            MANIFEST,
        )
        info = self.root / "plugin" / "staged-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: staged\nVersion: 1.0\n"
        )
        (info / "entry_points.txt").write_text(_PLUGIN)


def _count_commits(repository: Path) -> int:
    counted = subprocess.run(
        ["git", "--git-dir", repository, "rev-list", "--all", "--count"],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(counted.stdout)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _is_zombie(folder: Path) -> bool:
    return b") Z" in _read(folder / "stat")
