"""What every test starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log_as_it_is_by_default() -> Iterator[None]:
    """Undo what a test configures of the log."""
    yield
    structlog.reset_defaults()
