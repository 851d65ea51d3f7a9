"""``/health``, ``/health/ready`` and ``/metrics`` over HTTP, from a thread."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Protocol, Self

import structlog

from provisionhub import __version__
from provisionhub.jsontypes import JsonObject

_JSON: Final = "application/json"
_LONGEST_WAIT: Final = 5.0


@dataclass(frozen=True, slots=True)
class Health:
    """How the worker is.

    Attributes:
        is_ok: Whether the question asked is answered with 200, and not with 503.
        status: In one word: ``ok``, ``degraded``, ``draining`` …
        details: What a person needs to see why; no secrets.
    """

    is_ok: bool
    status: str
    details: JsonObject = field(default_factory=dict)


class Probe(Protocol):
    """Knows how the worker is. Must answer at once, and from any thread."""

    def liveness(self) -> Health:
        """Tell whether it works at all; if not, a restart is the remedy."""
        ...

    def readiness(self) -> Health:
        """Tell whether it takes jobs."""
        ...


Exposition = Callable[[], tuple[bytes, str]]
_Reply = tuple[HTTPStatus, bytes, str]


class HealthServer:
    """Answers probes and scrapers while it is entered.

    Args:
        address: Host and port; port 0 takes a free one.
        probe: Asked at each request.
        exposition: Returns the metrics and their media type.

    Raises:
        OSError: If the address can't be listened on.
    """

    def __init__(
        self, address: tuple[str, int], probe: Probe, exposition: Exposition
    ) -> None:
        self._server = _Server(address, _Pages(probe, exposition))
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.1},
            name="health",
            daemon=True,
        )

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._server.server_port

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Pages:
    """What each path shows."""

    def __init__(self, probe: Probe, exposition: Exposition) -> None:
        self._shown: dict[str, Callable[[], _Reply]] = {
            "/health": lambda: _shown(probe.liveness()),
            "/health/ready": lambda: _shown(probe.readiness()),
            "/metrics": lambda: (HTTPStatus.OK, *exposition()),
        }
        self._log = structlog.stdlib.get_logger("provisionhub")

    def show(self, path: str) -> _Reply:
        page = self._shown.get(path.partition("?")[0])
        if page is None:
            return _said(HTTPStatus.NOT_FOUND, {"known": [*self._shown]})
        try:
            return page()
        except Exception:  # noqa: BLE001 - the next request must be answered too
            self._log.exception(f"Can't show {path}")
            return _said(HTTPStatus.INTERNAL_SERVER_ERROR, {"status": "error"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], pages: _Pages) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Handler)
        self.pages = pages

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of callers that go away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = f"provisionhub/{__version__}"
    sys_version = ""
    timeout = _LONGEST_WAIT
    wbufsize = -1

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        status, body, media_type = self.server.pages.show(self.path)
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: probes come every few seconds."""


def _shown(health: Health) -> _Reply:
    status = HTTPStatus.OK if health.is_ok else HTTPStatus.SERVICE_UNAVAILABLE
    return _said(status, {"status": health.status, **health.details})


def _said(status: HTTPStatus, body: JsonObject) -> _Reply:
    return status, json.dumps(body).encode() + b"\n", _JSON
