"""Blueprints written as literals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from provisionhub.blueprint import Blueprint, BlueprintFile, load_blueprint

MANIFEST = """\
apiVersion: provisionhub.io/v1
name: sample
version: 1.2.0
engine: jinja2
"""

Files = Mapping[str, str | bytes | BlueprintFile]


def blueprint(files: Files | None = None, *, manifest: str = MANIFEST) -> Blueprint:
    """Return the blueprint made up of *manifest* and *files*."""
    return load_blueprint(blueprint_files(files or {}, manifest), label="sample")


def blueprint_files(files: Files, manifest: str = MANIFEST) -> dict[str, BlueprintFile]:
    """Return blueprint files by path, the manifest among them."""
    given: Files = {"blueprint.yaml": manifest, **files}
    return {path: _file(content) for path, content in given.items()}


def write_blueprint(folder: Path, files: Files, manifest: str = MANIFEST) -> Path:
    """Write a blueprint into *folder* and return it."""
    for path, content in {"blueprint.yaml": manifest, **files}.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_file(content).content)
    return folder


def _file(content: str | bytes | BlueprintFile) -> BlueprintFile:
    if isinstance(content, BlueprintFile):
        return content
    return BlueprintFile(content.encode() if isinstance(content, str) else content)
