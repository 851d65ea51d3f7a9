"""Renderings in locked processes that tell what they reach."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from provisionhub.blueprint import Blueprint, BlueprintFile, Example, Subject
from provisionhub.coverage import Kind, Region
from provisionhub.errors import LimitExceededError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import engine_plugins
from provisionhub.renderer import FileRegion, Renderer, Watched
from provisionhub.sandbox import Sandbox, SandboxedRenderer
from provisionhub.sandbox.frames import encode_frame
from provisionhub.sandbox.regions import MOST_REGIONS, read_regions, write_regions
from support.blueprints import MANIFEST, Files, blueprint, blueprint_files
from support.sandboxes import LIMITS, sandbox

FILES: Files = {
    "template/a.j2": "{% if Values.a %}1{% else %}{% include 'p' %}{% endif %}",
    "template/b": b"\xff",
    "partials/p.j2": "é{{ Name }}",
}


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """A sandbox of its own."""
    made = sandbox()
    yield made
    made.close()


def watch(
    renderer: Renderer, found: Blueprint, values: JsonObject | None = None
) -> Watched:
    """Return what a watched rendering of *found* comes to."""
    example = Example("x", "my-service", "my-team", values or {})
    subject = Subject.of_example(example, found)
    return renderer.watch(found, found.accept(example.values), subject)


@pytest.mark.parametrize("values", [{"a": True}, {"a": False}])
def test_locked_process_tells_what_this_one_would(
    box: Sandbox, values: JsonObject
) -> None:
    """Regions, tree and what is reached are the same as without a sandbox."""
    locked = SandboxedRenderer(engine_plugins(), box)
    plain = Renderer(engine_plugins(), LIMITS.tree)
    inside = box.load(blueprint_files(FILES), label="sample")
    outside = blueprint(FILES)

    assert locked.regions(inside) == plain.regions(outside)
    there, here = watch(locked, inside, values), watch(plain, outside, values)
    assert there.reached == here.reached
    assert list(there.rendered.tree) == list(here.rendered.tree)


def test_each_rendering_tells_its_own(box: Sandbox) -> None:
    """What one rendering reached is not told again by the next."""
    renderer = SandboxedRenderer(engine_plugins(), box)
    found = box.load(blueprint_files(FILES), label="sample")

    first = watch(renderer, found, {"a": True})
    second = watch(renderer, found, {"a": False})
    third = watch(renderer, found, {"a": True})

    assert first.reached == third.reached
    assert not first.reached >= second.reached


def test_jobs_are_not_watched(box: Sandbox) -> None:
    """What ordinary jobs render, before and after, knows nothing of it."""
    renderer = SandboxedRenderer(engine_plugins(), box)
    found = box.load(blueprint_files(FILES), label="sample")
    example = Example("x", "my-service", "my-team", {"a": True})
    subject = Subject.of_example(example, found)

    before = renderer.preview(found, found.accept({"a": True}), subject)
    watched = watch(renderer, found, {"a": True})
    after = renderer.preview(found, found.accept({"a": True}), subject)

    assert list(before.tree) == list(watched.rendered.tree) == list(after.tree)


@pytest.mark.parametrize(
    ("files", "error"),
    [
        pytest.param({"template/a.j2": "{% if %}"}, TemplateSyntaxError, id="broken"),
        pytest.param(
            {"template/a.j2": "{% for a in range(99999) %}" * 2 + "{% endfor %}" * 2},
            LimitExceededError,
            id="a bomb",
        ),
    ],
)
def test_failure_is_told(box: Sandbox, files: Files, error: type[Exception]) -> None:
    """A blueprint that can't be compiled or rendered fails as it ever does."""
    renderer = SandboxedRenderer(engine_plugins(), box)
    found = box.load(blueprint_files(files), label="sample")

    with pytest.raises(error):
        watch(renderer, found)


def test_broken_blueprint_has_no_regions(box: Sandbox) -> None:
    """Asking for the regions of what can't be compiled tells why."""
    renderer = SandboxedRenderer(engine_plugins(), box)
    found = box.load(blueprint_files({"template/a.j2": "{% if %}"}), label="sample")

    with pytest.raises(TemplateSyntaxError) as told:
        renderer.regions(found)

    assert str(told.value.at) == "sample/template/a.j2:1:7"


def test_too_many_regions_are_refused_inside() -> None:
    """A blueprint with more regions than an answer holds is told, not cut."""
    region = FileRegion("template/a", Region(Kind.OUTPUT, "{{ a }}", 0, 0, 1))

    with pytest.raises(LimitExceededError, match="too many to be measured"):
        write_regions([region] * (MOST_REGIONS + 1), ["template/a"])


def test_as_many_regions_as_may_be_arrive() -> None:
    """The largest answer that there may be fits, however its regions are called."""
    what = "\U0001f600" * 200
    region = FileRegion("template/a", Region(Kind.BRANCH, what, 10**6, 10**6, 10**6))
    files = {"template/a": BlueprintFile(b"x" * 10**6)}

    said = write_regions([region] * MOST_REGIONS, files)

    assert len(encode_frame(said)) < 8 * 1024 * 1024
    read = read_regions(said, files)
    assert read is not None
    assert len(read) == MOST_REGIONS


def test_engine_that_cant_tell_says_so() -> None:
    """No regions at all is an answer of its own."""
    said = write_regions(None, [])

    assert read_regions(said, {}) is None


def test_manifest_places_cross(box: Sandbox) -> None:
    """The place of a condition is found in the manifest, comments and all."""
    manifest = f"# é\n{MANIFEST}files:\n- path: a\n  when: '{{{{ Values.on }}}}'\n"
    renderer = SandboxedRenderer(engine_plugins(), box)
    files = blueprint_files({"template/a": "x"}, manifest)

    regions = renderer.regions(box.load(files, label="sample"))

    assert regions is not None
    at = {each.region.at for each in regions if each.path == "blueprint.yaml"}
    assert at == {manifest.index("'{{ Values.on")}
