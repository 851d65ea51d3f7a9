"""A tree as one text."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from provisionhub.tree import Entry, Mode, Tree, read_files, tree_text, write_files

LOGO = b"\x89PNG\xff"
TREE = Tree(
    [
        Entry("b/run.sh", b"#!/bin/sh\n", Mode.EXECUTABLE),
        Entry("a.txt", b"one\r\ntwo"),
        Entry("logo.png", LOGO),
        Entry("link", b"b/run.sh", Mode.SYMLINK),
        Entry("empty", b""),
    ]
)


def test_text_shows_path_mode_and_content() -> None:
    """Entries stand in path order; line ends, links and binary files are visible."""
    assert tree_text(TREE) == (
        "=== a.txt (100644)\n"
        "one\u240d\ntwo\n\\ no newline at end of file\n"
        "=== b/run.sh (100755)\n"
        "#!/bin/sh\n"
        "=== empty (100644)\n"
        "=== link (120000) -> b/run.sh\n"
        f"=== logo.png (100644) 5 bytes, sha256 {sha256(LOGO).hexdigest()}\n"
    )


def test_files_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    """A tree that is written to a folder is read back the same, ``.git`` left out."""
    write_files(TREE, tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").touch()

    assert list(read_files(tmp_path)) == list(TREE)
