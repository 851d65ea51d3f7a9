"""A blueprint: a manifest, a tree of templates, and named examples."""

from __future__ import annotations

from provisionhub.blueprint.blueprint import Blueprint
from provisionhub.blueprint.examples import Example, read_example
from provisionhub.blueprint.files import BlueprintFile, read_folder
from provisionhub.blueprint.loaded import LoadedBlueprint
from provisionhub.blueprint.loading import LoadBlueprint, load_blueprint
from provisionhub.blueprint.manifest import Manifest, RepositoryDefaults
from provisionhub.blueprint.rules import FileRule, Treatment
from provisionhub.blueprint.snapshots import NO_SNAPSHOTS, Snapshots
from provisionhub.blueprint.subject import Subject

__all__ = [
    "NO_SNAPSHOTS",
    "Blueprint",
    "BlueprintFile",
    "Example",
    "FileRule",
    "LoadBlueprint",
    "LoadedBlueprint",
    "Manifest",
    "RepositoryDefaults",
    "Snapshots",
    "Subject",
    "Treatment",
    "load_blueprint",
    "read_example",
    "read_folder",
]
