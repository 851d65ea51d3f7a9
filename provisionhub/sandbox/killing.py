"""Kills a render process by what is said to be its id."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def kill_member(process_id: int, *, group: int) -> None:
    """Kill *process_id* if it is in the process group *group*.

    The id comes from a template process, which is not trusted. A process that it
    forked is in its group, which none of them can leave and nobody else joins; so
    whatever id it tells, nothing outside is ever killed.
    """
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "linux":
            _kill_by_descriptor(process_id, group)
        elif os.getpgid(process_id) == group:
            os.kill(process_id, signal.SIGKILL)


def _kill_by_descriptor(process_id: int, group: int) -> None:
    # The descriptor first: what it stands for can't become another process
    # between the check and the kill.
    descriptor = os.pidfd_open(process_id)
    try:
        if os.getpgid(process_id) == group:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
    finally:
        os.close(descriptor)
