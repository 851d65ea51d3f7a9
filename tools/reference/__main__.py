"""Writes the pages: ``python -m tools.reference docs/reference``."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.reference.pages import pages


def write(folder: Path) -> None:
    """Write every page into *folder*, and remove those that are no longer made."""
    made = {folder / path: text for path, text in pages().items()}
    for stale in set(folder.rglob("*.md")) - made.keys():
        stale.unlink()
    for page, text in made.items():
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")


write(Path(sys.argv[1]))
