"""What the tests of blueprints and plugins stand on."""

from __future__ import annotations

import pytest

# Assertions inside the contracts tell what they compared, as those of a test do.
pytest.register_assert_rewrite(
    "provisionhub.testing.coverage_contract",
    "provisionhub.testing.engine_contract",
    "provisionhub.testing.provider_contract",
)

from provisionhub.testing.engine_contract import EngineContract  # noqa: E402
from provisionhub.testing.provider_contract import ProviderContract  # noqa: E402
from provisionhub.testing.snapshots import (  # noqa: E402
    TreeSnapshotExtension,
    tree_snapshots,
)

__all__ = [
    "EngineContract",
    "ProviderContract",
    "TreeSnapshotExtension",
    "tree_snapshots",
]
