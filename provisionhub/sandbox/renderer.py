"""The renderer that the product uses: templates run in locked processes."""

from __future__ import annotations

from collections.abc import Mapping

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.engine import Engine
from provisionhub.registry import Plugin
from provisionhub.renderer import FileRegion, Rendered, Renderer, Watched
from provisionhub.sandbox.sandbox import Sandbox
from provisionhub.sandbox.watching import WatchingSandbox
from provisionhub.tree import check_tree
from provisionhub.values import Values


class SandboxedRenderer(Renderer):
    """Renders in locked processes, and checks what comes of it once more.

    Args:
        engines: The installed engines; here they are only named, in lock files.
        sandbox: Where templates are compiled and rendered.
    """

    def __init__(self, engines: Mapping[str, Plugin[Engine]], sandbox: Sandbox) -> None:
        super().__init__(engines, sandbox.limits.tree)
        self._sandbox = sandbox
        self._watching = WatchingSandbox(sandbox.limits, sandbox.guard)

    def preview(
        self, blueprint: Blueprint, values: Values, subject: Subject
    ) -> Rendered:
        """Return the tree for *subject* without a lock file; raises as ``render``."""
        rendered = self._sandbox.preview(blueprint, values, subject)
        check_tree(rendered.tree, self._sandbox.limits.tree)
        return rendered

    def regions(self, blueprint: Blueprint) -> tuple[FileRegion, ...] | None:
        """Return the regions of *blueprint*; None if its engine can't tell them."""
        return self._watching.regions(blueprint)

    def watch(self, blueprint: Blueprint, values: Values, subject: Subject) -> Watched:
        """Return what ``preview`` does, and what that reached; raises as ``render``."""
        watched = self._watching.watch(blueprint, values, subject)
        check_tree(watched.rendered.tree, self._sandbox.limits.tree)
        return watched

    def warnings(self) -> list[str]:
        """Return what of the lock is missing here."""
        return self._sandbox.guard.warnings()
