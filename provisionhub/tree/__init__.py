"""A rendered file tree, held in memory until it is known to be safe.

Nothing is written, and nothing created anywhere, before the tree as a whole has
passed ``check_tree``.
"""

from __future__ import annotations

from provisionhub.tree.check import TreeLimits, check_tree
from provisionhub.tree.entries import Entry, Mode, Tree
from provisionhub.tree.files import read_files, write_files
from provisionhub.tree.globs import Glob
from provisionhub.tree.ignored import tree_warnings
from provisionhub.tree.text import tree_text

__all__ = [
    "Entry",
    "Glob",
    "Mode",
    "Tree",
    "TreeLimits",
    "check_tree",
    "read_files",
    "tree_text",
    "tree_warnings",
    "write_files",
]
