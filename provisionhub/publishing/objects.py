"""Blobs, trees and commits, straight into a Git object database.

No work tree, index, attribute, filter, hook or configuration takes part, so equal
input gives equal object ids on any machine.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import pygit2
from pygit2.enums import RepositoryInitFlag

from provisionhub.publishing.trailer import with_trailer
from provisionhub.repository import CommitId, RunId
from provisionhub.tree import Entry, Tree

_AUTHOR: Final = ("ProvisionHub", "noreply@provisionhub.io")


def init_bare(path: Path, *, branch: str = "main") -> pygit2.Repository:
    """Make an empty bare repository whose HEAD is *branch*, without any template."""
    flags = (
        RepositoryInitFlag.BARE
        | RepositoryInitFlag.MKPATH
        | RepositoryInitFlag.NO_REINIT
    )
    return pygit2.init_repository(
        path, bare=True, flags=flags, initial_head=branch, template_path=None
    )


def write_tree(repository: Path, tree: Tree) -> str:
    """Write *tree* into a new bare repository; return the tree's object id.

    *tree* has passed ``check_tree``: no path is both a file and a folder.
    """
    opened = init_bare(repository)
    return str(_write_level(opened, [(e.path.split("/"), e) for e in tree]))


def create_commit(
    repository: Path, *, tree_id: str, message: str, run_id: RunId, at: datetime
) -> CommitId:
    """Create the run's first commit, without a parent; return its id.

    Args:
        repository: The repository that holds the tree.
        tree_id: Object id of the tree.
        message: What it says; the run's trailer is added.
        run_id: The run that it is made for.
        at: Author's and committer's date; stored in UTC, whole seconds.
    """
    opened = pygit2.Repository(str(repository))
    signature = pygit2.Signature(*_AUTHOR, int(at.timestamp()), 0, "utf-8")
    text = with_trailer(message, run_id)
    commit = opened.create_commit(
        None, signature, signature, text, pygit2.Oid(hex=tree_id), []
    )
    return CommitId(str(commit))


def _write_level(
    repository: pygit2.Repository, entries: list[tuple[list[str], Entry]]
) -> pygit2.Oid:
    """Write the entries, given with what is left of their paths, as one tree."""
    builder = repository.TreeBuilder()
    folders: dict[str, list[tuple[list[str], Entry]]] = {}
    for (name, *rest), entry in entries:
        if rest:
            folders.setdefault(name, []).append((rest, entry))
        else:
            builder.insert(name, repository.create_blob(entry.content), entry.mode)
    for name, inner in folders.items():
        oid = _write_level(repository, inner)
        builder.insert(name, oid, pygit2.enums.FileMode.TREE)
    return builder.write()
