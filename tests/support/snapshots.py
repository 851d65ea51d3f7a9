"""Catalogs with recorded snapshots, written as literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from provisionhub.status import Step
from support.blueprints import MANIFEST, Files, write_blueprint

FILES: Final[Files] = {
    "template/README.md.j2": "# {{ Name }}\n\nPort {{ Values.port }}\n",
    "template/secret.env.j2": "TOKEN={{ Values.token }}\n",
    "examples/large.yaml": "values: {port: 9, token: hunter2hunter2}\n",
    "examples/small.yaml": "name: tiny\nvalues: {port: 1}\n",
}
SCHEMA: Final = """\
schema:
  type: object
  additionalProperties: false
  properties:
    port: {type: integer, default: 8080}
    token: {type: string, writeOnly: true, default: none}
files: [{path: secret.env, secrets: [token]}]
"""
LARGE: Final = (
    "=== README.md (100644)\n# example\n\nPort 9\n"
    "=== secret.env (100644)\nTOKEN=hunter2hunter2\n"
)
SMALL: Final = (
    "=== README.md (100644)\n# tiny\n\nPort 1\n=== secret.env (100644)\nTOKEN=none\n"
)
RECORDED: Final = {"large": LARGE, "small": SMALL}


def write_catalog(
    root: Path,
    recorded: Mapping[str, str] = RECORDED,
    *,
    files: Files = FILES,
    manifest: str = MANIFEST + SCHEMA,
) -> Path:
    """Write the sample blueprint and what is recorded of it into *root*."""
    write_blueprint(root / "blueprints" / "sample", files, manifest)
    record(root, recorded)
    return root


def record(root: Path, recorded: Mapping[str, str]) -> None:
    """Write snapshots of the sample blueprint, by example."""
    for name, text in recorded.items():
        file = root / "snapshots" / "sample" / f"{name}.tree"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@dataclass
class Listener:
    """Keeps what the gate tells."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def say(self, step: Step, message: str) -> None:
        """Keep the line."""
        assert step is Step.VALIDATE
        self.lines.append(message)

    def warn(self, step: Step, messages: list[str]) -> None:
        """Keep the warnings."""
        assert step is Step.VALIDATE
        self.warnings += messages
