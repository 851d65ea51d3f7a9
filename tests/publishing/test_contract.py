"""The built-in providers keep the contract that every provider keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisionhub.publishing import LocalProvider
from provisionhub.repository import Provider
from provisionhub.testing import ProviderContract


class TestLocal(ProviderContract):
    """Bare repositories on disk."""

    @pytest.fixture
    def provider(self, tmp_path: Path) -> Provider:
        """A provider whose folder is empty."""
        return LocalProvider({"LOCAL_REPOSITORIES_DIR": str(tmp_path)})
