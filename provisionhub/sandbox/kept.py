"""Render processes that have accepted a job's values, and wait to render them."""

from __future__ import annotations

import threading
import weakref

from provisionhub.sandbox.hold import TemplateProcessHold
from provisionhub.sandbox.launcher import Forked
from provisionhub.values import Values


class KeptProcesses:
    """The processes that wait, each by the values that it accepted.

    One that nobody asks to render is killed when its values are forgotten.
    """

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Forked, TemplateProcessHold]] = {}
        self._lock = threading.Lock()

    def keep(
        self, values: Values, forked: Forked, template: TemplateProcessHold
    ) -> None:
        """Have *forked*, which accepted *values*, wait."""
        with self._lock:
            self._waiting[id(values)] = forked, template
        weakref.finalize(values, self._drop, id(values)).atexit = False

    def take(self, values: Values, template: TemplateProcessHold) -> Forked | None:
        """Return the process of *template* that waits with *values*, if one does."""
        with self._lock:
            forked, owner = self._waiting.get(id(values), (None, None))
            if owner is not template:
                return None
            del self._waiting[id(values)]
        return forked

    def _drop(self, key: int) -> None:
        with self._lock:
            forked, template = self._waiting.pop(key, (None, None))
        if forked is not None and template is not None:
            template.give_back(forked)
