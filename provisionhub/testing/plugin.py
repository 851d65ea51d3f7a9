"""The pytest plugin: every example of every blueprint is a test.

One line of configuration turns it on, in a repository that holds a catalog::

    [tool.pytest.ini_options]
    blueprint_catalogs = "."

Each ``blueprints/<name>/blueprint.yaml`` is then collected like a test module, and
each of its examples held to ``snapshots/<name>/<example>.tree``;
``--snapshot-update`` records them anew. Without that line the plugin does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest

from provisionhub.testing.coverage import plugin as coverage

if TYPE_CHECKING:
    from provisionhub.testing.catalogs import TestedBlueprint, TestedCatalogs

_OPTION: Final = "blueprint_catalogs"
_KEY: Final[pytest.StashKey[TestedCatalogs]] = pytest.StashKey()
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
    coverage.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Take the catalogs, if there are any."""
    folders = config.getini(_OPTION)
    if folders:
        # Only now: pytest loads this plugin wherever ProvisionHub is installed.
        from provisionhub.testing.catalogs import TestedCatalogs  # noqa: PLC0415

        catalogs = config.stash[_KEY] = TestedCatalogs(folders)
        if coverage.is_wanted(config):
            plugin = coverage.CoveragePlugin(config, catalogs)
            config.pluginmanager.register(plugin, "blueprint_coverage")
    elif coverage.is_wanted(config):
        raise pytest.UsageError(f"--blueprint-coverage needs `{_OPTION}`")


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
    return BlueprintModule.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each example."""
    module = metafunc.definition.getparent(BlueprintModule)
    if module is not None and "example" in metafunc.fixturenames:
        metafunc.parametrize("example", module.tested.example_names)


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
    """Name the snapshots that belong to no blueprint."""
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
        return super().collect()

    def _getobj(self) -> ModuleType:
        from provisionhub.testing import cases  # noqa: PLC0415 - as above

        return cases
