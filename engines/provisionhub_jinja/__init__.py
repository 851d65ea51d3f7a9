"""Jinja2 for ProvisionHub, sandboxed."""

from __future__ import annotations

from provisionhub_jinja.engine import JinjaEngine, JinjaTemplate

__all__ = ["JinjaEngine", "JinjaTemplate"]
