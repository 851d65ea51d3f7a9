"""The gate lets pass what renders its snapshots, and remembers what it found."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.catalog import FolderCatalog
from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    ProvisionError,
    SandboxUnavailableError,
    SnapshotMismatchError,
    TemplateSyntaxError,
)
from provisionhub.gate import GateMode, KnownVerdicts, SnapshotGate
from provisionhub.job import BlueprintRef
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Rendered, Renderer
from provisionhub.values import Values
from support.blueprints import MANIFEST
from support.sandboxes import LIMITS
from support.snapshots import (
    FILES,
    LARGE,
    RECORDED,
    SCHEMA,
    SMALL,
    Listener,
    record,
    write_catalog,
)

ENGINES = engine_plugins()


class Counting(Renderer):
    """Renders in this process, and counts; may be told to fail first."""

    def __init__(self, *failures: ProvisionError) -> None:
        super().__init__(ENGINES, LIMITS.tree)
        self.rendered: Counter[str] = Counter()
        self.failures = list(failures)

    def preview(
        self, blueprint: Blueprint, values: Values, subject: Subject
    ) -> Rendered:
        """Count, and fail as planned or render."""
        self.rendered[subject.name] += 1
        if self.failures:
            raise self.failures.pop(0)
        return super().preview(blueprint, values, subject)


@dataclass
class Gated:
    """A catalog in a folder, and a gate before it."""

    root: Path
    mode: GateMode = "enforce"
    renderer: Counting = field(default_factory=Counting)
    told: Listener = field(default_factory=Listener)
    verdicts: KnownVerdicts = field(default_factory=KnownVerdicts)

    def check(self) -> None:
        """Find the sample blueprint, and hold it to its snapshots."""
        catalog = FolderCatalog(self.root, longest=10_000)
        blueprint = catalog.find(BlueprintRef("sample"))
        assert blueprint is not None
        gate = SnapshotGate(self.mode, self.renderer, ENGINES, self.verdicts)
        gate.check(blueprint, self.told)

    def refused(self) -> SnapshotMismatchError:
        """Return the error with which the blueprint is refused."""
        with pytest.raises(SnapshotMismatchError) as caught:
            self.check()
        return caught.value


@pytest.fixture
def gated(tmp_path: Path) -> Gated:
    """A catalog whose snapshots are right."""
    return Gated(write_catalog(tmp_path))


def test_what_renders_its_snapshots_passes_and_is_rendered_once(gated: Gated) -> None:
    """Each example is rendered once, however many jobs follow."""
    for _ in range(3):
        gated.check()

    assert gated.renderer.rendered == {"example": 1, "tiny": 1}
    assert gated.told.lines == ["Checking snapshots of sample 1.2.0 (2 examples)"]
    assert gated.told.warnings == []


def test_mismatch_is_told_with_blueprint_example_and_diff(gated: Gated) -> None:
    """The error names what differs, shows the lines, and says how to mend it."""
    record(gated.root, {"small": SMALL.replace("Port 1", "Port 2")})

    error = gated.refused()

    assert str(error) == (
        "blueprint `sample` 1.2.0 does not render what is recorded for its example "
        "`small`"
    )
    assert error.details() == {
        "blueprint": "sample 1.2.0",
        "example": "small",
        "diff": (
            "--- README.md\n+++ README.md\n@@ -1,4 +1,4 @@\n"
            " # tiny\n \n-Port 2\n+Port 1\n "
        ),
        "hint": "if it is meant to, record it anew and commit it: "
        "`provisionhub test sample --update`",
    }
    assert "-Port 2\n+Port 1" in error.explain()


def test_mismatch_is_remembered(gated: Gated) -> None:
    """The next job of the same blueprint is refused alike, and nothing is rendered."""
    record(gated.root, {"small": "", "large": ""})
    first = gated.refused()
    rendered = gated.renderer.rendered.copy()

    second = gated.refused()

    assert second is not first
    assert second.to_json() == first.to_json()
    assert gated.renderer.rendered == rendered
    assert "`large` (and 1 more example)" in second.message


def test_change_on_either_side_is_looked_at_anew(gated: Gated) -> None:
    """A mended snapshot lets pass; a changed template is held to it again."""
    record(gated.root, {"small": SMALL.replace("Port 1", "Port 2")})
    gated.refused()

    record(gated.root, RECORDED)
    gated.check()
    template = gated.root / "blueprints/sample/template/README.md.j2"
    template.write_text("# {{ Name }}\n", encoding="utf-8")

    assert "-Port 9" in gated.refused().diff


def test_another_version_of_the_engine_is_looked_at_anew(gated: Gated) -> None:
    """A verdict holds for one version of the engine."""
    gated.check()
    newer = {**ENGINES, "jinja2": replace(ENGINES["jinja2"], version="999")}
    catalog = FolderCatalog(gated.root, longest=10_000)
    blueprint = catalog.find(BlueprintRef("sample"))
    assert blueprint is not None

    SnapshotGate("enforce", gated.renderer, newer, gated.verdicts).check(
        blueprint, gated.told
    )

    assert gated.renderer.rendered == {"example": 2, "tiny": 2}


def test_example_without_a_snapshot_is_a_mismatch(tmp_path: Path) -> None:
    """Once some are recorded, each example is to be; the hint says how."""
    error = Gated(write_catalog(tmp_path, {"large": LARGE})).refused()

    assert "has no recorded snapshot of its example `small`" in error.message
    assert "`provisionhub test sample --update`" in (error.hint or "")
    assert "diff" not in error.details()


def test_blueprint_of_which_nothing_is_recorded_passes(tmp_path: Path) -> None:
    """A newcomer's blueprint has nothing to be held to, and nothing is said."""
    gated = Gated(write_catalog(tmp_path, {}))

    gated.check()

    assert gated.renderer.rendered == {}
    assert (gated.told.lines, gated.told.warnings) == ([], [])


