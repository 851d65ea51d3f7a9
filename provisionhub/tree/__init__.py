"""A rendered file tree, held in memory until it is known to be safe.

Nothing is written, and nothing created anywhere, before the tree as a whole has
passed ``check_tree``.
"""

from __future__ import annotations

from provisionhub.tree.entries import Entry, Mode, Tree

__all__ = ["Entry", "Mode", "Tree"]
