"""Runs the command line: ``python -m provisionhub``."""

from __future__ import annotations

from provisionhub.cli import main

if __name__ == "__main__":
    main()
