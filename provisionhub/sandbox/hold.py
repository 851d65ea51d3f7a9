"""The worker's hold on one template process, and on the spares forked from it."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Final

from provisionhub.blueprint import Manifest
from provisionhub.sandbox.frames import ChannelClosedError
from provisionhub.sandbox.killing import kill_member
from provisionhub.sandbox.launcher import Forked, ask_to_fork
from provisionhub.sandbox.messages import COMPILE_AND_FORK, FORK

_MOST_JOBS: Final = 1_000
_SPARES: Final = 2
_PATIENCE_SECONDS: Final = 1.0
_GRACE_SECONDS: Final = 3.0


class TemplateProcessHold:
    """One template process, its blueprint loaded.

    Once its templates are compiled, render processes are forked and locked ahead:
    a job then waits for neither.

    Args:
        forked: The process.
        manifest: What the blueprint says.

    Attributes:
        manifest: As it was given.
    """

    def __init__(self, forked: Forked, manifest: Manifest) -> None:
        self.manifest = manifest
        self._forked = forked
        self._jobs = 0
        self._is_compiled = False
        self._spares: deque[Forked] = deque()
        self._lock = threading.Lock()

    @property
    def is_worn(self) -> bool:
        """Whether it has served so many jobs that a fresh process is due."""
        return self._jobs >= _MOST_JOBS

    def take(self, *, compiled: bool) -> Forked:
        """Return a render process for one job.

        Args:
            compiled: Whether it needs the templates compiled.

        Raises:
            ChannelClosedError: If the template process is gone.
        """
        with self._lock:
            self._jobs += 1
            while self._spares:
                spare = self._spares.popleft()
                if spare.is_alive():
                    return spare
                spare.close()
            return self._fork(compiled=compiled or self._is_compiled)

    def give_back(self, forked: Forked) -> bool:
        """Kill a render process, whatever it still does, and fork one ahead.

        Args:
            forked: What ``take`` returned.

        Returns:
            False if the process was never forked: it is this one that does not
            come to an end.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        process_id = forked.process_id(deadline=deadline)
        group = self._forked.process_id(deadline=deadline)  # the zygote told it
        if process_id is not None and group is not None:
            kill_member(process_id, group=group)
        forked.close()
        with self._lock:
            # From the second job on: many a blueprint is asked for once.
            if self._is_compiled and len(self._spares) < _SPARES:
                self._stock()
            self._is_compiled |= forked.is_compiled and process_id is not None
        return process_id is not None

    def end(self) -> int | None:
        """Return how the process ended, as ``waitpid`` has it; None if it did not."""
        return self._forked.end(deadline=time.monotonic() + _GRACE_SECONDS)

    def close(self) -> None:
        """End the process, with all that it forked."""
        with self._lock:
            while self._spares:
                self._spares.popleft().close()
            self._forked.close()

    def _stock(self) -> None:
        try:
            self._spares.append(self._fork(compiled=True))
        except ChannelClosedError:
            return  # whoever needs it next will see that it is gone

    def _fork(self, *, compiled: bool) -> Forked:
        request = COMPILE_AND_FORK if compiled else FORK
        forked = ask_to_fork(self._forked.connection, request)
        forked.is_compiled = compiled
        return forked
