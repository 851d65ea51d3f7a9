"""The snapshot gate: a blueprint does a job only if it renders what was recorded."""

from __future__ import annotations

from provisionhub.gate.gate import GateMode, SnapshotGate, Told
from provisionhub.gate.verdict import Result, Verdict
from provisionhub.gate.verdicts import KnownVerdicts, Memory, Verdicts

__all__ = [
    "GateMode",
    "KnownVerdicts",
    "Memory",
    "Result",
    "SnapshotGate",
    "Told",
    "Verdict",
    "Verdicts",
]
