"""Sizes are written as a person, or a setting, has them."""

from __future__ import annotations

import pytest

from provisionhub.tree.sizes import human_size


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1kB"),
        (2048, "2KiB"),
        (10_000_000, "10MB"),
        (10_000_001, "10000001 bytes"),
        (2**28, "256MiB"),
        (2**30, "1GiB"),
        (3 * 10**9, "3GB"),
    ],
)
def test_size_is_shown_in_its_largest_unit(size: int, shown: str) -> None:
    """A size is told in the largest unit of which it is a whole number."""
    assert shown == human_size(size)
