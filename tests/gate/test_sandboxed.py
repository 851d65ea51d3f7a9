"""The gate as the product has it: examples are rendered in locked processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ByteSize

from provisionhub.app import App
from provisionhub.errors import LimitExceededError, SnapshotMismatchError
from provisionhub.gate import KnownVerdicts, Verdict
from provisionhub.job import BlueprintRef
from provisionhub.settings import Settings
from support.blueprints import MANIFEST
from support.snapshots import Listener, record, write_catalog

TEMPLATES = {
    "go": "template/a.txt.tmpl",
    "jinja2": "template/a.txt.j2",
    "mustache": "template/a.txt.mustache",
}


class Noting(KnownVerdicts):
    """Notes what it is told, be it nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.settled: list[Verdict | None] = []

    def settle(self, key: str, verdict: Verdict | None) -> None:
        """Note it."""
        self.settled.append(verdict)
        super().settle(key, verdict)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """Return the product with little memory for rendering."""
    settings = Settings(
        blueprint_catalogs=(str(tmp_path),), max_render_memory=ByteSize(32 * 1024**2)
    )
    app = App(settings)
    yield app
    app.close()


def check(app: App, verdicts: KnownVerdicts) -> None:
    """Hold the sample blueprint to its snapshots."""
    blueprint = app.catalog.find(BlueprintRef("sample"))
    app.gate(verdicts).check(blueprint, Listener())


@pytest.mark.parametrize("engine", sorted(TEMPLATES))
def test_every_engine_is_held_to_its_snapshots(
    engine: str, app: App, tmp_path: Path
) -> None:
    """What an engine renders is compared, whichever it is."""
    name = "{{ .Name }}" if engine == "go" else "{{ Name }}"
    files = {TEMPLATES[engine]: f"{name}\n", "examples/one.yaml": "name: first\n"}
    manifest = MANIFEST.replace("jinja2", engine)
    right = "=== a.txt (100644)\nfirst\n"
    write_catalog(tmp_path, {"one": right}, files=files, manifest=manifest)
    check(app, KnownVerdicts())

    record(tmp_path, {"one": right.replace("first", "second")})

    with pytest.raises(SnapshotMismatchError, match="`one`") as caught:
        check(app, KnownVerdicts())
    assert caught.value.diff.endswith("-second\n+first\n ")


def test_example_that_is_killed_for_memory_is_no_verdict(
    app: App, tmp_path: Path
) -> None:
    """A locked process that ran out of memory says nothing of the snapshots."""
    files = {
        "template/a.j2": "{% for n in range(99) %}{{ 'x' * 999999 }}{% endfor %}",
        "examples/one.yaml": "name: first\n",
    }
    write_catalog(tmp_path, {"one": "x"}, files=files, manifest=MANIFEST)
    verdicts = Noting()

    for _ in range(2):
        with pytest.raises(LimitExceededError):
            check(app, verdicts)

    assert verdicts.settled == [None, None]
