"""Checks blueprints without values: what templates read, against the schema.

What it reads was written by strangers: where that matters, a locked process lints.
"""

from __future__ import annotations

from provisionhub.linting.findings import Code, Finding, Report, Severity
from provisionhub.linting.linter import lint

__all__ = [
    "Code",
    "Finding",
    "Report",
    "Severity",
    "lint",
]
