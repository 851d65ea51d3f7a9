"""What a hostile process would try: each attempt in a locked process of its own."""

from __future__ import annotations

import mmap
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from provisionhub.sandbox.frames import InnerChannel
from provisionhub.sandbox.locking import Lock


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to break out.

    Attributes:
        does: What it does, for people.
        run: Does it; raises OSError or MemoryError if it is stopped, or does not
            live to return. Called with the id of a process outside.
    """

    does: str
    run: Callable[[int], object]


def attempt(channel: InnerChannel, lock: Lock) -> None:
    """Lock this process as a render process is, try, and tell how it went."""
    try:
        lock.close_template_process()
        lock.close_render_process(lock.parent)
    except OSError as error:
        channel.send({"unlocked": str(error)})
        return
    request = channel.receive()
    tried = ATTEMPTS[str(request["attempt"])]
    outside = request["outside"]
    try:
        tried.run(outside if isinstance(outside, int) else 0)
    except (OSError, MemoryError) as error:
        channel.send({"stopped": type(error).__name__})
    else:
        channel.send({"passed": True})


def _read_file(_outside: int) -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _write_file(_outside: int) -> None:
    name = f"/tmp/provisionhub-probe-{os.getpid()}"  # noqa: S108 - removed at once
    os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(name)  # noqa: PTH108 - a locked process imports nothing


def _list_folder(_outside: int) -> None:
    os.listdir("/")  # noqa: PTH208 - as above


def _read_environment(outside: int) -> None:
    os.close(os.open(f"/proc/{outside}/environ", os.O_RDONLY))


def _connect(_outside: int) -> None:
    """Reach a TCP port; one where nobody listens counts as reached."""
    with socket.socket() as tcp:
        tcp.settimeout(0)
        code = tcp.connect_ex(("127.0.0.1", 9))
    if code in (13, 1):  # EACCES, EPERM
        raise PermissionError


def _send_datagram(_outside: int) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(b"", ("127.0.0.1", 9))


def _execute(_outside: int) -> None:
    """Become another program: one that ends at once, with a code that tells."""
    os.execv("/bin/true", ["true"])  # noqa: S606 - it is the point


def _signal(outside: int) -> None:
    os.kill(outside, signal.SIGCONT)


def _fork(_outside: int) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _map_code(_outside: int) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _take_memory(_outside: int) -> None:
    mmap.mmap(-1, 1 << 40, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000).close()


def _open_descriptor(_outside: int) -> None:
    os.close(os.dup(0))


ATTEMPTS: Final[dict[str, Attempt]] = {
    "read": Attempt("read a file", _read_file),
    "write": Attempt("write a file", _write_file),
    "list": Attempt("list a folder", _list_folder),
    "environment": Attempt("read the worker's environment", _read_environment),
    "connect": Attempt("connect to a TCP port", _connect),
    "datagram": Attempt("send a datagram", _send_datagram),
    "execute": Attempt("execute a program", _execute),
    "signal": Attempt("send the worker a signal", _signal),
    "fork": Attempt("fork a process", _fork),
    "code": Attempt("map memory that is executable", _map_code),
    "memory": Attempt("take a terabyte of address space", _take_memory),
    "descriptor": Attempt("open one more descriptor", _open_descriptor),
}
"""Every attempt by its name."""
