"""Where spans go; apart, because OpenTelemetry's SDK takes its time to load."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Final

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from provisionhub import __version__

_EXPORTERS: Final = "opentelemetry_traces_exporter"


class UnknownExporterError(ValueError):
    """No installed package has the trace exporter that the settings name."""


def start_traces(exporter: str, *, worker_id: str) -> Callable[[], None]:
    """Trace this process from now on; return what sends the rest and ends it.

    Spans have ids, and so tie together logs, messages and calls, even if nobody
    collects them. To be called once in a process.

    Args:
        exporter: Where they are sent: ``none``, or an exporter that is registered in
            the entry-point group of OpenTelemetry's own, such as ``otlp``.
        worker_id: Who traces.

    Raises:
        UnknownExporterError: If that exporter is not installed.
    """
    resource = Resource.create(
        {
            "service.name": "provisionhub",
            "service.version": __version__,
            "service.instance.id": worker_id,
        }
    )
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    if exporter != "none":
        provider.add_span_processor(_processor(exporter))
    trace.set_tracer_provider(provider)
    return provider.shutdown


def _processor(exporter: str) -> BatchSpanProcessor:
    for found in entry_points(group=_EXPORTERS, name=exporter):
        return BatchSpanProcessor(found.load()())
    raise UnknownExporterError(
        f"the trace exporter `{exporter}` is not installed; `otlp` comes with the "
        "package opentelemetry-exporter-otlp"
    )
