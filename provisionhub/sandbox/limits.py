"""What a job may take in its locked process."""

from __future__ import annotations

from dataclasses import dataclass

from provisionhub.tree import TreeLimits


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What each of a job's processes may take.

    Attributes:
        cpu_seconds: CPU time, in whole seconds (``MAX_RENDER_CPU``).
        wall_seconds: Time on the clock (``MAX_RENDER_TIME``).
        memory_bytes: Memory beyond what Python and the engines take
            (``MAX_RENDER_MEMORY``).
        tree: How large the rendered tree may be.
    """

    cpu_seconds: int
    wall_seconds: float
    memory_bytes: int
    tree: TreeLimits


def human_seconds(seconds: float) -> str:
    """Return *seconds* as a person would write it, such as ``10s``."""
    return f"{seconds:g}s"
