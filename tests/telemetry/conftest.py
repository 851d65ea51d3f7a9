"""Spans that a test can look at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from provisionhub.telemetry.traces import start_traces


@pytest.fixture(scope="session")
def _kept() -> InMemorySpanExporter:
    # Once in a process: OpenTelemetry has one provider, for good.
    start_traces("none", worker_id="worker-1")
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def spans(_kept: InMemorySpanExporter) -> Iterator[InMemorySpanExporter]:
    """Return what keeps the spans that a test ends."""
    _kept.clear()
    yield _kept
    _kept.clear()
