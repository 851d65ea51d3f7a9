"""The steps of a run, its outcomes, and the contract of those who are told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from provisionhub.errors import ProvisionError
from provisionhub.job import Job
from provisionhub.repository import CommitId, Repository


class Step(StrEnum):
    """The steps of a run that are reported, in their order."""

    VALIDATE = "validate"
    PREPARE = "prepare"
    RENDER = "render"
    CREATE = "create"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class Provisioned:
    """The run made its repository, or an earlier attempt had made it.

    Attributes:
        repository: Where it is.
        commit: Its first commit.
    """

    repository: Repository
    commit: CommitId


@dataclass(frozen=True, slots=True)
class Failed:
    """The run failed.

    Attributes:
        error: Why; secrets are already taken out.
        step: What it was doing, or None if it had not begun.
    """

    error: ProvisionError
    step: Step | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run was cancelled from outside; nothing more was created.

    Attributes:
        step: What it was about to do.
    """

    step: Step


Outcome: TypeAlias = Provisioned | Failed | Cancelled
"""How an attempt ended."""


class Reporter(Protocol):
    """Somebody who is told of a run. Never slows it down, never fails it."""

    def started(self, job: Job) -> None:
        """Tell that *job* has begun."""
        ...

    def entered(self, job: Job, step: Step) -> None:
        """Tell that *job* is now at *step*; the one before is done."""
        ...

    def said(self, job: Job, step: Step, message: str) -> None:
        """Pass on a line for people about what *step* does."""
        ...

    def warned(self, job: Job, step: Step, message: str) -> None:
        """Pass on a line for people about what they may not have meant."""
        ...

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Tell how *job* ended, *seconds* after it had begun."""
        ...
