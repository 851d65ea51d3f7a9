"""Plays a render process that has been taken over: it says what a test wants."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, TypeVar

from provisionhub.jsontypes import JsonObject
from provisionhub.sandbox import SandboxLimits
from provisionhub.sandbox.asking import Asking
from provisionhub.sandbox.causes import Work
from provisionhub.sandbox.forking import TOLD
from provisionhub.sandbox.launcher import Forked
from support.sandboxes import LIMITS

T = TypeVar("T")

EXITED: Final = 0
Read = Callable[[JsonObject, Callable[[int], bytes]], T]


@contextmanager
def child_that_says(
    *said: bytes, status: int | None = EXITED, stays: bool = False
) -> Iterator[Forked]:
    """Yield a process that says *said* whatever it is asked, and ends.

    Args:
        said: What it writes, piece by piece.
        status: How it ends, as ``waitpid`` has it; None if nobody tells.
        stays: Whether it keeps its channel open when it has said all.
    """
    ours, theirs = socket.socketpair()
    told, teller = socket.socketpair()
    teller.sendall(TOLD.pack(os.getpid()))
    if status is not None:
        teller.sendall(TOLD.pack(status))
    teller.close()

    def speak() -> None:
        with suppress(OSError):
            for piece in said:
                theirs.sendall(piece)
            if not stays:
                theirs.shutdown(socket.SHUT_WR)

    speaker = threading.Thread(target=speak, daemon=True)
    speaker.start()
    forked = Forked(ours, told)
    try:
        yield forked
    finally:
        forked.close()
        speaker.join()
        theirs.close()


def ask(forked: Forked, read: Read[T], *, limits: SandboxLimits = LIMITS) -> T:
    """Return what *read* makes of what the process answers."""
    return Asking(forked, Work("rendering", "sample"), limits).ask({}, read=read)


def killed_by(number: signal.Signals) -> int:
    """Return the wait status of a process that a signal ended."""
    return int(number)
