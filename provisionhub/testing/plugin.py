"""The pytest plugin: every example of every blueprint is a test.

One line of configuration turns it on, in a repository that holds a catalog::

    [tool.pytest.ini_options]
    blueprint_catalogs = "."

Each ``blueprints/<name>/blueprint.yaml`` is then collected like a test module, and
each of its examples held to ``snapshots/<name>/<example>.tree``;
``--snapshot-update`` records them anew. So are cases derived from the blueprint's
schema: they must render, and twice alike. Without that line the plugin does nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest

from provisionhub.testing.coverage import plugin as coverage

if TYPE_CHECKING:
    from provisionhub.testing.ahead import Piece
    from provisionhub.testing.catalogs import TestedBlueprint, TestedCatalogs
    from provisionhub.testing.outcome import Outcome

_OPTION: Final = "blueprint_catalogs"
_MATRIX_OPTIONS: Final = {
    "blueprint_matrix": (True, "also test cases derived from each blueprint's schema"),
    "blueprint_matrix_odd_texts": (True, "with texts that templates forget about"),
    "blueprint_matrix_snapshots": (False, "and hold their trees to snapshots"),
}
_JOBS: Final = "blueprint_jobs"
_KEY: Final[pytest.StashKey[TestedCatalogs]] = pytest.StashKey()
_MATRIX: Final = "matrix"
_DERIVED: Final = "derived_cases"
_ORPHANS: Final = pytest.StashKey[list[Path]]()

pytest.register_assert_rewrite("provisionhub.testing.cases")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one line of configuration."""
    parser.addini(
        _OPTION,
        type="paths",
        default=[],
        help="folders that hold blueprints/ and snapshots/, to be tested",
    )
    for name, (default, what) in _MATRIX_OPTIONS.items():
        parser.addini(name, type="bool", default=default, help=what)
    coverage.add_options(parser)
    parser.addini(_JOBS, default="0", help="how many trees are rendered at a time")


def pytest_configure(config: pytest.Config) -> None:
    """Take the catalogs, if there are any."""
    config.addinivalue_line("markers", f"{_DERIVED}: of cases derived from a schema")
    folders = config.getini(_OPTION)
    if folders:
        # Only now: pytest loads this plugin wherever ProvisionHub is installed.
        from provisionhub.testing.catalogs import TestedCatalogs  # noqa: PLC0415
        from provisionhub.testing.derived import MatrixOptions  # noqa: PLC0415

        matrix = MatrixOptions(*map(config.getini, _MATRIX_OPTIONS))
        measuring = coverage.measure(config)
        catalogs = TestedCatalogs(folders, matrix, _jobs(config), measuring)
        config.stash[_KEY] = catalogs
        if measuring is not None:
            plugin = coverage.CoveragePlugin(config, catalogs, measuring)
            config.pluginmanager.register(plugin, "blueprint_coverage")
    elif coverage.is_wanted(config):
        raise pytest.UsageError(f"--blueprint-coverage needs `{_OPTION}`")


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what was started."""
    catalogs = config.stash.get(_KEY, None)
    if catalogs is not None:
        catalogs.close()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what a blueprint's template holds: its tests are not ours."""
    catalogs = config.stash.get(_KEY, None)
    if catalogs is not None and catalogs.is_inside_a_blueprint(collection_path):
        return True
    return None


def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> pytest.Collector | None:
    """Collect a blueprint's manifest as a module of tests."""
    catalogs = parent.config.stash.get(_KEY, None)
    if catalogs is None or not catalogs.is_manifest(file_path):
        return None
    catalogs.start_loading(file_path)
    return BlueprintModule.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each example, and of each case."""
    module = metafunc.definition.getparent(BlueprintModule)
    if module is None:
        return
    if "example" in metafunc.fixturenames:
        metafunc.parametrize("example", module.tested.example_names)
    if "case" in metafunc.fixturenames:
        cases = module.tested.cases
        metafunc.parametrize("case", cases, ids=[case.name for case in cases])


def pytest_collection_finish(session: pytest.Session) -> None:
    """Plan the rendering of what the tests will ask for, in their order."""
    catalogs = session.config.stash.get(_KEY, None)
    # A worker of pytest-xdist is told only later which of the tests are its own.
    if catalogs is not None and not hasattr(session.config, "workerinput"):
        catalogs.renderings.plan(filter(None, map(_piece_of, session.items)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run if a snapshot belongs to no blueprint at all."""
    catalogs = session.config.stash.get(_KEY, None)
    if catalogs is None or hasattr(session.config, "workerinput"):
        return
    orphans = catalogs.orphans()
    if session.config.getoption("update_snapshots", default=False):
        for orphan in orphans:
            orphan.unlink()
    elif orphans and session.exitstatus == pytest.ExitCode.OK:
        session.config.stash[_ORPHANS] = orphans
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name the snapshots that belong to no blueprint, and what no case covers."""
    told = {
        str(text)
        for report in terminalreporter.getreports("passed")
        for key, text in report.user_properties
        if key == _MATRIX
    }
    for line in sorted(told):
        terminalreporter.write_line(line)
    for orphan in config.stash.get(_ORPHANS, []):
        terminalreporter.write_line(
            f"unused snapshot: {orphan}: there is no such blueprint", red=True
        )


@pytest.fixture
def blueprint(request: pytest.FixtureRequest) -> TestedBlueprint:
    """The blueprint whose manifest was collected."""
    module = request.node.getparent(BlueprintModule)
    if module is None:
        pytest.fail("`blueprint` is for the tests that a manifest is collected as")
    return module.tested  # type: ignore[no-any-return] # as above


class BlueprintModule(pytest.Module):
    """A manifest, collected as the tests that every blueprint gets."""

    tested: TestedBlueprint

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Load the blueprint, then make its tests.

        Raises:
            CollectError: If the blueprint is broken, with the place.
        """
        from provisionhub.errors import ProvisionError  # noqa: PLC0415 - as above

        try:
            catalogs = self.config.stash[_KEY]
            if catalogs.measuring is not None:
                catalogs.measuring.collected(self.path)
            self.tested = catalogs.blueprint(self.path)
        except ProvisionError as error:
            raise self.CollectError(error.explain()) from None
        tests = super().collect()
        if self.tested.has_matrix:
            return tests
        return [test for test in tests if not _is_derived(test)]

    def _getobj(self) -> ModuleType:
        from provisionhub.testing import cases  # noqa: PLC0415 - as above

        return cases


def _jobs(config: pytest.Config) -> int:
    """Return how many trees are rendered at a time: one for each core if not said."""
    if hasattr(config, "workerinput"):
        return 1
    try:
        said = int(config.getini(_JOBS))
    except ValueError:
        raise pytest.UsageError(f"`{_JOBS}` must be a whole number") from None
    return said if said > 0 else os.cpu_count() or 1


def _piece_of(item: pytest.Item) -> Piece[Outcome] | None:
    """Return what has to be rendered for *item*, if anything has."""
    module = item.getparent(BlueprintModule)
    asked = getattr(item, "callspec", None)
    if module is None or asked is None:
        return None
    if "example" in asked.params:
        return module.tested.example_piece(asked.params["example"])
    return module.tested.case_piece(asked.params["case"])


def _is_derived(test: pytest.Item | pytest.Collector) -> bool:
    """Tell whether *test* is about cases derived from the schema."""
    return test.get_closest_marker(_DERIVED) is not None
