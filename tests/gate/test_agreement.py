"""The gate and ``provisionhub test`` read and compare the very same texts."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.data import Snapshot, SnapshotCollection

from provisionhub.app import App
from provisionhub.catalog import FolderCatalog
from provisionhub.catalog.folder_snapshots import FolderSnapshots
from provisionhub.errors import InvalidBlueprintError
from provisionhub.job import BlueprintRef
from provisionhub.settings import Settings
from provisionhub.testing import tree_snapshots
from provisionhub.tree import Entry, Tree, tree_text
from support.snapshots import Listener

ROOT = Path(__file__).resolve().parents[2]


def read_by_syrupy(file: Path) -> str | None:
    """Return what the pytest plugin takes the snapshot in *file* for."""
    extension = tree_snapshots(file.parent, file.stem)()
    data = extension.read_snapshot_data_from_location(
        snapshot_location=str(file), snapshot_name=file.stem, session_id=""
    )
    assert data is None or isinstance(data, str)
    return data


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_read_alike(content: bytes) -> None:
    """Whatever lies there, both read the same text, or both refuse it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "snapshots" / "sample" / "x.tree"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
        snapshots = FolderSnapshots(Path(folder), "sample", longest=1000)

        try:
            expected = read_by_syrupy(file)
        except UnicodeDecodeError:
            with pytest.raises(InvalidBlueprintError, match="not UTF-8"):
                snapshots.read("x")
        else:
            assert snapshots.read("x") == expected


@given(st.lists(st.binary(max_size=40) | st.text(max_size=40).map(str.encode)))
def test_what_is_recorded_is_found_equal(contents: list[bytes]) -> None:
    """A tree that ``--update`` records is the tree that the gate finds recorded."""
    tree = Tree(Entry(f"f{n}", content) for n, content in enumerate(contents))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "snapshots" / "sample" / "x.tree"
        file.parent.mkdir(parents=True)
        extension = tree_snapshots(file.parent, "x")
        collection = SnapshotCollection(location=str(file))
        collection.add(Snapshot(name="x", data=extension().serialize(tree)))
        extension.write_snapshot_collection(snapshot_collection=collection)

        recorded = FolderSnapshots(Path(folder), "sample", longest=10_000).read("x")

    assert recorded == tree_text(tree)


@pytest.mark.parametrize(
    "name", sorted(path.name for path in (ROOT / "snapshots").iterdir())
)
def test_our_own_blueprints_pass_in_the_sandbox(name: str) -> None:
    """What CI's ``provisionhub test`` lets pass, a worker's gate lets pass."""
    app = App(Settings(blueprint_catalogs=(str(ROOT),)))
    blueprint = app.catalog.find(BlueprintRef(name))
    told = Listener()

    app.gate(app.verdicts).check(blueprint, told)

    (line,) = told.lines
    assert line.startswith(f"Checking snapshots of {name} 1.0.0 (")
    assert told.warnings == []
    app.close()


def test_example_may_be_called_as_it_likes(tmp_path: Path) -> None:
    """Names with dots are those of the files, less their last suffix."""
    folder = tmp_path / "snapshots" / "sample"
    folder.mkdir(parents=True)
    (folder / "v1.2.tree").write_text("a")
    (folder / "notes.txt").write_text("b")

    snapshots = FolderSnapshots(tmp_path, "sample", longest=10)

    assert snapshots.names() == ["v1.2"]
    assert snapshots.read("v1.2") == "a"
    assert FolderCatalog(tmp_path, longest=10).names() == []
