"""A blueprint's files as a catalog holds them, of which nothing is read yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from provisionhub.blueprint import BlueprintFile


@dataclass(frozen=True, slots=True)
class BlueprintSource:
    """What a blueprint is loaded from.

    Attributes:
        label: Where it lies; it goes before the file in every error place.
        files: Its files by path, ``blueprint.yaml`` among them.
        name: The name by which jobs ask for it: its folder's in a catalog. None of
            one that is in none.
    """

    label: str
    files: Mapping[str, BlueprintFile] = field(repr=False)
    name: str | None = None
