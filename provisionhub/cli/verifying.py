"""``provisionhub verify``: a repository compared with what its lock file says."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from provisionhub.app import App
from provisionhub.cli.console import FAILED, print_json, stdout
from provisionhub.verification import Verification
from provisionhub.verification import verify as compare


def verify(app: App, folder: Path, *, as_json: bool) -> int:
    """Compare *folder* with its lock file; return the exit code: 1 if they differ."""
    verification = compare(folder, app.catalog, app.renderer)
    if as_json:
        print_json(verification.to_json())
    else:
        _show(verification)
    return 0 if verification.is_equal else FAILED


def _show(verification: Verification) -> None:
    console = stdout()
    blueprint = verification.lock.blueprint
    made = f"{blueprint.name} {blueprint.version}"
    files = len(verification.lock.files) + 1
    if verification.is_equal:
        console.print(f"equal: {files} files, just as {made} makes them", style="green")
    else:
        console.print(f"different from what {made} makes:", style="red")
    for word, paths in (
        ("changed", verification.changed),
        ("missing", verification.missing),
        ("added", verification.added),
    ):
        for path in paths:
            console.print(Text(f"  {word:<8} {path}"))
    for path in verification.unproven:
        console.print(Text(f"  {path}: may hold secrets; compared by its hash only"))
