"""A control plane of one's own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from provisionhub.status.control_plane import Endpoint, HttpControlPlane
from provisionhub.testing.control_plane import ControlPlaneDouble
from provisionhub.values import Redactor, Secret

KEY = "s3cr3t/key+with=marks"
Connect = Callable[..., HttpControlPlane]


@pytest.fixture
def double() -> Iterator[ControlPlaneDouble]:
    """A control plane that the test can cross; it must have nothing to complain of."""
    with ControlPlaneDouble(KEY) as double:
        yield double
    assert double.complaints == []


@pytest.fixture
def connect(double: ControlPlaneDouble) -> Iterator[Connect]:
    """A function that makes clients of it, closed at the end."""
    with ExitStack() as opened:

        def make(**options: object) -> HttpControlPlane:
            control_plane = HttpControlPlane(
                Endpoint(double.url, KEY, "worker-ä 1"),
                Redactor([Secret("/CONTROL_PLANE_API_KEY", KEY)]),
                **options,  # type: ignore[arg-type] # by name, from a test
            )
            opened.callback(control_plane.close)
            return control_plane

        yield make
