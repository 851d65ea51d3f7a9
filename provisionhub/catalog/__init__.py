"""Catalogs: where blueprints are found, by name and version."""

from __future__ import annotations

from provisionhub.catalog.catalogs import Catalog, Catalogs, Listed
from provisionhub.catalog.folder import FolderCatalog, load_folder, read_source
from provisionhub.catalog.git import GitCatalog, GitSource, Mirror
from provisionhub.catalog.source import BlueprintSource

__all__ = [
    "BlueprintSource",
    "Catalog",
    "Catalogs",
    "FolderCatalog",
    "GitCatalog",
    "GitSource",
    "Listed",
    "Mirror",
    "load_folder",
    "read_source",
]
