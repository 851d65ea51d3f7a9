"""Git: objects, pushes, providers and mirrors. The only home of pygit2."""

from __future__ import annotations

from provisionhub.publishing.local import LocalProvider
from provisionhub.publishing.mirror import GitMirror
from provisionhub.publishing.objects import write_tree
from provisionhub.publishing.publisher import Publisher

__all__ = ["GitMirror", "LocalProvider", "Publisher", "write_tree"]
