"""The trailer by which a commit says which run made it.

Trailers are the last paragraph of a commit message:
https://git-scm.com/docs/git-interpret-trailers
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub.repository import RunId

_KEY: Final = "ProvisionHub-Run"
_TRAILER: Final = re.compile(r"[A-Za-z0-9-]+: .+")


def with_trailer(message: str, run_id: RunId) -> str:
    """Return *message* with the run's trailer as its last line.

    What looks like a trailer in *message* itself stays part of its body: ours is
    always the only one in the last paragraph.
    """
    body = message.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    return f"{body}\n\n{_KEY}: {run_id}\n"


def run_of(message: str) -> RunId | None:
    """Return the run that the commit with *message* was made for, or None."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip())
    lines = paragraphs[-1].splitlines() if len(paragraphs) > 1 else []
    if not lines or not all(_TRAILER.fullmatch(line) for line in lines):
        return None
    key, _, value = lines[-1].partition(": ")
    return RunId(value.strip()) if key == _KEY else None
