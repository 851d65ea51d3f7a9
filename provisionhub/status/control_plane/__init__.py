"""The control plane: who asked for the runs, and is told how they go."""

from __future__ import annotations

from provisionhub.status.control_plane.absent import NoControlPlane
from provisionhub.status.control_plane.client import Endpoint, HttpControlPlane
from provisionhub.status.control_plane.contract import (
    ControlPlane,
    Delivered,
    Delivery,
    NotDelivered,
    RunReporter,
)

__all__ = [
    "ControlPlane",
    "Delivered",
    "Delivery",
    "Endpoint",
    "HttpControlPlane",
    "NoControlPlane",
    "NotDelivered",
    "RunReporter",
]
