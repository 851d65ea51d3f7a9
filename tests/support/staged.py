"""A Git provider that does what a repository's name tells it to, and then its work.

Installed for a worker under test as a third party's would be: a folder on the
path, with an entry point. Each call is noted, so that a test can count attempts.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from provisionhub.errors import TransientError
from provisionhub.publishing.local import LocalProvider
from provisionhub.repository import Repository, RepositoryRequest, RunId


class StagedProvider:
    """Obeys ``<verb>-…`` in the repository's name; any other name is plain.

    ``slow``: takes a second. ``gate``: waits for the file ``open``. ``made``: the
    same, once the repository is there. ``half``: like ``made``, then fails for a time,
    for ever. ``busy``: fails for a time, for ever.
    ``late``: the same, once the gate is open. ``limited``: asks to be tried again
    after 0.5 s. ``segv`` and ``oom``: the process dies. ``hang``: hangs in native
    code that nothing can interrupt.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._local = LocalProvider(settings)
        self._folder = Path(settings["STAGED_DIR"])

    def create_repository(
        self, request: RepositoryRequest, *, for_run: RunId
    ) -> Repository:
        """Do what the name says."""
        with (self._folder / "calls").open("a") as calls:
            calls.write(f"{for_run} {time.time()}\n")
        verb, _, _ = request.name.partition("-")
        self._obey(verb)
        made = self._local.create_repository(request, for_run=for_run)
        if verb in {"made", "half"}:
            self._wait()
        if verb == "half":
            raise TransientError("half done")
        return made

    def _obey(self, verb: str) -> None:
        if verb in {"gate", "late"}:
            self._wait()
        match verb:
            case "slow":
                time.sleep(1)
            case "busy" | "late":
                raise TransientError("busy")
            case "limited":
                raise TransientError("too many requests", retry_after=0.5)
            case "segv" | "oom":
                fatal = {"segv": signal.SIGSEGV, "oom": signal.SIGKILL}[verb]
                os.kill(os.getpid(), fatal)
            case "hang":
                # Keeps the interpreter's lock, as a stuck native library may.
                ctypes.PyDLL(None).sleep(600)
            case _:
                pass

    def _wait(self) -> None:
        while not (self._folder / "open").exists():
            time.sleep(0.02)
