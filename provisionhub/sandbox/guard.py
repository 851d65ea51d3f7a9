"""Vouches for the lock before anything is trusted to it."""

from __future__ import annotations

import os
import threading
from typing import Final, Literal, TypeAlias
from weakref import WeakKeyDictionary, WeakValueDictionary

from provisionhub.errors import SandboxUnavailableError
from provisionhub.sandbox.launcher import Forked, Zygote, ZygoteGoneError
from provisionhub.sandbox.locking import Layer
from provisionhub.sandbox.probe import Tried, try_all
from provisionhub.sandbox.report import Report, make_report

Policy: TypeAlias = Literal["require", "best-effort"]
"""``SANDBOX``: refuse to work without the whole lock, or do with what there is."""

_TRIES: Final = 2


class Guard:
    """Holds the zygote, and forks from it once the lock has been tried.

    Guards of one process share a zygote; it ends when none holds it.

    Args:
        policy: What to do where a layer is missing.
        layers: The layers to use; those that this system can give, if left out.
        as_nobody: Have processes give up root's identity, where they have it.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        layers: Layer | None = None,
        as_nobody: bool = True,
    ) -> None:
        self._policy = policy
        self._as_nobody = as_nobody
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()
        self.layers = Layer.here() if layers is None else layers

    def fork(self, request: bytes) -> Forked:
        """Return a process forked from the zygote.

        Raises:
            SandboxUnavailableError: If there is no zygote, or, where the whole lock
                is required, an attempt to break out of it got through.
        """
        for _ in range(_TRIES):
            try:
                with self._lock:
                    zygote = self._alive()
                    self._check(zygote)
                return zygote.fork(request)
            except ZygoteGoneError as gone:
                last = gone
        raise _gone(last)

    def check(self) -> None:
        """Try the lock, as ``fork`` does before it first trusts it; raises as that."""
        try:
            with self._lock:
                self._check(self._alive())
        except ZygoteGoneError as gone:
            raise _gone(gone) from None

    def start(self) -> None:
        """Begin to start the zygote, so that it is ready when it is needed."""
        with self._lock:
            self._alive()

    def tried(self, layers: Layer | None = None) -> list[Tried]:
        """Return how each attempt to break out went.

        Args:
            layers: What the attempts are locked with; all that there is, if left out.

        Raises:
            SandboxUnavailableError: If there is no zygote to try with.
        """
        wanted = self.layers if layers is None else layers
        with self._lock:
            try:
                return _tried(self._alive(), wanted)
            except ZygoteGoneError as gone:
                raise _gone(gone) from None

    def report(self) -> Report:
        """Return what the lock is worth here, each layer tried by itself too.

        Raises:
            SandboxUnavailableError: If there is no zygote to try with.
        """
        alone = {layer: self.tried(layer) for layer in self.layers}
        return make_report(self.layers, self.tried(), alone)

    def warnings(self) -> list[str]:
        """Return what of the lock is missing, for the log and each job's status."""
        missing = ~self.layers & Layer.whole()
        if not missing:
            return []
        names = ", ".join(layer.shown for layer in missing)
        return [f"templates run without the whole sandbox: there is no {names} here"]

    def close(self) -> None:
        """Let go of the zygote."""
        with self._lock:
            self._zygote = None

    def _alive(self) -> Zygote:
        if self._zygote is None or not self._zygote.is_alive:
            self._zygote = _shared_zygote(as_nobody=self._as_nobody)
        return self._zygote

    def _check(self, zygote: Zygote) -> None:
        if self._policy != "require":
            return
        if problems := self.warnings():
            raise _refused(problems[0])
        passed = [tried.does for tried in _tried(zygote, self.layers) if tried.passed]
        if passed:
            raise _refused("a locked process was able to " + ", to ".join(passed))


def _gone(gone: ZygoteGoneError) -> SandboxUnavailableError:
    return SandboxUnavailableError(
        f"the process from which locked ones are forked is gone: {gone}",
        hint="`provisionhub doctor` shows what this system can give",
    )


def _refused(why: str) -> SandboxUnavailableError:
    return SandboxUnavailableError(
        f"the sandbox does not hold here: {why}",
        hint="`provisionhub doctor` shows what this system can give; "
        "SANDBOX=best-effort does with that, at your own risk",
    )


_shared: WeakValueDictionary[tuple[int, bool], Zygote] = WeakValueDictionary()
_results: WeakKeyDictionary[Zygote, dict[Layer, list[Tried]]] = WeakKeyDictionary()
_sharing: Final = threading.Lock()


def _shared_zygote(*, as_nobody: bool) -> Zygote:
    """Return this process's zygote; a new one if there is none that lives."""
    with _sharing:
        key = os.getpid(), as_nobody
        zygote = _shared.get(key)
        if zygote is None or not zygote.is_alive:
            zygote = _shared[key] = Zygote(as_nobody=as_nobody)
        return zygote


def _tried(zygote: Zygote, layers: Layer) -> list[Tried]:
    """Return how the attempts went; tried once for each zygote and lock."""
    known = _results.setdefault(zygote, {})
    if layers not in known:
        known[layers] = try_all(zygote, layers)
    return known[layers]
