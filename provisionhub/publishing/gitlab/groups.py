"""The groups that projects go to, each looked up once in a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from gitlab import Gitlab

from provisionhub.publishing.gitlab.answers import LastAnswer, mapped_errors

KEPT_SECONDS: Final = 60.0
"""For how long what is known of a group is believed."""

_ONCE: Final[dict[str, Any]] = {
    "retry_transient_errors": False,
    "obey_rate_limit": False,
}


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group, as it was when it was looked up.

    Attributes:
        id: Its number, which stays its own wherever it is moved to.
        full_path: Where it was.
        known_at: When that was, on the monotonic clock.
    """

    id: int
    full_path: str
    known_at: float


class Groups:
    """Finds groups, and keeps what was found for a minute.

    What is kept may be out of date: whoever is refused because of it calls
    ``forget``, and tries again with what is true now.

    Args:
        client: Asks GitLab.
        last: Takes note of its answers.
        clock: Tells the time, in seconds.
    """

    def __init__(
        self,
        client: Gitlab,
        last: LastAnswer,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._last = last
        self._clock = clock
        self._known: dict[str, KnownGroup] = {}

    def find(self, wanted: str) -> KnownGroup:
        """Return the group whose number or full path is *wanted*.

        Raises:
            ProviderRefusedError: If it is not there, or not to be seen.
            TransientError: If it may be found later.
        """
        known = self._known.get(wanted)
        if known is None or self._clock() - known.known_at > KEPT_SECONDS:
            known = self._known[wanted] = self._look_up(wanted)
        return known

    def forget(self, wanted: str, *, known_before: float) -> bool:
        """Forget the group, if it was looked up earlier; tell whether it was.

        Args:
            wanted: Its number or full path, as it was asked for.
            known_before: What was looked up from then on is as true as can be.
        """
        known = self._known.get(wanted)
        if known is None or known.known_at >= known_before:
            return False
        del self._known[wanted]
        return True

    def now(self) -> float:
        """Return the time by which ``forget`` goes."""
        return self._clock()

    def _look_up(self, wanted: str) -> KnownGroup:
        asked_at = self._clock()
        with mapped_errors(f"find the group `{wanted}`", self._last):
            found = self._client.groups.get(
                int(wanted) if wanted.isdecimal() else wanted,
                with_projects=False,
                **_ONCE,
            )
        return KnownGroup(found.id, found.full_path, asked_at)
