"""Forks a process for each request that comes, and tells how each one ended.

The zygote forks template processes this way, and each of those render processes.
A request is a few bytes and two descriptors: the new process's channel, and the
write end of a pipe that takes its id and, when it has ended, its wait status.
"""

from __future__ import annotations

import array
import os
import select
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn

TOLD: Final = struct.Struct("!i")
"""A process's id, and later how it ended, as ``waitpid`` has it."""


@dataclass(slots=True)
class _Child:
    """A forked process.

    Attributes:
        status: Where to tell how it ended; -1 once nobody wants to know.
        has_ended: Whether it did.
    """

    status: int
    has_ended: bool = False


class ForkServer:
    """Serves requests to fork until its control socket is closed.

    A child that has ended keeps its id until whoever asked for it closes the pipe,
    so that the id can't become another process's while it is still used.

    Args:
        control: Where requests come from.
        request_length: How many bytes each has.
        run: Called with the request and the channel's descriptor in the new
            process, which ends when it returns.
        before_fork: Called with the same before the process is forked.
        kill: Called with the id of a process that nobody asks for any more.
    """

    def __init__(
        self,
        control: socket.socket,
        *,
        request_length: int,
        run: Callable[[bytes, int], None],
        before_fork: Callable[[bytes, int], None] = lambda _request, _channel: None,
        kill: Callable[[int], None] = lambda _process_id: None,
    ) -> None:
        self._control = control
        self._request_length = request_length
        self._run = run
        self._before_fork = before_fork
        self._kill = kill
        self._children: dict[int, _Child] = {}
        self._wake, self._woken = socket.socketpair()

    def start_watching(self) -> None:
        """Have the end of each child wake the server; before any lock."""
        self._wake.settimeout(0)
        self._woken.settimeout(0)
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        """Fork on request until the control socket is closed and no child is left."""
        is_open = True
        while is_open or self._children:
            poll = select.poll()
            poll.register(self._woken, select.POLLIN)
            if is_open:
                poll.register(self._control, select.POLLIN)
            for child in self._children.values():
                if child.status >= 0:
                    poll.register(child.status, 0)
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._woken.fileno() in ready:
                with suppress(BlockingIOError):
                    os.read(self._woken.fileno(), 4096)
            self._tend(ready)
            if is_open and self._control.fileno() in ready:
                is_open = self._take_request()

    def _take_request(self) -> bool:
        """Fork for one request; return False when there will be no more."""
        size = socket.CMSG_SPACE(2 * array.array("i").itemsize)
        try:
            request, ancillary, _, _ = self._control.recvmsg(self._request_length, size)
        except OSError:
            return False
        if not request:
            return False
        channel, status = _descriptors(ancillary)
        self._before_fork(request, channel)
        try:
            child = os.fork()
        except OSError:
            os.close(status)  # which says that there is no process
        else:
            if child == 0:
                self._become_child(request, channel, status)
            self._children[child] = _Child(status)
            _tell(status, child)
        os.close(channel)
        return True

    def _become_child(self, request: bytes, channel: int, status: int) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for descriptor in (
                self._control.detach(),
                self._wake.detach(),
                self._woken.detach(),
                status,
                *(c.status for c in self._children.values() if c.status >= 0),
            ):
                os.close(descriptor)
            self._run(request, channel)
            code = 0
        finally:
            os._exit(code)

    def _tend(self, ready: set[int]) -> None:
        """Tell who has ended, and let go of those that nobody asks for any more."""
        for process_id, child in list(self._children.items()):
            if child.status in ready:
                os.close(child.status)
                child.status = -1
                if not child.has_ended:
                    self._kill(process_id)
            if not child.has_ended and (ended := _end_of(process_id)) is not None:
                child.has_ended = True
                if child.status >= 0:
                    _tell(child.status, ended)
            if child.has_ended and child.status < 0:
                with suppress(ChildProcessError):
                    os.waitpid(process_id, 0)
                del self._children[process_id]


def _tell(status: int, number: int) -> None:
    with suppress(BrokenPipeError):
        os.write(status, TOLD.pack(number))


def _end_of(process_id: int) -> int | None:
    """Return how the child ended, without letting go of its id; None if it lives."""
    if not hasattr(os, "waitid"):  # macOS, up to Python 3.12; there the id is let go
        process_id, status = os.waitpid(process_id, os.WNOHANG)
        return status if process_id else None
    found = os.waitid(os.P_PID, process_id, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if found is None:
        return None
    is_exit = found.si_code == os.CLD_EXITED
    return found.si_status << 8 if is_exit else found.si_status


def _descriptors(ancillary: list[tuple[int, int, bytes]]) -> tuple[int, int]:
    found = array.array("i")
    for _, _, data in ancillary:
        found.frombytes(data[: len(data) - len(data) % found.itemsize])
    channel, status = found
    return channel, status
