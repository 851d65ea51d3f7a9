"""Template processes, one per blueprint, kept for the jobs to come."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from provisionhub.sandbox.hold import TemplateProcessHold

Key: TypeAlias = tuple[str, str]
"""A blueprint's digest, and the label that its error places begin with."""


@dataclass(slots=True)
class _Slot:
    """A place in the pool.

    Attributes:
        template: The process, once it is loaded.
        users: How many jobs are at it.
        is_retired: Whether it is to be closed when none is.
    """

    template: TemplateProcessHold | None = None
    users: int = 0
    is_retired: bool = False
    loading: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        if self.template is not None:
            self.template.close()
            self.template = None


class TemplatePool:
    """Keeps the template processes used last; safe to use from several threads.

    Args:
        most: How many are kept; more exist only while all of them are at work.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._slots: OrderedDict[Key, _Slot] = OrderedDict()
        self._lock = threading.Lock()
        weakref.finalize(self, _close_all, self._slots)

    @contextmanager
    def lease(
        self, key: Key, load: Callable[[], TemplateProcessHold]
    ) -> Iterator[TemplateProcessHold]:
        """Give the blueprint's template process, and keep it alive meanwhile.

        Args:
            key: Which blueprint.
            load: Makes the process if there is none; called once at a time.
        """
        slot = self._take(key)
        try:
            with slot.loading:
                if slot.template is None:
                    slot.template = load()
                template = slot.template
            yield template
        finally:
            self._give_back(key, slot)

    def discard(self, template: TemplateProcessHold) -> None:
        """Never give *template* again; it is closed when no job is at it."""
        with self._lock:
            for key, slot in list(self._slots.items()):
                if slot.template is template:
                    self._retire(key, slot)

    def close(self) -> None:
        """Close every process, those at work too."""
        with self._lock:
            _close_all(self._slots)

    def __len__(self) -> int:
        return len(self._slots)

    def _take(self, key: Key) -> _Slot:
        with self._lock:
            slot = self._slots.get(key)
            if slot is not None and _is_worn(slot):
                self._retire(key, slot)
                slot = None
            if slot is None:
                slot = self._slots[key] = _Slot()
            slot.users += 1
            self._slots.move_to_end(key)
            self._evict()
            return slot

    def _give_back(self, key: Key, slot: _Slot) -> None:
        with self._lock:
            slot.users -= 1
            if slot.template is None and self._slots.get(key) is slot:
                del self._slots[key]  # it could not be loaded
            if slot.is_retired and not slot.users:
                slot.close()

    def _evict(self) -> None:
        idle = [key for key, slot in self._slots.items() if not slot.users]
        for key in idle[: max(0, len(self._slots) - self._most)]:
            self._retire(key, self._slots[key])

    def _retire(self, key: Key, slot: _Slot) -> None:
        del self._slots[key]
        slot.is_retired = True
        if not slot.users:
            slot.close()


def _close_all(slots: OrderedDict[Key, _Slot]) -> None:
    for slot in slots.values():
        slot.close()
    slots.clear()


def _is_worn(slot: _Slot) -> bool:
    """Return whether so many jobs were served that a fresh process is due."""
    return slot.template is not None and slot.template.is_worn
