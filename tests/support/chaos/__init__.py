"""Everything breaks at random while workers work; afterwards all is counted."""

from __future__ import annotations

from support.chaos.audit import Audit, Row
from support.chaos.scene import Scene
from support.chaos.strikes import Strikes
from support.chaos.workload import Workload

__all__ = ["Audit", "Row", "Scene", "Strikes", "Workload"]
