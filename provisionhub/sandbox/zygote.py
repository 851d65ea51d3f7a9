"""The zygote: a process with everything imported, from which the others are forked.

It is started with an empty environment and no descriptor but its control socket,
before it could know a secret, and never sees a byte that is not trusted.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.registry import Plugin, engine_plugins
from provisionhub.sandbox import locking
from provisionhub.sandbox.attempts import attempt
from provisionhub.sandbox.forking import ForkServer
from provisionhub.sandbox.frames import InnerChannel
from provisionhub.sandbox.locking import Bounds, Lock
from provisionhub.sandbox.template import TemplateProcess
from provisionhub.sandbox.warming import warm

TEMPLATE: Final = b"t"
"""Asks for a template process."""
ATTEMPT: Final = b"x"
"""Asks for a locked process that tries to break out."""

REQUEST_LENGTH: Final = 1 + Bounds.LENGTH


def main(descriptor: int, *, as_nobody: bool) -> None:
    """Import, warm up, say so, and fork on request until the socket is closed.

    Args:
        descriptor: The control socket's.
        as_nobody: Give up root's identity, if there is one to give up.
    """
    control = socket.socket(fileno=descriptor)
    channel = InnerChannel(descriptor)
    try:
        engines = engine_plugins()
        warm(engines)
    except ProvisionError as error:
        channel.send({"error": error.explain()})
        return
    locking.prepare()
    _close_streams()
    if as_nobody:
        locking.become_nobody()
    server = ForkServer(
        control,
        request_length=REQUEST_LENGTH,
        run=_Runner(engines, os.getpid()).run,
        kill=_kill_group,
    )
    server.start_watching()
    gc.collect()
    gc.freeze()
    channel.send({"ready": os.getpid()})
    server.serve()


class _Runner:
    def __init__(self, engines: Mapping[str, Plugin[Engine]], zygote: int) -> None:
        self._engines = engines
        self._zygote = zygote

    def run(self, request: bytes, channel: int) -> None:
        """Be the process that *request* asks for."""
        bounds = Bounds.unpack(request[1:])
        if request[:1] == ATTEMPT:
            attempt(InnerChannel(channel), Lock(bounds, parent=self._zygote))
        else:
            TemplateProcess(self._engines, bounds, channel, parent=self._zygote).run()


def _close_streams() -> None:
    """Point the standard streams at nothing: what is forked must not reach them."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _kill_group(process_id: int) -> None:
    """Kill a template process and all that it forked."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process_id, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(process_id, signal.SIGKILL)
