"""The log: one line an event on standard error, as JSON or for a person."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog


def configure_logs(
    level: Literal["debug", "info", "warning", "error"],
    style: Literal["json", "console"],
) -> None:
    """Send every log line of *level* and above to standard error in *style*."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            *_rendering(style),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _rendering(style: Literal["json", "console"]) -> list[structlog.typing.Processor]:
    if style == "json":
        return [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
