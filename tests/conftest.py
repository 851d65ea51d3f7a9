"""What every test starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from provisionhub.sandbox import Guard

# A shared machine is slow at times, which no test is about.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")


@pytest.fixture(autouse=True, scope="session")
def _one_zygote() -> Iterator[None]:
    """Let all tests share a zygote, as all sandboxes of one process do."""
    guard = Guard("best-effort")
    guard.start()
    yield
    guard.close()


@pytest.fixture(autouse=True)
def _log_as_it_is_by_default() -> Iterator[None]:
    """Undo what a test configures of the log."""
    yield
    structlog.reset_defaults()
