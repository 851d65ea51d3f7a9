"""What strikes: each breaks one thing, and mends it again where it must."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from provisionhub.testing import control_plane, gitlab
from support.chaos.scene import HEARTBEAT, Scene
from support.chaos.workload import Fate, Workload

_PUSH: Final = r"POST .*/git-receive-pack"
_REFS: Final = r"GET .*/info/refs"
_CREATE: Final = "POST /api/v4/projects$"
_WAIT: Final = (("Content-Type", "text/plain"), ("Retry-After", "1"))
_GITLAB: Final = (
    gitlab.Fault(on=_CREATE, times=3, status=429, body=b"Later\n", headers=_WAIT),
    gitlab.Fault(on="GET /api/v4/", times=2, status=502, body=b"<html>"),
    gitlab.Fault(on="/api/v4/", times=3, status=500),
    gitlab.Fault(on="/api/v4/", times=2, delay=2),
    gitlab.Fault(on=_CREATE, times=2, reset=True),
    gitlab.Fault(on=_CREATE, times=2, reset=True, late=True),
    gitlab.Fault(on=_PUSH, times=2, reset=True),
    gitlab.Fault(on=_PUSH, times=2, reset=True, late=True),
    gitlab.Fault(on=_PUSH, times=2, status=500, body=b""),
    gitlab.Fault(on=_REFS, times=2, status=404, body=b""),
    gitlab.Fault(on=_REFS, times=6, status=503, body=b""),
)
_CONTROL_PLANE: Final = (
    control_plane.Fault(status=500),
    control_plane.Fault(status=503, headers=(("Retry-After", "1"),)),
    control_plane.Fault(delay=1.5),
    control_plane.Fault(reset=True),
    control_plane.Fault(status=500, reset=True),
)


class Strikes:
    """Strikes a scene at random.

    Attributes:
        counts: How often each thing was broken.
    """

    def __init__(self, scene: Scene, workload: Workload, chance: random.Random) -> None:
        self.counts: Counter[str] = Counter()
        self._scene = scene
        self._workload = workload
        self._chance = chance
        self._kinds: dict[str, tuple[int, Callable[[], object]]] = {
            "worker killed": (6, lambda: self._replace(killed=True)),
            "worker told to end": (3, lambda: self._replace(killed=False)),
            "worker frozen": (2, self._freeze),
            "nursery killed": (1, lambda: self._kill(0)),
            "job process killed": (8, lambda: self._kill(1)),
            "render process killed": (4, lambda: self._kill(2)),
            "job process frozen": (1, self._freeze_job),
            "connections closed": (4, scene.stage.rabbit.close_connections),
            "broker restarted": (1, lambda: self._restart(killed=False)),
            "broker killed": (1, lambda: self._restart(killed=True)),
            "GitLab faulty": (14, self._spoil_gitlab),
            "control plane faulty": (6, self._spoil_control_plane),
            "control plane away": (1, self._silence_control_plane),
            "run cancelled": (4, self._cancel),
        }

    def strike(self) -> None:
        """Break one thing, and mend what an orchestrator would."""
        self._scene.replace_broken()
        weights = [weight for weight, _ in self._kinds.values()]
        (name,) = self._chance.choices(list(self._kinds), weights)
        self._kinds[name][1]()
        self.counts[name] += 1

    def strike_each(self) -> None:
        """Break everything once, in random order."""
        for name in self._chance.sample(list(self._kinds), len(self._kinds)):
            self._scene.replace_broken()
            self._kinds[name][1]()
            self.counts[name] += 1
            time.sleep(self._chance.uniform(0.2, 1))

    def _replace(self, *, killed: bool) -> None:
        self._scene.replace(self._chance.choice(self._scene.workers), killed=killed)

    def _freeze(self) -> None:
        worker = self._chance.choice(self._scene.workers)
        worker.signal(signal.SIGSTOP)
        time.sleep(3 * HEARTBEAT + 1)
        worker.signal(signal.SIGCONT)

    def _kill(self, generation: int) -> None:
        worker = self._chance.choice(self._scene.workers)
        if found := self._scene.family(worker)[generation]:
            with suppress(ProcessLookupError):
                os.kill(self._chance.choice(found), signal.SIGKILL)

    def _freeze_job(self) -> None:
        worker = self._chance.choice(self._scene.workers)
        if found := self._scene.family(worker)[1]:
            pid = self._chance.choice(found)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
                time.sleep(2)
                os.kill(pid, signal.SIGCONT)

    def _restart(self, *, killed: bool) -> None:
        node = self._scene.stage.rabbit
        if killed:
            node.kill()
        else:
            node.stop()
        time.sleep(self._chance.uniform(0, 2))
        node.start()

    def _spoil_gitlab(self) -> None:
        self._scene.gitlab.plan(self._chance.choice(_GITLAB))

    def _spoil_control_plane(self) -> None:
        kind = self._chance.choice(list(control_plane.Kind))
        fault = self._chance.choice(_CONTROL_PLANE)
        self._scene.control_plane.plan(fault, on=kind, times=5)

    def _silence_control_plane(self) -> None:
        self._scene.control_plane.stop()
        time.sleep(self._chance.uniform(1, 4))
        self._scene.control_plane.start()

    def _cancel(self) -> None:
        runs = self._workload.runs(Fate.MAY_BE_CANCELLED)
        open_ones = [r for r in runs if self._scene.control_plane.final(r) is None]
        if open_ones:
            self._scene.control_plane.cancel(self._chance.choice(open_ones))
