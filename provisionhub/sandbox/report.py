"""What the sandbox is worth on this system, for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provisionhub.sandbox import kernel
from provisionhub.sandbox.locking import Layer
from provisionhub.sandbox.probe import Tried

_HINTS: Final = {
    Layer.LANDLOCK: "Landlock takes Linux 5.13 or newer, with `landlock` among the "
    "kernel's security modules",
    Layer.SECCOMP: "the system-call filter takes Linux on x86-64 or aarch64",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """An attempt to break out.

    Attributes:
        does: What it does.
        how: What came of it under the whole lock that there is.
        stopped_by: The layers each of which would stop it by itself.
    """

    does: str
    how: str
    stopped_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What the sandbox is worth here.

    Attributes:
        layers: The layers that there are.
        holds: Whether they are all there, and stopped every attempt.
        trials: Every attempt.
    """

    layers: Layer
    holds: bool
    trials: tuple[Trial, ...]

    @property
    def level(self) -> str:
        """The layers that there are, in a line."""
        abi = kernel.landlock_abi()
        names = [
            f"{layer.shown} (ABI {abi})" if layer is Layer.LANDLOCK else layer.shown
            for layer in self.layers
        ]
        whole = "whole" if self.layers == Layer.whole() else "partial"
        return f"{whole}: {', '.join(names)}"

    @property
    def hint(self) -> str:
        """What would mend what is missing."""
        missing = Layer.whole() & ~self.layers
        hints = [_HINTS[layer] for layer in missing if layer in _HINTS]
        return "; ".join(hints) or "please report what passed"


def make_report(
    layers: Layer, tried: list[Tried], alone: dict[Layer, list[Tried]]
) -> Report:
    """Return the report of what was tried.

    Args:
        layers: The layers that there are.
        tried: How each attempt went under all of them.
        alone: How each attempt went under each of them by itself.
    """
    trials = tuple(
        Trial(
            one.does,
            "PASSED" if one.passed else f"stopped ({one.how})",
            tuple(
                layer.shown
                for layer, results in alone.items()
                if any(r.name == one.name and not r.passed for r in results)
            ),
        )
        for one in tried
    )
    holds = layers == Layer.whole() and not any(one.passed for one in tried)
    return Report(layers, holds, trials)
