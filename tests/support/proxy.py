"""A TCP proxy that can hold back what a worker says: acks that never arrive."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Final

_CHUNK: Final = 1 << 16


class Proxy:
    """Stands between clients and a port; knows connections by what they say first.

    Args:
        port: Where it passes connections on to, on this machine.
    """

    def __init__(self, port: int) -> None:
        self._target = port
        self._held: set[bytes] = set()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._accepting = threading.Thread(target=self._accept)
        self._accepting.start()

    def hold(self, name: bytes) -> None:
        """Swallow from now on what connections say that named themselves *name*."""
        self._held.add(name)

    def close(self) -> None:
        """End every connection, and take no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join()
        for end in self._sockets:
            _shut(end)
        for thread in self._threads:
            thread.join()
        for end in (self._listener, *self._sockets):
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                self._sockets += [client, server]
                self._begin(client, server, is_client=True)
                self._begin(server, client, is_client=False)

    def _begin(
        self, source: socket.socket, sink: socket.socket, *, is_client: bool
    ) -> None:
        thread = threading.Thread(target=self._pass, args=(source, sink, is_client))
        self._threads.append(thread)
        thread.start()

    def _pass(
        self, source: socket.socket, sink: socket.socket, is_client: bool
    ) -> None:
        said = b""
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                if is_client and len(said) < _CHUNK:
                    said += data
                if not (is_client and any(name in said for name in self._held)):
                    sink.sendall(data)
        _shut(source)
        _shut(sink)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
