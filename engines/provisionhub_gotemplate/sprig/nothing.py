"""A slice that is nil: empty like another, but ``null`` in JSON."""

from __future__ import annotations

from provisionhub_gotemplate.functions import ANY
from provisionhub_gotemplate.values import Slice


class NilSlice(Slice):
    """A slice without storage, as some functions return in place of an empty one."""

    __slots__ = ()

    def __init__(self, elem: str = ANY) -> None:
        super().__init__(elem)
