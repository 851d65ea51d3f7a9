"""Runs what authors and jobs wrote in locked processes, and believes no answer."""

from __future__ import annotations

from provisionhub.sandbox.blueprint import SandboxedBlueprint
from provisionhub.sandbox.guard import Guard, Policy
from provisionhub.sandbox.limits import SandboxLimits
from provisionhub.sandbox.locking import Layer
from provisionhub.sandbox.probe import Tried
from provisionhub.sandbox.renderer import SandboxedRenderer
from provisionhub.sandbox.sandbox import Sandbox

__all__ = [
    "Guard",
    "Layer",
    "Policy",
    "Sandbox",
    "SandboxLimits",
    "SandboxedBlueprint",
    "SandboxedRenderer",
    "Tried",
]
