"""What the program tells its operators about itself: for now, its log."""

from __future__ import annotations

from provisionhub.telemetry.logs import configure_logs

__all__ = ["configure_logs"]
