"""Metrics for Prometheus: how many requests, how they ended, how long they took."""

from time import perf_counter

from fastapi import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        """Start all figures at zero."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        self._requests = Counter(
            "http_requests_total",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time until a request was answered.",
            ["method", "route"],
            registry=self._registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is its pattern, such as `/notes/{note_id}`."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    async def scrape(self) -> Response:
        """Answer Prometheus."""
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


class MetricsMiddleware:
    """Counts each request that passes."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand before `app` and count in `metrics`."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it when it is answered or has failed."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, note_status)
        finally:
            seconds = perf_counter() - started
            self._metrics.count(scope["method"], _route(scope), status, seconds)


def _route(scope: Scope) -> str:
    # The pattern, never the path: each path would be a time series of its own.
    return getattr(scope.get("route"), "path", "unmatched")
