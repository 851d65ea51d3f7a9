"""Snapshots of rendered trees, kept by syrupy as ``<blueprint>/<example>.tree``."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SerializableData, SerializedData, SnapshotIndex

from provisionhub.tree import Tree, tree_text


class TreeSnapshotExtension(SingleFileSnapshotExtension):
    """Keeps a tree as text; ``tree_snapshots`` says where."""

    _write_mode = WriteMode.TEXT
    file_extension = "tree"

    def serialize(
        self,
        data: SerializableData,
        **_filters: Any,  # noqa: ANN401 - syrupy's signature
    ) -> SerializedData:
        """Return the text of *data*, a ``Tree``."""
        if not isinstance(data, Tree):
            raise TypeError(f"a tree snapshot is of a Tree, not {type(data).__name__}")
        return tree_text(data)

    @classmethod
    def write_snapshot(cls, **snapshots: Any) -> None:  # noqa: ANN401 - as above
        """Write the snapshot where its blueprint's are, not where its test's would."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"\s*Can not relate snapshot")
            super().write_snapshot(**snapshots)


def tree_snapshots(folder: Path, example: str) -> type[TreeSnapshotExtension]:
    """Return the extension that keeps one snapshot: ``<folder>/<example>.tree``."""

    class Located(TreeSnapshotExtension):
        @classmethod
        def dirname(cls, *, test_location: PyTestLocation) -> str:  # noqa: ARG003
            return str(folder)

        @classmethod
        def get_snapshot_name(
            cls,
            *,
            test_location: PyTestLocation,  # noqa: ARG003
            index: SnapshotIndex = 0,  # noqa: ARG003
        ) -> str:
            return example

    return Located
