"""Where every peer's jobs write down what they do, at the same price for all."""

from __future__ import annotations

import os
import time
from pathlib import Path

VARIABLE = "BENCH_LEDGER"


def note(event: str, number: int) -> None:
    """Append a line to the ledger: one write, which no other can come between."""
    line = f"{event} {number} {time.monotonic_ns()}\n".encode()
    opened = os.open(os.environ[VARIABLE], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(opened, line)
    finally:
        os.close(opened)


def do(number: int, seconds: float) -> None:
    """Do a job: it begins, takes its time, and has an effect."""
    if seconds:
        note("begun", number)
        time.sleep(seconds)
    note("done", number)


def entries(ledger: Path) -> list[tuple[str, int, int]]:
    """Return event, job and nanoseconds of each line."""
    if not ledger.exists():
        return []
    lines = (line.split() for line in ledger.read_text().splitlines())
    return [(event, int(number), int(at)) for event, number, at in lines]
