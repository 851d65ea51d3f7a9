"""``provisionhub test``: blueprints held to their snapshots, by pytest and syrupy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from provisionhub.app import App
from provisionhub.blueprint.files import MANIFEST
from provisionhub.catalog import GitSource
from provisionhub.cli.console import FAILED
from provisionhub.errors import BlueprintNotFoundError, did_you_mean

_PYTESTS_OWN: Final = (
    "PYTEST_ADDOPTS",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
    "PYTEST_PLUGINS",
)


@dataclass(frozen=True, slots=True)
class CoverageReports:
    """What is asked for of how much of the templates is reached.

    Attributes:
        measure: Whether it is measured; so it is if anything else is asked for.
        fail_under: The least that has to be reached, in percent.
        html: The folder that gets the pages.
        json: The file that gets the figures.
        xml: The file that gets Cobertura's report.
    """

    measure: bool = False
    fail_under: float | None = None
    html: Path | None = None
    json: Path | None = None
    xml: Path | None = None

    def arguments(self) -> list[str]:
        """Return what to tell pytest."""
        said = {
            "-fail-under": self.fail_under,
            "-html": self.html,
            "-json": self.json,
            "-xml": self.xml,
        }
        option = "--blueprint-coverage"
        asked = [f"{option}{name}={v}" for name, v in said.items() if v is not None]
        return [option, *asked] if self.measure else asked


@dataclass(frozen=True, slots=True)
class CaseChoice:
    """What of the cases derived from schemas is tested.

    Attributes:
        is_on: Whether any is.
        odd_texts: Whether texts that templates forget about are among them.
        is_recorded: Whether their trees are held to snapshots.
    """

    is_on: bool
    odd_texts: bool
    is_recorded: bool


def test_blueprints(  # noqa: PLR0913 - one parameter an option
    app: App,
    names: Sequence[str],
    *,
    update: bool,
    jobs: int,
    junit_xml: Path | None,
    coverage: CoverageReports,
    cases: CaseChoice,
    only_list: bool,
) -> int:
    """Test the blueprints called *names*, or all; return the exit code.

    Args:
        app: The product.
        names: Names or folders.
        update: Whether to record the snapshots anew.
        jobs: How many trees are rendered at a time; 0 is one for each core.
        junit_xml: Where to write a report.
        coverage: What is asked for of how much of the templates is reached.
        cases: What of the cases derived from schemas is tested.
        only_list: Whether to list the tests instead.

    Raises:
        BlueprintNotFoundError: If one of them is in no catalog folder.
    """
    manifests = _named(app, names) if names else _all(app)
    arguments = [*map(str, manifests), *_configuration(manifests), *_derived(cases)]
    if only_list:
        arguments += ["--collect-only", "--quiet"]
    if update:
        arguments.append("--snapshot-update")
    if junit_xml is not None:
        arguments.append(f"--junit-xml={junit_xml}")
    arguments += coverage.arguments()
    arguments.append(f"--override-ini=blueprint_jobs={jobs}")
    # Started now, locked processes can be had by the time that pytest asks for them.
    app.sandbox.guard.start()
    # Here, because it takes a tenth of a second that other commands don't have.
    import pytest  # noqa: PLC0415

    with _alone():
        code = pytest.main(arguments)
    # pytest ends with 2 where a blueprint can't be loaded; to us that is a failure.
    return 0 if code == pytest.ExitCode.OK else FAILED


@contextmanager
def _alone() -> Iterator[None]:
    """Keep pytest from what the reader has set up for tests of their own.

    Of the installed plugins only ours and syrupy's are loaded: the others would cost
    more time than most catalogs take.
    """
    kept = {name: os.environ.pop(name, None) for name in _PYTESTS_OWN}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
        os.environ.update(
            {name: said for name, said in kept.items() if said is not None}
        )


def _configuration(manifests: Iterable[Path]) -> list[str]:
    catalogs = sorted({str(manifest.parents[2]) for manifest in manifests})
    return [
        # Whatever the reader's own configuration says, this is a run of its own.
        f"--config-file={os.devnull}",
        f"--rootdir={os.path.commonpath(catalogs)}",
        "--override-ini=blueprint_catalogs=" + "\n".join(map(repr, catalogs)),
        "-pno:cacheprovider",
        "-psyrupy",
        "-pprovisionhub.testing.plugin",
        "--no-header",
        "--tb=short",
    ]


def _derived(cases: CaseChoice) -> list[str]:
    return [
        f"--override-ini=blueprint_matrix={cases.is_on}",
        f"--override-ini=blueprint_matrix_odd_texts={cases.odd_texts}",
        f"--override-ini=blueprint_matrix_snapshots={cases.is_recorded}",
    ]


def _all(app: App) -> list[Path]:
    found = _known(app)
    if not found:
        raise BlueprintNotFoundError(
            "there is no blueprint to test",
            hint="BLUEPRINT_CATALOGS names folders that hold `blueprints/`",
        )
    return found


def _named(app: App, names: Iterable[str]) -> list[Path]:
    known = {manifest.parent.name: manifest for manifest in reversed(_known(app))}
    found = []
    for name in names:
        folder = Path(name).absolute()
        if (folder / MANIFEST).exists() and folder.parent.name == "blueprints":
            found.append(folder / MANIFEST)
        elif name in known:
            found.append(known[name])
        else:
            raise BlueprintNotFoundError(
                f"no catalog folder holds a blueprint called `{name}`",
                hint=did_you_mean(name, known)
                or "a blueprint is tested in its catalog: `blueprints/` beside "
                "`snapshots/`",
            )
    return found


def _known(app: App) -> list[Path]:
    return [manifest for folder in _folders(app) for manifest in _manifests(folder)]


def _manifests(folder: Path) -> list[Path]:
    return sorted((folder / "blueprints").glob(f"*/{MANIFEST}"))


def _folders(app: App) -> list[Path]:
    return [
        Path(text).expanduser().absolute()
        for text in app.settings.blueprint_catalogs
        if GitSource.parse(text) is None
    ]
