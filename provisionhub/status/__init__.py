"""What is told of a run while it goes on, and who is told."""

from __future__ import annotations

from provisionhub.status.group import ReporterGroup
from provisionhub.status.log import LogReporter
from provisionhub.status.reporter import (
    Cancelled,
    Failed,
    Outcome,
    Provisioned,
    Reporter,
    Step,
)

__all__ = [
    "Cancelled",
    "Failed",
    "LogReporter",
    "Outcome",
    "Provisioned",
    "Reporter",
    "ReporterGroup",
    "Step",
]
