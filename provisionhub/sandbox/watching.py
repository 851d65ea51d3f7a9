"""A sandbox whose locked processes tell which regions of a blueprint they reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer import FileRegion, Watched
from provisionhub.sandbox import messages
from provisionhub.sandbox.causes import Work
from provisionhub.sandbox.regions import read_regions, read_watched
from provisionhub.sandbox.sandbox import Sandbox
from provisionhub.values import Values


class WatchingSandbox(Sandbox):
    """Compiles blueprints to be watched; jobs never come here."""

    _watches: ClassVar = True

    def regions(self, blueprint: Blueprint) -> tuple[FileRegion, ...] | None:
        """Return the regions of *blueprint*; raises as ``Renderer``'s."""
        return self.ask(
            blueprint,
            Work("reading", blueprint.label),
            {"does": messages.REGIONS},
            lambda said, _: read_regions(said, blueprint.files),
        )

    def watch(self, blueprint: Blueprint, values: Values, subject: Subject) -> Watched:
        """Return what the blueprint makes of *values*; raises as ``Renderer``'s."""
        limits = self.limits.tree

        def read(said: JsonObject, read: Callable[[int], bytes]) -> Watched:
            return read_watched(said, read, limits)

        work = Work("rendering", blueprint.label)
        return self.ask(
            blueprint, work, messages.write_job(values, subject, limits), read
        )
