"""A server that says the same to everybody, whatever it is asked."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def speaking(reply: bytes, *, then: bytes = b"", every: float = 0.1) -> Iterator[str]:
    """Answer every connection with *reply*; give the server's address.

    Args:
        reply: What is said at once.
        then: What is said again and again, until nobody listens.
        every: The seconds between.
    """
    is_over = threading.Event()

    class Speaker(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(reply)
            with suppress(OSError):
                while then and not is_over.wait(every):
                    self.request.sendall(then)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaker) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        is_over.set()
        server.shutdown()
        thread.join()
