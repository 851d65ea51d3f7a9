"""What the tests of blueprints and plugins stand on; needs the extra ``testing``."""

from __future__ import annotations

from provisionhub.testing.snapshots import TreeSnapshotExtension, tree_snapshots

__all__ = ["TreeSnapshotExtension", "tree_snapshots"]
