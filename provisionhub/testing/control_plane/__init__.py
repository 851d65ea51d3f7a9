"""A control plane for tests: a real server that keeps to the published contract."""

from __future__ import annotations

from provisionhub.testing.control_plane.double import ControlPlaneDouble
from provisionhub.testing.control_plane.faults import Fault, Kind
from provisionhub.testing.control_plane.ledger import Received

__all__ = ["ControlPlaneDouble", "Fault", "Kind", "Received"]
