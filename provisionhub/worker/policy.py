"""What becomes of a message: pure decisions, the whole of DESIGN.md §5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from provisionhub.errors import PermanentError, ProvisionError, TransientError
from provisionhub.status import Failed, Outcome

LONGEST_DELAY: Final = 300.0
"""No message waits longer than this for its next attempt, in seconds."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The run has its final outcome: report it, then let the message go."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again later: to a retry queue, confirmed, then let the message go.

    Attributes:
        delay: How long it waits there, in seconds.
        error: Why.
    """

    delay: float
    error: ProvisionError


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Give up: to the dead-letter queue, confirmed, report, let the message go.

    Attributes:
        error: Why; its code is the reason.
    """

    error: ProvisionError


Settlement: TypeAlias = Acknowledge | Retry | DeadLetter
"""What becomes of a message after an attempt."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a job is tried, and how long it waits in between.

    Attributes:
        first: Wait before the second attempt, in seconds; doubled for each further.
        most: Attempts in all, the first among them.
        longest: Ceiling on every wait, in seconds.
    """

    first: float
    most: int
    longest: float = LONGEST_DELAY

    @property
    def delays(self) -> tuple[float, ...]:
        """Every wait that there is, shortest first: each has a queue of its own."""
        delays = [min(self.first, self.longest)]
        while delays[-1] < self.longest:
            delays.append(min(delays[-1] * 2, self.longest))
        return tuple(delays)

    def delay_after(self, attempt: int, *, retry_after: float | None = None) -> float:
        """Return how long to wait after *attempt*, in seconds.

        Args:
            attempt: The attempt that failed, counted from 1.
            retry_after: What the other side asked for: the next longer of the waits
                that there are is taken, or the longest.
        """
        delays = self.delays
        usual = delays[min(attempt, len(delays)) - 1]
        wanted = max(usual, retry_after or 0.0)
        return next((delay for delay in delays if delay >= wanted), delays[-1])

    def delays_from(self, delay: float) -> list[float]:
        """Return *delay*, one of the waits that there are, and those above it."""
        return [each for each in self.delays if each >= delay]

    def gives_up_reporting(self, refusals: int) -> bool:
        """Tell whether a final status that was refused so often is sent no more.

        Every wait has been waited by then, the longest too: time enough for whatever
        stands in for a control plane while it is being replaced.
        """
        return refusals > len(self.delays)

    def settle(self, outcome: Outcome, *, attempt: int) -> Settlement:
        """Return what becomes of the message whose *attempt* ended with *outcome*."""
        if not isinstance(outcome, Failed):
            return Acknowledge()
        error = outcome.error
        if isinstance(error, PermanentError):
            return Acknowledge()
        if isinstance(error, TransientError) and attempt < self.most:
            delay = self.delay_after(attempt, retry_after=error.retry_after)
            return Retry(delay, error)
        # No attempts left, or a bug: a person has to look at it.
        return DeadLetter(error)
