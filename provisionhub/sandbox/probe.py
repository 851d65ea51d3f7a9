"""Tries to break out of the lock, and tells what each of its layers stops here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import Final

from provisionhub.sandbox.attempts import ATTEMPTS
from provisionhub.sandbox.frames import (
    BrokenFrameError,
    ChannelClosedError,
    OuterChannel,
    OutOfTimeError,
)
from provisionhub.sandbox.launcher import Zygote
from provisionhub.sandbox.locking import Bounds, Layer
from provisionhub.sandbox.zygote import ATTEMPT

_SECONDS: Final = 10.0
_CPU_SECONDS: Final = 5
_MEMORY_BYTES: Final = 256 * 1024 * 1024
_LONGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Tried:
    """How one attempt to break out went.

    Attributes:
        name: The attempt's.
        does: What it does, for people.
        passed: Whether it got through.
        how: What stopped it, such as ``killed`` or ``PermissionError``.
    """

    name: str
    does: str
    passed: bool
    how: str


def try_all(zygote: Zygote, layers: Layer) -> list[Tried]:
    """Try every attempt, each in a process locked with *layers*.

    Raises:
        ZygoteGoneError: If there is no zygote to fork from.
    """
    return [try_one(zygote, layers, name) for name in ATTEMPTS]


def try_one(zygote: Zygote, layers: Layer, name: str) -> Tried:
    """Try the attempt called *name* in a process locked with *layers*.

    Raises:
        ZygoteGoneError: If there is no zygote to fork from.
    """
    bounds = Bounds(layers, _CPU_SECONDS, _MEMORY_BYTES)
    forked = zygote.fork(ATTEMPT + bounds.pack())
    deadline = time.monotonic() + _SECONDS
    channel = OuterChannel(forked.connection, deadline=deadline)
    does = ATTEMPTS[name].does
    try:
        channel.send({"attempt": name, "outside": os.getpid()})
        answer = channel.receive(longest=_LONGEST)
    except ChannelClosedError:
        forked.process_id(deadline=deadline)
        return _ended(name, does, forked.end(deadline=deadline))
    except (OutOfTimeError, BrokenFrameError) as error:
        return Tried(name, does, passed=True, how=type(error).__name__)
    finally:
        forked.close()
    if "passed" in answer:
        return Tried(name, does, passed=True, how="passed")
    how = str(answer.get("stopped") or answer.get("unlocked"))
    return Tried(name, does, passed="unlocked" in answer, how=how)


def _ended(name: str, does: str, status: int | None) -> Tried:
    """Return how an attempt went whose process ended without a word."""
    if status is not None and status & 0x7F:
        return Tried(name, does, passed=False, how="killed")
    # It became another program, which ended well.
    return Tried(name, does, passed=True, how="passed")
