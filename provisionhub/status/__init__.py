"""What is told of a run while it goes on, and who is told."""

from __future__ import annotations

from provisionhub.status.log import LogReporter
from provisionhub.status.reporter import Failed, Provisioned, Reporter, Step

__all__ = ["Failed", "LogReporter", "Provisioned", "Reporter", "Step"]
