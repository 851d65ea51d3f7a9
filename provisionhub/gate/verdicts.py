"""Who remembers verdicts, so that a blueprint is compared once and not per job."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final, Protocol

from provisionhub.gate.verdict import Verdict

_MOST: Final = 1000
_PATIENCE: Final = 30.0


class Verdicts(Protocol):
    """Remembers verdicts by key: what exactly was compared, and with what.

    Whoever claims a key and gets None is to find out, and to settle it, whatever
    happens on the way.
    """

    def claim(self, key: str) -> Verdict | None:
        """Return the verdict; None has the caller find out."""
        ...

    def settle(self, key: str, verdict: Verdict | None) -> None:
        """Remember what the caller found out; None if that was nothing.

        A failure that may pass is nothing: the next one finds out anew.
        """
        ...


class Memory:
    """The verdicts that were used last.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Verdict] = OrderedDict()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def get(self, key: str) -> Verdict | None:
        """Return the verdict of *key*, if it is known."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: str, verdict: Verdict | None) -> None:
        """Keep *verdict*, if it is one."""
        if verdict is None:
            return
        self._kept[key] = verdict
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


class KnownVerdicts:
    """Remembers verdicts for all threads of a process: one finds out, others wait.

    They wait for some time only, and then find out by themselves, which is harmless.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._known = Memory()
        self._claimed: set[str] = set()
        self._is_abandoned = False

    def claim(self, key: str, *, seconds: float = _PATIENCE) -> Verdict | None:
        """Return the verdict, waited for *seconds* at most while others find out."""

        def is_my_turn() -> bool:
            is_free = key not in self._claimed
            return is_free or key in self._known or self._is_abandoned

        with self._changed:
            self._changed.wait_for(is_my_turn, timeout=min(seconds, _PATIENCE))
            found = self._known.get(key)
            if found is None:
                self._claimed.add(key)
            return found

    def settle(self, key: str, verdict: Verdict | None) -> None:
        """Remember *verdict*, and let go of the claim; whoever waits goes on."""
        with self._changed:
            self._claimed.discard(key)
            self._known.put(key, verdict)
            self._changed.notify_all()

    def abandon(self) -> None:
        """Let nobody wait any more: all that goes on is being ended."""
        with self._changed:
            self._is_abandoned = True
            self._changed.notify_all()


_: type[Verdicts] = KnownVerdicts
