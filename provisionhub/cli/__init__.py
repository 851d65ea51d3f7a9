"""The command line: data on standard output, everything else on standard error."""

from __future__ import annotations

from provisionhub.cli.commands import main

__all__ = ["main"]