def test_snapshot_that_is_left_over_is_warned_of(gated: Gated) -> None:
    """A snapshot without an example proves nothing wrong; it is told once."""
    record(gated.root, {"gone": "x"})

    gated.check()
    gated.check()

    (warning,) = gated.told.warnings
    assert "snapshots without an example: `gone`" in warning
    assert gated.renderer.rendered == {"example": 1, "tiny": 1}


def test_snapshots_without_any_example_hold_nothing_up(tmp_path: Path) -> None:
    """Without examples there is nothing to render; what is left over is told of."""
    files = {k: v for k, v in FILES.items() if not k.startswith("examples/")}
    gated = Gated(write_catalog(tmp_path, files=files))

    gated.check()

    assert "`large`, `small`" in gated.told.warnings[0]
    assert gated.renderer.rendered == {}


def test_warn_goes_on_and_tells_once(tmp_path: Path) -> None:
    """With ``warn`` a mismatch is told once, diff and all, and jobs go on."""
    wrong = {**RECORDED, "small": SMALL.replace("Port 1", "Port 2")}
    gated = Gated(write_catalog(tmp_path, wrong), mode="warn")

    gated.check()
    gated.check()

    (warning,) = gated.told.warnings
    assert warning.startswith("blueprint `sample` 1.2.0 does not render")
    assert "-Port 2\n+Port 1" in warning


def test_off_reads_and_renders_nothing(tmp_path: Path) -> None:
    """With ``off`` nothing is looked at, whatever lies there."""
    gated = Gated(write_catalog(tmp_path, {}), mode="off")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots/sample").symlink_to("/etc")

    gated.check()

    assert gated.renderer.rendered == {}
    assert gated.told.warnings == []


def test_secrets_of_examples_are_in_no_diff(gated: Gated) -> None:
    """A secret is not shown in a place of its own, nor where it stands by mistake."""
    record(
        gated.root,
        {
            "large": LARGE.replace("TOKEN=", "TOKEN=former-secret-").replace(
                "Port 9", "Port hunter2hunter2"
            )
        },
    )

    told = json.dumps(gated.refused().to_json())

    assert "hunter2" not in told
    assert "former-secret" not in told
    assert "Port ***" in told
    assert "may hold secrets" in told


BROKEN: dict[str, tuple[Mapping[str, str], str]] = {
    "values": (
        {"examples/small.yaml": "values: {port: x}\n"},
        "/port",
    ),
    "template": (
        {"template/README.md.j2": "{% if Values.port > 5 %}{{ Values.x }}{% endif %}"},
        "README.md.j2:1:35",
    ),
    "path": ({"template/{{ '..' }}/x": "x"}, ""),
    "secret": ({"template/README.md.j2": "{{ Values.token }}"}, ""),
}


@pytest.mark.parametrize(("files", "place"), BROKEN.values(), ids=BROKEN.keys())
def test_example_that_can_not_be_rendered_is_a_mismatch(
    files: Mapping[str, str], place: str, tmp_path: Path
) -> None:
    """What fails with an example's values is told as such, with place and remedy."""
    gated = Gated(write_catalog(tmp_path, files={**FILES, **files}))

    error = gated.refused()

    assert "can't render its example" in error.message
    assert place in error.diff
    assert "hunter2" not in error.explain()
    gated.refused()
    assert all(count <= 1 for count in gated.renderer.rendered.values())


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {"template/README.md.j2": "{{"}, TemplateSyntaxError, id="template"
        ),
        pytest.param(
            {"examples/small.yaml": "["}, InvalidBlueprintError, id="example's file"
        ),
    ],
)
def test_what_is_broken_for_any_values_keeps_its_own_error(
    files: Mapping[str, str], expected: type[ProvisionError], tmp_path: Path
) -> None:
    """A blueprint that can do no job at all is told by the error that says why."""
    gated = Gated(write_catalog(tmp_path, files={**FILES, **files}))

    with pytest.raises(expected):
        gated.check()


@pytest.mark.parametrize(
    "failure",
    [
        SandboxUnavailableError("no process"),
        LimitExceededError("killed", limit="MAX_RENDER_MEMORY", allowed="1 MB"),
    ],
    ids=lambda failure: failure.code,
)
def test_what_may_pass_is_no_verdict(failure: ProvisionError, tmp_path: Path) -> None:
    """A machine without memory or processes says nothing of the blueprint."""
    gated = Gated(write_catalog(tmp_path), renderer=Counting(failure))

    with pytest.raises(type(failure)):
        gated.check()
    gated.check()

    assert gated.renderer.rendered == {"example": 2, "tiny": 1}


def test_engine_that_is_missing_is_left_to_the_renderer(tmp_path: Path) -> None:
    """Rendering tells of it with its place in the manifest; the gate says nothing."""
    manifest = (MANIFEST + SCHEMA).replace("jinja2", "jinja3")
    gated = Gated(write_catalog(tmp_path, manifest=manifest))

    gated.check()

    assert gated.renderer.rendered == {}


def test_jobs_at_once_find_out_once(gated: Gated) -> None:
    """Of jobs that come at once one renders the examples, and the others wait."""
    threads = [threading.Thread(target=gated.check) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert gated.renderer.rendered == {"example": 1, "tiny": 1}
