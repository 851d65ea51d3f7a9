"""Renders a blueprint for a job: values in, a checked tree out."""

from __future__ import annotations

from provisionhub.renderer.compiled import CompiledBlueprint, compile_blueprint
from provisionhub.renderer.renderer import Rendered, Renderer

__all__ = [
    "CompiledBlueprint",
    "Rendered",
    "Renderer",
    "compile_blueprint",
]
