"""The tests that every blueprint gets; the plugin collects them for each manifest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from provisionhub.matrix import Case, Matrix
from provisionhub.testing.catalogs import TestedBlueprint
from provisionhub.testing.derived import file_stem
from provisionhub.testing.snapshots import tree_snapshots


def test_renders_its_snapshot(
    blueprint: TestedBlueprint, example: str, snapshot: SnapshotAssertion
) -> None:
    """An example renders, file by file, what was recorded."""
    recorded = snapshot.use_extension(tree_snapshots(blueprint.snapshots, example))
    tree = blueprint.render(example).tree()

    assert tree == recorded


def test_renders_the_same_twice(blueprint: TestedBlueprint, example: str) -> None:
    """Rendering is pure: equal values give equal trees."""
    first, second = blueprint.render(example).both()

    assert list(first) == list(second)


@pytest.mark.derived_cases
def test_schema_gives_cases(
    blueprint: TestedBlueprint, record_property: Callable[[str, object], None]
) -> None:
    """The schema has cases derived from it; what they miss is told, and no failure."""
    matrix = blueprint.matrix
    if not isinstance(matrix, Matrix):
        pytest.fail(matrix.explain(), pytrace=False)

    name = blueprint.blueprint.name
    number = len(matrix.cases)
    cases = "1 case" if number == 1 else f"{number} cases"
    record_property("matrix", f"{name}: {cases} from its schema")
    for missed in matrix.missed:
        record_property("matrix", f"{name}: not covered: {missed}")


@pytest.mark.derived_cases
def test_renders_a_derived_case(
    blueprint: TestedBlueprint, case: Case, snapshot: SnapshotAssertion
) -> None:
    """Values that the schema accepts render, twice alike, and as recorded if asked."""
    outcome = blueprint.render_case(case)
    if (other := blueprint.failed_before(outcome, case)) is not None:
        pytest.skip(f"fails as `{other}` does")
    first, second = outcome.both()

    assert list(first) == list(second)
    if blueprint.holds_cases:
        kept = tree_snapshots(blueprint.case_snapshots, file_stem(case.name))
        assert first == snapshot.use_extension(kept)


def test_every_snapshot_has_its_example(
    blueprint: TestedBlueprint, snapshot: SnapshotAssertion
) -> None:
    """No snapshot is left over from an example that is gone."""
    unused = blueprint.unused_snapshots()
    if snapshot.session.update_snapshots:
        for file in unused:
            file.unlink()
        return

    assert unused == [], "run again with --update to remove them"


def test_has_an_example(blueprint: TestedBlueprint) -> None:
    """A blueprint without an example is a blueprint that nobody has rendered."""
    assert blueprint.example_names, "write examples/<name>.yaml: {name, values}"
