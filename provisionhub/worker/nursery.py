"""Forks job processes from one that is clean: warm, and without any thread.

A process with threads can't be forked safely, and a fresh interpreter takes a
third of a second; so the nursery is forked before the worker's first thread, and
forks every job process from then on, in a few milliseconds.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

from provisionhub.jsontypes import JsonObject
from provisionhub.sandbox.kernel import die_with_parent
from provisionhub.worker.channel import Channel, ChannelClosedError

Serve = Callable[[Channel], None]
"""What a job process does with its end of the channel, until it is closed."""

_ANSWERING: Final = 20.0
_REAPING: Final = 10.0
_TICK: Final = 0.005


class NurseryClosedError(ConnectionError):
    """The nursery is gone, and with it every chance to start a job process."""


@dataclass(frozen=True, slots=True)
class Child:
    """A job process: leader of its own group, and the channel to it."""

    pid: int
    channel: Channel


class Nursery:
    """Starts and buries job processes. Safe to use from several threads.

    Args:
        serve: What each job process does.
        warm_up: Called once, before the first is forked: loads what all need.
    """

    def __init__(self, serve: Serve, warm_up: Callable[[], None]) -> None:
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            ours.close()
            _run(theirs, serve, warm_up)
        theirs.close()
        self._socket = ours
        self._channel = Channel(ours)
        self._lock = threading.Lock()
        self._reaping = threading.Lock()
        self._is_reaped = False

    def start(self) -> Child:
        """Start a job process.

        Raises:
            NurseryClosedError: If the nursery is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs, self._lock, _told_as_closed():
            socket.send_fds(self._socket, [b"+"], [theirs.fileno()])
            pid = int(str(self._channel.receive(seconds=_ANSWERING)["pid"]))
        return Child(pid, Channel(ours))

    def bury(self, child: Child) -> int | None:
        """Kill what is left of a job process and its group; return how it ended.

        Returns:
            Its exit code, minus the signal's number if one ended it, or None if the
            kernel would not let it go.

        Raises:
            NurseryClosedError: If the nursery is gone.
        """
        child.channel.close()
        with self._lock, _told_as_closed():
            self._socket.sendall(b"-" + child.pid.to_bytes(8, "big"))
            status = self._channel.receive(seconds=_ANSWERING)["status"]
        return None if status is None else int(str(status))

    @property
    def is_alive(self) -> bool:
        """Whether it can still start a job process."""
        with self._reaping:
            if not self._is_reaped:
                found, _ = os.waitpid(self._pid, os.WNOHANG)
                self._is_reaped = found != 0
            return not self._is_reaped

    def close(self) -> None:
        """End the nursery, with every job process; again does nothing."""
        self._channel.close()
        with self._reaping:
            if not self._is_reaped:
                os.waitpid(self._pid, 0)
                self._is_reaped = True


class _told_as_closed:  # noqa: N801 - reads as a statement
    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, NurseryClosedError):
            raise NurseryClosedError("the nursery is gone") from error


def _run(
    requests: socket.socket, serve: Serve, warm_up: Callable[[], None]
) -> NoReturn:
    """Be the nursery, until the worker is gone."""
    living: set[int] = set()
    try:
        os.setpgid(0, 0)  # Ctrl-C in a terminal is the worker's to hear
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        warm_up()
        _answer(requests, serve, living)
    finally:
        # One that hangs in native code would not notice that its worker is gone.
        for pid in living:
            _reap(pid)
        os._exit(0)


def _answer(requests: socket.socket, serve: Serve, living: set[int]) -> None:
    """Fork and bury as asked, until nobody is there to ask."""
    answers = Channel(requests)
    while True:
        data, descriptors, _, _ = socket.recv_fds(requests, 1, 1)
        if not data:
            return
        try:
            if data == b"+":
                pid = _fork(requests, descriptors[0], serve)
                living.add(pid)
                answers.send({"pid": pid})
            else:
                pid = int.from_bytes(requests.recv(8, socket.MSG_WAITALL), "big")
                living.discard(pid)
                answers.send({"status": _reap(pid)})
        except ChannelClosedError:
            return


def _fork(requests: socket.socket, descriptor: int, serve: Serve) -> int:
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        os.setpgid(0, 0)
        if sys.platform == "linux":
            # Nobody else could bury it, and in native code it hears of nothing.
            die_with_parent(nursery)
        requests.close()
        serve(Channel(socket.socket(fileno=descriptor)))
        os._exit(0)
    finally:
        os._exit(1)


def _reap(pid: int) -> int | None:
    give_up = time.monotonic() + _REAPING
    while time.monotonic() < give_up:
        # It may not have become a group's leader yet, or all of it may be gone.
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_TICK)
    return None


def describe_end(status: int | None) -> JsonObject:
    """Return how a job process ended, as log fields: its signal or exit code."""
    if status is None:
        return {"ended": "not at all"}
    if status >= 0:
        return {"exit_code": status}
    try:
        return {"signal": signal.Signals(-status).name}
    except ValueError:
        return {"signal": -status}
