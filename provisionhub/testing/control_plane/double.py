"""The control plane as a server: starts, stops, slows down, fails, as a test plans."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from provisionhub.jsontypes import JsonObject
from provisionhub.testing.control_plane.faults import Fault, FaultPlan, Kind
from provisionhub.testing.control_plane.ledger import (
    Ledger,
    Received,
    Reply,
    sequence_of,
)

_TICK: Final = 0.005


class ControlPlaneDouble:
    """A control plane on this machine, as honest as its published contract.

    It keeps what it is told across ``stop`` and ``start``, on the same port.

    Args:
        api_key: The bearer token that it asks for.

    Attributes:
        received: Every request, also those that were refused or met a fault.
    """

    def __init__(self, api_key: str = "control-plane-key") -> None:
        self.api_key = api_key
        self.received: list[Received] = []
        self._ledger = Ledger(api_key)
        self._faults = FaultPlan()
        self._server: _Server | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """What ``CONTROL_PLANE_URL`` is to be."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen; on the same port as before, if it has been stopped."""
        self._server = _Server(self._port, self._answer)
        self._port = self._server.server_port

    def stop(self) -> None:
        """Break every connection and refuse new ones."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def plan(self, fault: Fault, *, on: Kind = Kind.STATUS, times: int = 1) -> None:
        """Let the next *times* requests of that kind meet *fault*."""
        self._faults.add(fault, on=on, times=times)

    def clear_faults(self) -> None:
        """Forget the faults that are still to come."""
        self._faults.clear()

    def cancel(self, run_id: str) -> None:
        """Answer the run's next reports that it is cancelled."""
        self._ledger.runs[run_id].is_cancelled = True

    def statuses(self, run_id: str) -> list[JsonObject]:
        """Return the reports of a run that were taken and came in time."""
        return list(self._ledger.runs[run_id].statuses)

    def final(self, run_id: str) -> str | None:
        """Return the run's final status, if it has one by now."""
        return self._ledger.runs[run_id].final

    def lines(self, run_id: str) -> list[JsonObject]:
        """Return the entries of a run's log, in their order."""
        return sorted(self._ledger.runs[run_id].lines, key=sequence_of)

    @property
    def repeats(self) -> int:
        """How many requests repeated one that had been taken."""
        return self._ledger.repeats

    @property
    def complaints(self) -> list[str]:
        """Every breach of the contract."""
        return list(self._ledger.complaints)

    def wait_for(self, happened: Callable[[], bool], *, seconds: float = 5.0) -> bool:
        """Wait until *happened* says so; return whether it did within *seconds*."""
        give_up = time.monotonic() + seconds
        while not happened():
            if time.monotonic() > give_up:
                return False
            time.sleep(_TICK)
        return True

    def _answer(self, received: Received) -> tuple[Reply, Fault]:
        self.received.append(received)
        fault = self._faults.next(received.kind) or Fault()
        time.sleep(fault.delay)
        if fault.status is not None:
            return Reply(fault.status, fault.body), fault
        return self._ledger.take(received), fault


Answer = Callable[[Received], tuple[Reply, Fault]]


class _Server(ThreadingHTTPServer):
    """Runs in a thread, and knows its connections, so as to break them."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, answer: Answer) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answer = answer
        self._connections: set[socket.socket] = set()
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as the base class has it
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: broken connections are what tests are for."""

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self._connections):
            break_connection(connection)
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._do()

    def do_PATCH(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: what was received is kept."""

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        headers = {name.lower(): value for name, value in self.headers.items()}
        data = self.rfile.read(length)
        received = Received(self.command, self.path, headers, data)
        reply, fault = self.server.answer(received)
        if fault.reset:
            break_connection(self.connection)
            self.close_connection = True
            return
        body = json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in fault.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def break_connection(connection: socket.socket) -> None:
    """End a connection as a crash would: with a reset, without a word."""
    try:
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass  # it has ended by itself
