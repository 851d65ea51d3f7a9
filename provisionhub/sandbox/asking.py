"""Asks one locked process for one thing, and takes no more than it may answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, TypeVar

from provisionhub.errors import ProvisionError, TemplateRuntimeError
from provisionhub.jsontypes import JsonObject
from provisionhub.sandbox.causes import (
    Work,
    cause_of,
    out_of_memory,
    out_of_time,
    too_deep,
    violation,
)
from provisionhub.sandbox.failures import read_error
from provisionhub.sandbox.frames import (
    BrokenFrameError,
    ChannelClosedError,
    OuterChannel,
    OutOfTimeError,
)
from provisionhub.sandbox.launcher import Forked
from provisionhub.sandbox.limits import SandboxLimits
from provisionhub.sandbox.reading import Reader

T = TypeVar("T")

_LONGEST_ANSWER: Final = 8 * 1024 * 1024
"""In bytes, contents left out: the values of a job of 1 MiB, escaped, fit in twice."""
_MOST_TOLD: Final = 100_000
_GRACE_SECONDS: Final = 5.0


class LostProcessError(Exception):
    """There was no process to ask: it never came to be, or can't be locked.

    Attributes:
        work: What it was asked to do, as far as it got.
    """

    def __init__(self, message: str, work: Work) -> None:
        super().__init__(message)
        self.work = work


class Asking:
    """One question to one process.

    Args:
        forked: The process.
        work: What it is asked to do.
        limits: What that may take.
    """

    def __init__(self, forked: Forked, work: Work, limits: SandboxLimits) -> None:
        self._forked = forked
        self._work = work
        self._limits = limits
        self._deadline = time.monotonic() + limits.wall_seconds
        self._channel = OuterChannel(forked.connection, deadline=self._deadline)

    def ask(
        self,
        message: JsonObject,
        *bodies: bytes,
        read: Callable[[JsonObject, Callable[[int], bytes]], T],
    ) -> T:
        """Return what *read* makes of the answer.

        Args:
            message: The question.
            bodies: Raw bytes that go with it.
            read: Given the answer, and what returns the next so many raw bytes.

        Raises:
            ProvisionError: The one that the process answers with, or the cause of
                its end.
            LostProcessError: If there was no process to ask.
        """
        try:
            with suppress(ChannelClosedError):  # what it said before it ended counts
                self._channel.send(message, *bodies)
            return read(self._answer(), self._channel.read)
        except BrokenFrameError as broken:
            raise violation(self._work, f"answered with {broken}") from None
        except OutOfTimeError:
            raise out_of_time(self._work, self._limits) from None
        except ChannelClosedError:
            raise self._cause() from None

    def _answer(self) -> JsonObject:
        for _ in range(_MOST_TOLD):
            message = self._channel.receive(longest=_LONGEST_ANSWER)
            if "entering" not in message:
                self._refuse(message)
                return message
            file = Reader(message).text("entering")
            self._work = replace(self._work, file=file)
        raise BrokenFrameError("more news than there are files")

    def _refuse(self, message: JsonObject) -> None:
        """Raise the error that *message* tells of, if it does."""
        reader = Reader(message)
        if "error" in message:
            raise read_error(message["error"])
        if "unlocked" in message:
            raise LostProcessError(
                f"it can't be locked: {_plain(reader.text('unlocked'))}", self._work
            )
        if "exhausted" in message:
            raise self._exhausted(reader.text("exhausted"))
        if "bug" in message:
            raise TemplateRuntimeError(
                f"{self._work.shown} failed: unexpected {_plain(reader.text('bug'))}",
                at=self._work.at,
                hint="this is a bug in ProvisionHub or in an engine; please report it",
            )

    def _exhausted(self, what: str) -> ProvisionError:
        if what == "depth":
            return too_deep(self._work)
        return out_of_memory(self._work, self._limits)

    def _cause(self) -> ProvisionError:
        """Return why the process closed its channel without an answer."""
        deadline = time.monotonic() + _GRACE_SECONDS
        if self._forked.process_id(deadline=deadline) is None:
            raise LostProcessError("it was never forked", self._work)
        status = self._forked.end(deadline=deadline)
        if status is None:
            raise LostProcessError("it ended with its parent", self._work)
        return cause_of(status, self._work, self._limits)


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[:1000])
