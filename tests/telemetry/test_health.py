"""The three endpoints, over real HTTP."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from provisionhub.telemetry.health import Health, HealthServer
from provisionhub.telemetry.metrics import Metrics

WELL = Health(is_ok=True, status="ok")


@dataclass
class Worker:
    """A worker as far as a probe sees it."""

    live: Health = WELL
    ready: Health = WELL
    is_broken: bool = False

    def liveness(self) -> Health:
        """Tell whether it works at all."""
        if self.is_broken:
            raise RuntimeError("no probe")
        return self.live

    def readiness(self) -> Health:
        """Tell whether it takes jobs."""
        return self.ready


@pytest.fixture
def worker() -> Worker:
    """Return a worker that is well."""
    return Worker()


@pytest.fixture
def server(worker: Worker) -> Iterator[HealthServer]:
    """Return a server that asks it."""
    metrics = Metrics()
    with HealthServer(("127.0.0.1", 0), worker, metrics.exposition) as server:
        yield server
    assert not server.is_alive
    metrics.close()


def get(server: HealthServer, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Return status and body of one request."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path)
    response = connection.getresponse()
    answer = response.status, response.read()
    connection.close()
    return answer


DEGRADED = Health(is_ok=True, status="degraded", details={"broker": "down"})
AWAY = Health(is_ok=False, status="not connected")
DRAINING = Health(is_ok=False, status="draining", details={"jobs_in_flight": 2})
STALLED = Health(is_ok=False, status="stalled")


@pytest.mark.parametrize(
    ("live", "ready", "expected"),
    [
        pytest.param(WELL, WELL, (200, 200), id="healthy"),
        pytest.param(DEGRADED, AWAY, (200, 503), id="broker down"),
        pytest.param(WELL, DRAINING, (200, 503), id="draining"),
        pytest.param(STALLED, STALLED, (503, 503), id="stalled"),
    ],
)
def test_states_are_told_apart(
    live: Health,
    ready: Health,
    expected: tuple[int, int],
    worker: Worker,
    server: HealthServer,
) -> None:
    """Each state has its status codes, and says in JSON why."""
    worker.live, worker.ready = live, ready

    lived, lived_body = get(server, "/health")
    readied, readied_body = get(server, "/health/ready")

    assert (lived, readied) == expected
    assert json.loads(lived_body) == {"status": live.status, **live.details}
    assert json.loads(readied_body) == {"status": ready.status, **ready.details}


def test_metrics_are_served(server: HealthServer) -> None:
    """A scraper gets the figures."""
    status, body = get(server, "/metrics")

    assert status == 200
    assert b"jobs_processed_total{" in body


def test_other_paths_name_those_that_are_known(server: HealthServer) -> None:
    """A wrong path is answered with the right ones."""
    status, body = get(server, "/healthz?x=1")

    assert status == 404
    assert json.loads(body) == {"known": ["/health", "/health/ready", "/metrics"]}


def test_head_has_no_body_and_post_is_not_supported(server: HealthServer) -> None:
    """Probes may ask for the head alone; nothing can be changed."""
    assert get(server, "/health", "HEAD") == (200, b"")
    assert get(server, "/health", "POST")[0] == 501


def test_probe_that_fails_is_told_and_survived(
    worker: Worker, server: HealthServer
) -> None:
    """A fault in a probe is a 500, and the next request is answered."""
    worker.is_broken = True
    broken, _ = get(server, "/health")
    worker.is_broken = False

    assert broken == 500
    assert get(server, "/health")[0] == 200


def test_silent_caller_is_in_nobodys_way(server: HealthServer) -> None:
    """Somebody who connects and says nothing does not keep others from an answer."""
    with socket.create_connection(("127.0.0.1", server.port)):
        assert get(server, "/health")[0] == 200


def test_address_in_use_is_told(server: HealthServer, worker: Worker) -> None:
    """An address that is taken is an error at the start, not a silent worker."""
    with pytest.raises(OSError, match="in use"):
        HealthServer(("127.0.0.1", server.port), worker, lambda: (b"", ""))


def test_address_may_be_ipv6(worker: Worker) -> None:
    """An IPv6 address is served where there is one."""
    try:
        server = HealthServer(("::1", 0), worker, lambda: (b"", "text/plain"))
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with server:
        connection = http.client.HTTPConnection("::1", server.port, timeout=5)
        connection.request("GET", "/health")
        assert connection.getresponse().status == 200
        connection.close()
