"""Why a locked process did not answer, as the error that its job fails with."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import Final

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    SandboxViolationError,
)
from provisionhub.sandbox.limits import SandboxLimits, human_seconds
from provisionhub.source import Location
from provisionhub.tree.sizes import human_size

_LONGEST_FILE: Final = 200
_CRASHES: Final = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
)


@dataclass(frozen=True, slots=True)
class Work:
    """What was being done when it ended.

    Attributes:
        does: In words, such as ``rendering``.
        label: Where the blueprint lies, for error places.
        file: The file that was being compiled or rendered, by its path in the
            blueprint; as the locked process told it, or None.
    """

    does: str
    label: str
    file: str | None = None

    @property
    def shown(self) -> str:
        """What was being done, the file included."""
        if self.file is None:
            return f"{self.does} `{self.label}`"
        return f"{self.does} `{self.file[:_LONGEST_FILE]}`"

    @property
    def at(self) -> Location | None:
        """The file's place."""
        if self.file is None:
            return None
        return Location(f"{self.label}/{self.file[:_LONGEST_FILE]}", 1, 1)


def out_of_time(work: Work, limits: SandboxLimits) -> LimitExceededError:
    """Return the error of work that was killed when its time was over."""
    allowed = human_seconds(limits.wall_seconds)
    return _exceeded(
        work,
        f"took longer than {allowed}",
        limit="MAX_RENDER_TIME",
        allowed=allowed,
        remedy="make the template or the schema cheaper",
    )


def out_of_cpu(work: Work, limits: SandboxLimits) -> LimitExceededError:
    """Return the error of work that computed for too long."""
    allowed = human_seconds(limits.cpu_seconds)
    return _exceeded(
        work,
        f"took more than {allowed} of CPU time",
        limit="MAX_RENDER_CPU",
        allowed=allowed,
        remedy="look for a loop or a pattern that explodes",
    )


def out_of_memory(work: Work, limits: SandboxLimits) -> LimitExceededError:
    """Return the error of work that asked for too much memory."""
    allowed = human_size(limits.memory_bytes)
    return _exceeded(
        work,
        f"took more than {allowed} of memory",
        limit="MAX_RENDER_MEMORY",
        allowed=allowed,
        remedy="look for texts that are repeated or multiplied",
    )


def _exceeded(
    work: Work, what: str, *, limit: str, allowed: str, remedy: str
) -> LimitExceededError:
    """Return the error of work that did *what*; the setting *limit* forbids it."""
    return LimitExceededError(
        f"{work.shown} {what}",
        limit=limit,
        allowed=allowed,
        at=work.at,
        hint=f"{remedy}, or raise {limit}",
    )


def too_deep(work: Work) -> LimitExceededError:
    """Return the error of work that is nested too deeply for the interpreter."""
    return LimitExceededError(
        f"{work.shown} is nested too deeply",
        limit="nesting depth",
        allowed="what the interpreter's stack holds",
        at=work.at,
        hint="nest less: expressions, blocks, partials or values",
    )


def violation(work: Work, what: str) -> SandboxViolationError:
    """Return the error of a process that did *what* no sound one does."""
    return SandboxViolationError(
        f"{work.shown} was stopped: the locked process {what}",
        at=work.at,
        hint="look at the template for an attempt to break out; if there is none, "
        "please report it",
    )


def cause_of(status: int, work: Work, limits: SandboxLimits) -> ProvisionError:
    """Return the error of a process that ended without an answer.

    Args:
        status: How it ended, as ``waitpid`` has it.
        work: What it was doing.
        limits: What it was allowed.
    """
    killed_by = status & 0x7F
    if killed_by == signal.SIGSYS:
        return violation(work, "asked for a forbidden system call")
    if killed_by == signal.SIGXCPU:
        return out_of_cpu(work, limits)
    if killed_by in {signal.SIGABRT, signal.SIGKILL}:
        # A library that gets no memory aborts; the kernel short of it kills.
        return out_of_memory(work, limits)
    if killed_by in _CRASHES:
        return violation(work, f"crashed ({signal.Signals(killed_by).name})")
    return violation(work, "ended without an answer")
