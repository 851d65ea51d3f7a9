"""Spans: one trace for each job, from whoever asked for it to the last report.

The context travels as W3C Trace Context headers, in messages and HTTP calls alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import context, trace
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from provisionhub import __version__

_NAME: Final = "provisionhub"
_W3C: Final = TraceContextTextMapPropagator()

Attributes = Mapping[str, str | int | float | bool]


@contextmanager
def span(name: str, attributes: Attributes | None = None) -> Iterator[None]:
    """Be in a span called *name*, below the one that is going on."""
    with _started(name, SpanKind.INTERNAL, attributes, None):
        yield


@contextmanager
def received_span(
    name: str, headers: Mapping[str, object], attributes: Attributes | None = None
) -> Iterator[None]:
    """Be in a span for a message that was received, in the trace of its sender.

    Args:
        name: Of the span.
        headers: The message's; what is no trace context is passed over.
        attributes: Of the span.
    """
    texts = {
        name.lower(): value for name, value in headers.items() if isinstance(value, str)
    }
    # Not below what may be going on here: the sender's trace, or one of its own.
    sender = _W3C.extract(texts, context.Context())
    with _started(name, SpanKind.CONSUMER, attributes, sender):
        yield


@contextmanager
def sent_span(name: str, attributes: Attributes | None = None) -> Iterator[None]:
    """Be in a span for a message that is sent; its headers are ``trace_headers()``."""
    with _started(name, SpanKind.PRODUCER, attributes, None):
        yield


def trace_headers() -> dict[str, str]:
    """Return the W3C headers of the span that is going on; none if none is."""
    headers: dict[str, str] = {}
    _W3C.inject(headers)
    return headers


def mark_failed(code: str) -> None:
    """Mark the span that is going on as failed with the error *code*.

    The code alone: a message or a stack may hold what only the log's redactor hides.
    """
    going_on = trace.get_current_span()
    going_on.set_attribute("error.type", code)
    going_on.set_status(StatusCode.ERROR, code)


@contextmanager
def _started(
    name: str,
    kind: SpanKind,
    attributes: Attributes | None,
    parent: context.Context | None,
) -> Iterator[None]:
    with trace.get_tracer(_NAME, __version__).start_as_current_span(
        name,
        parent,
        kind,
        attributes,
        record_exception=False,
        set_status_on_exception=False,
    ):
        yield
