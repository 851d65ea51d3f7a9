"""A tree as one text, for snapshots and for people."""

from __future__ import annotations

from provisionhub.tree.entries import Entry, Mode, Tree


def tree_text(tree: Tree) -> str:
    r"""Return *tree* as text: a header an entry, then its content, in path order.

    ::

        === README.md (100644)
        # my-service
        === run (120000) -> bin/run.sh
        === logo.png (100644) 68 bytes, sha256 431ced…

    A carriage return shows as ``␍``, a last line without its end is marked, and
    content that is not UTF-8 shows as size and hash.
    """
    return "".join(map(_entry_text, tree))


def _entry_text(entry: Entry) -> str:
    header = f"=== {entry.path} ({entry.mode})"
    try:
        text = entry.content.decode("utf-8")
    except UnicodeDecodeError:
        return f"{header} {len(entry.content)} bytes, sha256 {entry.sha256}\n"
    if entry.mode is Mode.SYMLINK:
        return f"{header} -> {text}\n"
    shown = text.replace("\r", "\u240d")
    if shown and not shown.endswith("\n"):
        shown += "\n\\ no newline at end of file\n"
    return f"{header}\n{shown}"
