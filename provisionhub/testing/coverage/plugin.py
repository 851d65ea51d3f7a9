"""The part of the pytest plugin that measures blueprints; only there if asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from provisionhub.testing.catalogs import TestedCatalogs
    from provisionhub.testing.coverage.figures import Coverage
    from provisionhub.testing.coverage.measuring import Measuring

_SENT: Final = "blueprint_coverage"


def add_options(parser: pytest.Parser) -> None:
    """Add the options; each of them has the blueprints measured."""
    group = parser.getgroup("blueprints", "coverage of blueprints")
    group.addoption(
        "--blueprint-coverage",
        action="store_true",
        help="tell what of the templates no case ever reached",
    )
    group.addoption(
        "--blueprint-coverage-fail-under",
        type=_percent,
        metavar="PERCENT",
        help="fail if less of the templates' regions is reached",
    )
    group.addoption(
        "--blueprint-coverage-html",
        type=Path,
        metavar="DIR",
        help="write pages that show each file, its lines coloured",
    )
    group.addoption(
        "--blueprint-coverage-json",
        type=Path,
        metavar="FILE",
        help="write the figures, and what was missed, as JSON",
    )
    group.addoption(
        "--blueprint-coverage-xml",
        type=Path,
        metavar="FILE",
        help="write a report in Cobertura's format, as CI servers read it",
    )


def is_wanted(config: pytest.Config) -> bool:
    """Whether one of the options was given, and tests are to be run."""
    given = (config.getoption(name, default=None) for name in _OPTIONS)
    # A bound of 0 was given, too.
    is_given = any(value is not None and value is not False for value in given)
    return is_given and not config.getoption("collectonly")


def measure(config: pytest.Config) -> Measuring | None:
    """Return what takes down what is reached, if that is asked for."""
    if not is_wanted(config):
        return None
    from provisionhub.testing.coverage.measuring import (  # noqa: PLC0415 - costs time
        Measuring,
    )

    return Measuring()


_OPTIONS: Final = (
    "blueprint_coverage",
    "blueprint_coverage_fail_under",
    "blueprint_coverage_html",
    "blueprint_coverage_json",
    "blueprint_coverage_xml",
)


def _percent(text: str) -> float:
    percent = float(text)
    if not 0 <= percent <= 100:  # noqa: PLR2004 - what a percentage is
        raise ValueError(text)
    return percent


class CoveragePlugin:
    """Measures every case that is rendered, and tells of it when all are done.

    Args:
        config: The session's.
        catalogs: The catalogs that are tested.
        measuring: Takes down what is reached of them.
    """

    def __init__(
        self, config: pytest.Config, catalogs: TestedCatalogs, measuring: Measuring
    ) -> None:
        self._config = config
        self._catalogs = catalogs
        self._measuring = measuring
        self._coverage: Coverage | None = None
        self._failure = ""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - of xdist
        """Add what a worker of pytest-xdist has measured."""
        # A worker that crashed has sent nothing.
        self._measuring.add(getattr(node, "workeroutput", {}).get(_SENT, {}))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Sum up; fail the run if too little was reached."""
        sent = getattr(self._config, "workeroutput", None)
        if sent is not None:
            sent[_SENT] = self._measuring.told()
            return
        self._coverage = self._measuring.coverage(self._catalogs.app)
        self._failure = self._too_little(self._coverage)
        try:
            self._write(self._coverage)
        except OSError as error:
            self._failure = f"coverage failure: it can't be written: {error}"
        if self._failure and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> None:
        """Show the table, and what fails the run."""
        if self._coverage is None or not self._coverage.blueprints:
            return
        from provisionhub.testing.coverage.terminal import table  # noqa: PLC0415 - as above

        terminalreporter.section("coverage of blueprints")
        for line in table(self._coverage):
            terminalreporter.write_line(line.text, red=line.is_miss, bold=line.is_sum)
        if self._failure:
            terminalreporter.write_line(self._failure, red=True, bold=True)

    def _too_little(self, coverage: Coverage) -> str:
        """Return why the run fails, or nothing."""
        least = self._config.getoption("blueprint_coverage_fail_under")
        if least is None:
            return ""
        if not coverage.is_measured:
            return f"coverage failure: nothing was measured, but {least:g}% asked for"
        if coverage.share.percent >= least:
            return ""
        return f"coverage failure: {coverage.share} is less than {least:g}%"

    def _write(self, coverage: Coverage) -> None:
        from provisionhub.testing.coverage import (  # noqa: PLC0415 - as above
            cobertura,
            figures_json,
            html,
        )

        root = self._config.rootpath
        folder = self._config.getoption("blueprint_coverage_html")
        if folder is not None:
            html.write_pages(coverage, folder)
        file = self._config.getoption("blueprint_coverage_json")
        if file is not None:
            figures_json.write(coverage, file, root)
        file = self._config.getoption("blueprint_coverage_xml")
        if file is not None:
            cobertura.write(coverage, file, root)
