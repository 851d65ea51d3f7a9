"""Renders a blueprint for a job: values in, a checked tree out."""

from __future__ import annotations

from provisionhub.renderer.compiled import CompiledBlueprint, compile_blueprint
from provisionhub.renderer.renderer import Rendered, Renderer, Watched
from provisionhub.renderer.watching import FileRegion, Watch, WatchedBlueprint

__all__ = [
    "CompiledBlueprint",
    "FileRegion",
    "Rendered",
    "Renderer",
    "Watch",
    "Watched",
    "WatchedBlueprint",
    "compile_blueprint",
]
