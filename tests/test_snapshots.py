"""Every example of every blueprint renders what its recorded snapshot says."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.catalog import FolderCatalog
from provisionhub.job import BlueprintRef
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.testing import tree_snapshots
from provisionhub.tree import Tree, TreeLimits

ROOT = Path(__file__).resolve().parents[1]
SNAPSHOTS = ROOT / "snapshots"
CATALOG = FolderCatalog(ROOT, longest=10_000_000)


def _find(name: str) -> Blueprint:
    found = CATALOG.find(BlueprintRef(name))
    assert found is not None
    return found


def _cases() -> list[str]:
    return [f"{name}/{key}" for name in CATALOG.names() for key in _keys(name)]


def _keys(name: str) -> list[str]:
    return _find(name).example_names


def _render(case: str) -> Tree:
    name, _, key = case.partition("/")
    blueprint = _find(name)
    example = blueprint.example(key)
    limits = TreeLimits(files=1000, file_bytes=1_000_000, total_bytes=10_000_000)
    return (
        Renderer(engine_plugins(), limits)
        .preview(
            blueprint,
            blueprint.accept(example.values),
            Subject.of_example(example, blueprint),
        )
        .tree
    )


@pytest.mark.parametrize("case", _cases())
def test_example_renders_its_snapshot(case: str, snapshot: SnapshotAssertion) -> None:
    """An example renders, file by file, what was recorded."""
    name, _, key = case.partition("/")
    recorded = snapshot.use_extension(tree_snapshots(SNAPSHOTS / name, key))

    assert _render(case) == recorded


@pytest.mark.parametrize("case", _cases())
def test_example_renders_the_same_twice(case: str) -> None:
    """Rendering is pure: equal values give equal trees."""
    assert list(_render(case)) == list(_render(case))


def test_no_snapshot_is_an_orphan() -> None:
    """Every recorded snapshot belongs to an example that there is."""
    recorded = {
        str(path.relative_to(SNAPSHOTS).with_suffix(""))
        for path in SNAPSHOTS.rglob("*.tree")
    }

    assert recorded == set(_cases())
