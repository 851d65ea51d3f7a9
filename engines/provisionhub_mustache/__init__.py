"""Mustache for ProvisionHub."""

from __future__ import annotations

from provisionhub_mustache.engine import MustacheEngine

__all__ = ["MustacheEngine"]
