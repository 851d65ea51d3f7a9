"""The log: one line an event on standard error, as JSON or for a person."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger


def configure_logs(
    level: Literal["debug", "info", "warning", "error"],
    style: Literal["json", "console"],
    *,
    redact: Callable[[str], str] | None = None,
) -> None:
    """Send every log line of *level* and above to standard error in *style*.

    Warnings and errors of libraries go the same way.

    Args:
        level: The lowest that is shown.
        style: JSON for machines, or lines for people.
        redact: Hides the secrets among the settings in each finished line.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_trace,
            structlog.processors.format_exc_info,
            *_rendering(style),
            *([] if redact is None else [_redacting(redact)]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if isinstance(handler, _LibraryHandler):
            root.removeHandler(handler)
    root.addHandler(_LibraryHandler(logging.WARNING))


def log_context(**named: str | int) -> AbstractContextManager[None]:
    """Say *named* with every line until the end of the context, whoever logs it."""
    return structlog.contextvars.bound_contextvars(**named)


class _LibraryHandler(logging.Handler):
    """Hands what libraries log to our own log, so that every line has one form."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.stdlib.get_logger(record.name)
        event, library = record.getMessage(), record.name
        log.log(record.levelno, event, library=library, exc_info=record.exc_info)


def _add_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Add the trace that is going on, so that a line leads to it."""
    going_on = trace.get_current_span().get_span_context()
    if going_on.is_valid:
        event["trace_id"] = trace.format_trace_id(going_on.trace_id)
        event["span_id"] = trace.format_span_id(going_on.span_id)
    return event


def _redacting(redact: Callable[[str], str]) -> Processor:
    def redacted(_: WrappedLogger, __: str, line: EventDict) -> str:
        return redact(str(line))

    return redacted


def _rendering(style: Literal["json", "console"]) -> list[Processor]:
    if style == "json":
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
