"""Blueprints as others would write them: what is wrong is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisionhub.blueprint import read_folder
from provisionhub.linting import lint
from support.foreign import FOREIGN, Foreign
from support.linting import ENGINES, found, report

ROOT = Path(__file__).resolve().parents[2]

each_of_them = pytest.mark.parametrize(
    "foreign", FOREIGN, ids=[each.engine for each in FOREIGN]
)


@each_of_them
def test_sound_blueprint_has_no_findings(foreign: Foreign) -> None:
    """Guards, loops, partials, defaults and secrets as authors use them are fine."""
    assert found(foreign.files, foreign.manifest) == []


@each_of_them
def test_exactly_the_seeded_faults_are_found(foreign: Foreign) -> None:
    """An undeclared variable and an unreachable branch are two findings, no more."""
    files = foreign.with_line(foreign.undeclared, foreign.unreachable)
    lines = foreign.files[foreign.main].count("\n")

    assert found(files, foreign.manifest) == [
        f"undeclared-value /replica_count {foreign.main}:{lines + 1}",
        f"unreachable-branch /database {foreign.main}:{lines + 2}",
    ]


@each_of_them
def test_every_value_affects_its_files(foreign: Foreign) -> None:
    """The files that each value affects are those that read it."""
    affects = report(foreign.files, foreign.manifest).affects

    assert affects["/owner"] == (
        "blueprint.yaml",
        *sorted(
            path for path in foreign.files if "owner" in path or path == foreign.main
        ),
    )
    assert affects["/features/*/note"] == (foreign.main,)
    assert affects["/password"] == (f"template/secret.yaml{foreign.suffix}",)


@pytest.mark.parametrize(
    "folder",
    [*ROOT.glob("blueprints/*"), *ROOT.glob("provisionhub/starters/*")],
    ids=lambda folder: folder.name,
)
def test_own_blueprints_have_no_findings(folder: Path) -> None:
    """What is published here passes, the starts that `new` writes from included."""
    files = read_folder(folder, longest=10_000_000)

    assert lint(files, ENGINES, label=folder.name).findings == ()
