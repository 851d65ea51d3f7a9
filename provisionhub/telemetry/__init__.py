"""What the program tells its operators about itself: log, traces, figures, health.

``metrics``, ``health`` and ``traces`` are imported by whoever runs for long: they
bring OpenTelemetry's SDK and an HTTP server, for which a short command has no use.
"""

from __future__ import annotations

from provisionhub.telemetry.logs import configure_logs, log_context
from provisionhub.telemetry.spans import (
    mark_failed,
    received_span,
    sent_span,
    span,
    trace_headers,
)

__all__ = [
    "configure_logs",
    "log_context",
    "mark_failed",
    "received_span",
    "sent_span",
    "span",
    "trace_headers",
]
