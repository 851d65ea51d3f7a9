"""Sandboxes for tests, and what a blueprint comes to in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from provisionhub.blueprint import BlueprintFile, Example, Subject
from provisionhub.errors import PermanentError
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Rendered
from provisionhub.sandbox import Guard, Sandbox, SandboxedRenderer, SandboxLimits
from provisionhub.tree import TreeLimits

T = TypeVar("T")

LIMITS: Final = SandboxLimits(
    cpu_seconds=1,
    wall_seconds=20.0,
    memory_bytes=64 * 1024 * 1024,
    tree=TreeLimits(files=100, file_bytes=1_000_000, total_bytes=4_000_000),
)
"""Tight enough for a bomb to end soon; the clock allows for a busy machine."""

SUFFIXES: Final = {name: p.factory.suffix for name, p in engine_plugins().items()}
"""What each installed engine's template files end in."""


def sandbox(limits: SandboxLimits = LIMITS, *, guard: Guard | None = None) -> Sandbox:
    """Return a sandbox of its own, on the zygote that all tests share."""
    return Sandbox(limits, guard or Guard("require"))


def outcome(do: Callable[[], T]) -> T | PermanentError:
    """Return what *do* returns, or the error of a job's own that it raises."""
    try:
        return do()
    except PermanentError as error:
        return error


def render(
    box: Sandbox,
    files: Mapping[str, BlueprintFile],
    values: JsonObject | None = None,
    *,
    label: str = "sample",
) -> Rendered:
    """Return what the blueprint made up of *files* makes of *values* in *box*."""
    blueprint = box.load(files, label=label)
    accepted = blueprint.accept(values or {})
    example = Example("x", "my-service", "my-team", values or {})
    subject = Subject.of_example(example, blueprint)
    return SandboxedRenderer(engine_plugins(), box).preview(
        blueprint, accepted, subject
    )
