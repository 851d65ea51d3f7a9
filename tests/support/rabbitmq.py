"""A private RabbitMQ node: own data, ports and cookie; ended by its own pid."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

_PLACES: Final = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin")
_SERVERS: Final = range(10_000, 32_768)  # those above are given to clients
_STARTING: Final = 60.0
_CONF: Final = """\
listeners.tcp.local = 127.0.0.1:{port}
vm_memory_high_watermark.absolute = 2GB
disk_free_limit.absolute = 1MB
consumer_timeout = 1800000
log.console.level = warning
"""


def find_program(name: str) -> Path | None:
    """Return RabbitMQ's program called *name*, or None if it is not installed.

    Debian's wrappers in ``/usr/sbin`` change the user, so its plain ones go first.
    """
    for place in _PLACES:
        if (path := Path(place, name)).exists():
            return path
    found = shutil.which(name)
    return None if found is None else Path(found)


class RabbitNode:
    """One node, its files in *folder*; starts, stops, dies and chokes on demand."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = self._prepare()

    @property
    def url(self) -> str:
        """What ``RABBITMQ_URL`` is to be."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2F"

    def start(self) -> None:
        """Start the node and wait until it answers."""
        server = find_program("rabbitmq-server")
        assert server is not None
        with (self._folder / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                [server],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + _STARTING
        while not self._answers():
            assert self._process.poll() is None, self._log()
            assert time.monotonic() < give_up, self._log()
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the node as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the node as a crash would, but no queue in the moment of its birth.

        RabbitMQ writes to disk only now and then under which name a quorum queue keeps
        its log (``names.dets``). Killed before, 3.10.8 starts the queue with another
        log, an empty one, that never gets a leader: whoever asks for the queue waits
        until the broker gives up. Bare pika, a queue and a kill show it each time, and
        none where the tables were written first. It is the broker's own fault.
        """
        self.control("eval", "[dets:sync(Table) || Table <- dets:all()].")
        self._end(signal.SIGKILL)

    def close(self) -> None:
        """Stop the node, and the port mapper that it has started."""
        self.stop()
        mapper = shutil.which("epmd")
        if mapper is not None:
            port = self._environment["ERL_EPMD_PORT"]
            subprocess.run(
                [mapper, "-port", port, "-kill"], capture_output=True, check=False
            )

    def control(self, *arguments: str) -> str:
        """Return what ``rabbitmqctl`` prints."""
        program = find_program("rabbitmqctl")
        assert program is not None
        return subprocess.run(
            [program, "--quiet", *arguments],
            env=self._environment,
            capture_output=True,
            check=True,
            text=True,
            timeout=60,
        ).stdout

    def close_connections(self) -> None:
        """Have the broker close every connection."""
        self.control("close_all_connections", "a test")

    @contextmanager
    def channel(self) -> Iterator[BlockingChannel]:
        """Be connected, on a channel that confirms what is published."""
        connection = pika.BlockingConnection(pika.URLParameters(self.url))
        try:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel
        finally:
            if connection.is_open:
                connection.close()

    def _answers(self) -> bool:
        try:
            with self.channel():
                return True
        except (AMQPError, OSError):
            return False

    def _prepare(self) -> dict[str, str]:
        home = self._folder
        (home / "rabbitmq.conf").write_text(_CONF.format(port=self.port))
        (home / "plugins").write_text("[].\n")
        # How old the counts may be that `list_queues` shows, in milliseconds.
        (home / "advanced.config").write_text(
            "[{rabbit, [{quorum_tick_interval, 200}]}].\n"
        )
        cookie = home / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        dist = free_port()
        name = f"test-{self.port}@localhost"
        return os.environ | {
            "HOME": str(home),
            "RABBITMQ_NODENAME": name,
            "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(home / "data"),
            "RABBITMQ_LOG_BASE": str(home / "log"),
            "RABBITMQ_PID_FILE": str(home / "pid"),
            "RABBITMQ_DIST_PORT": str(dist),
            # A port mapper of its own: the machine's may be somebody else's.
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none",
        }

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        # The program may be a shell around the node: its session is all of it.
        group = os.getpgid(process.pid)
        os.killpg(group, how)
        process.wait(timeout=60)
        self._process = None
        give_up = time.monotonic() + 30
        while _is_listening(self.port):
            assert time.monotonic() < give_up
            time.sleep(0.05)

    def _log(self) -> str:
        return (self._folder / "console.log").read_text(errors="replace")[-4000:]


def free_port() -> int:
    """Return a port that nobody listens on, and that no client is given either.

    A client that looks for a server that is away may be given that very port for its
    own end, and so keep the server from coming back.
    """
    while True:
        port = secrets.choice(_SERVERS)  # `random` is seeded alike for each test
        if not _is_listening(port):
            return port


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
