"""The worker's hold on the zygote, and on each process that is forked from it."""

from __future__ import annotations

import json
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Final

from provisionhub.sandbox.forking import TOLD
from provisionhub.sandbox.frames import (
    BrokenFrameError,
    ChannelClosedError,
    OuterChannel,
    OutOfTimeError,
)

_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from provisionhub.sandbox.zygote import main; "
    "main(int(sys.argv[2]), as_nobody=sys.argv[3] == 'nobody')"
)
_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 5.0
_LONGEST_GREETING: Final = 100_000


class ZygoteGoneError(Exception):
    """The zygote could not be started, or is no more; the text says why."""


class Forked:
    """A process that was asked for: its channel, and what tells of it.

    Args:
        connection: Connected with the process.
        status: Tells the process's id, and later how it ended.

    Attributes:
        connection: As it was given.
        is_compiled: Whether it is a render process with its templates compiled.
    """

    def __init__(self, connection: socket.socket, status: socket.socket) -> None:
        self.connection = connection
        self.is_compiled = False
        self._status = status
        self._process_id: int | None = None

    def process_id(self, *, deadline: float) -> int | None:
        """Return the process's id; None if it was never forked, or not in time."""
        if self._process_id is None:
            self._process_id = self._told(deadline)
        return self._process_id

    def is_alive(self) -> bool:
        """Return whether nobody told yet that it has ended."""
        now = time.monotonic()
        if self.process_id(deadline=now + _START_SECONDS) is None:
            return False
        news = select.poll()
        news.register(self._status, select.POLLIN)
        return not news.poll(0)

    def end(self, *, deadline: float) -> int | None:
        """Return how it ended, as ``waitpid`` has it; None if nobody tells in time.

        To be asked once, after ``process_id``.
        """
        return self._told(deadline)

    def close(self) -> None:
        """Let go of the process; a zygote kills what nobody holds."""
        self.connection.close()
        self._status.close()

    def _told(self, deadline: float) -> int | None:
        try:
            told = OuterChannel(self._status, deadline=deadline).read(TOLD.size)
        except (ChannelClosedError, OutOfTimeError):
            return None
        return int(TOLD.unpack(told)[0])


def ask_to_fork(control: socket.socket, request: bytes) -> Forked:
    """Ask a fork server for a process.

    Args:
        control: Connected with the server.
        request: What the server expects.

    Raises:
        ChannelClosedError: If the server is gone.
    """
    ours, theirs = socket.socketpair()
    status, told = socket.socketpair()
    try:
        socket.send_fds(control, [request], [theirs.fileno(), told.fileno()])
    except OSError:
        ours.close()
        status.close()
        raise ChannelClosedError from None
    finally:
        theirs.close()
        told.close()
    return Forked(ours, status)


class Zygote:
    """A zygote that is started at once, and ends with this object.

    Args:
        as_nobody: Have it give up root's identity, where it has it.
    """

    def __init__(self, *, as_nobody: bool = True) -> None:
        ours, theirs = socket.socketpair()
        path = json.dumps([str(Path(entry).absolute()) for entry in sys.path])
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - this very Python
                [
                    *(sys.executable, "-I", "-S", "-c", _BOOT),
                    *(path, str(theirs.fileno()), "nobody" if as_nobody else "same"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={},
                pass_fds=[theirs.fileno()],
                cwd="/",
            )
        self._control = ours
        self._process = process
        self._is_ready = False
        self._starting = threading.Lock()
        self._finalizer = weakref.finalize(self, _end, ours, process)

    @property
    def process_id(self) -> int:
        """The zygote's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it is running and not closed."""
        return self._finalizer.alive and self._process.poll() is None

    def close(self) -> None:
        """End the zygote, and with it all that was forked from it."""
        self._finalizer()

    def fork(self, request: bytes) -> Forked:
        """Return a process forked from the zygote, once that is ready.

        Raises:
            ZygoteGoneError: If it is not.
        """
        with self._starting:
            self._wait_until_ready()
        try:
            return ask_to_fork(self._control, request)
        except ChannelClosedError:
            self.close()
            raise ZygoteGoneError("it has ended") from None

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        channel = OuterChannel(
            self._control, deadline=time.monotonic() + _START_SECONDS
        )
        try:
            greeting = channel.receive(longest=_LONGEST_GREETING)
        except (ChannelClosedError, OutOfTimeError, BrokenFrameError):
            self.close()
            raise ZygoteGoneError("it can't be started") from None
        if "error" in greeting:
            self.close()
            raise ZygoteGoneError(str(greeting["error"]))
        self._control.settimeout(None)
        self._is_ready = True


def _end(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    control.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
