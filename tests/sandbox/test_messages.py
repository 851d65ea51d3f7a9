"""Both ends of the protocol, in one process: what one writes the other reads."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from provisionhub.blueprint import Example, Subject
from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonValue
from provisionhub.matrix import Case, Matrix
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.sandbox import messages, warming
from provisionhub.sandbox.frames import (
    BrokenFrameError,
    ChannelClosedError,
    InnerChannel,
    OuterChannel,
)
from provisionhub.sandbox.limits import human_seconds
from provisionhub.sandbox.locking import Bounds, Layer
from support.blueprints import MANIFEST, blueprint, blueprint_files
from support.sandboxes import LIMITS, sandbox

FILES = {"template/a.j2": "{{ Name }}", "template/s": "{{ Values.token }}"}
SCHEMA = "schema: {properties: {token: {type: string, writeOnly: true}}}\n"
GUARDED = 'files: [{path: s, secrets: [token]}, {path: "a", when: "{{ true }}"}]\n'


@pytest.fixture
def ends() -> Iterator[tuple[InnerChannel, OuterChannel]]:
    """Return the two ends of a channel."""
    outside, inside = socket.socketpair()
    with inside:
        outer = OuterChannel(outside, deadline=time.monotonic() + 5)
        yield InnerChannel(inside.fileno()), outer
        outer.close()


def test_files_arrive(ends: tuple[InnerChannel, OuterChannel]) -> None:
    """A blueprint's files arrive inside with their modes and bytes."""
    inner, outer = ends
    files = blueprint_files({"template/b": b"\xff\x00", **FILES})
    request, contents = messages.write_files(files, "sample")

    outer.send(request, *contents)

    assert messages.read_files(inner.receive(), inner.read) == files


def test_job_and_tree_arrive(ends: tuple[InnerChannel, OuterChannel]) -> None:
    """A job arrives inside, and the tree made of it arrives outside, all the same."""
    inner, outer = ends
    found = blueprint(FILES, manifest=MANIFEST + SCHEMA + GUARDED)
    subject = Subject.of_example(Example("x", "me", "us", {}), found)
    values = found.accept({"token": "hunter2-hunter2"})

    outer.send(messages.write_job(values, subject, LIMITS.tree))
    job = inner.receive()
    assert messages.read_values(job) == values
    assert messages.read_subject(job) == subject
    assert messages.read_limits(job) == LIMITS.tree

    rendered = Renderer(engine_plugins(), LIMITS.tree).preview(found, values, subject)
    answer, contents = messages.write_rendered(rendered)
    inner.send(answer, *contents)
    said = outer.receive(longest=10_000)
    read = messages.read_rendered(said, outer.read, LIMITS.tree)
    assert list(read.tree) == list(rendered.tree)
    assert (read.commit_message, read.guarded) == (
        rendered.commit_message,
        frozenset({"s"}),
    )


def test_closed_channel_is_told(ends: tuple[InnerChannel, OuterChannel]) -> None:
    """The inside learns that nobody is there any more."""
    inner, outer = ends
    outer.close()

    with pytest.raises(ChannelClosedError):
        inner.receive()


def test_values_that_are_no_json_are_refused_outside() -> None:
    """Values that can't be sent are refused before anything is asked."""
    box = sandbox()
    found = box.load(blueprint_files({}), label="sample")

    with pytest.raises(InvalidValuesError, match="does not fit"):
        found.accept({"a": float("nan")})

    box.close()


def test_bounds_cross_as_bytes() -> None:
    """What a process is locked with is the same on both ends."""
    bounds = Bounds(Layer.RLIMITS | Layer.SECCOMP, 10, 2**40)

    assert len(bounds.pack()) == Bounds.LENGTH
    assert Bounds.unpack(bounds.pack()) == bounds


def test_warming_up_harms_nothing() -> None:
    """Warming up works in each engine, and twice."""
    warming.warm(engine_plugins())
    warming.warm(engine_plugins())


def test_limits_are_written_for_people() -> None:
    """Durations are told as a person would write them."""
    assert [human_seconds(s) for s in (10.0, 0.5)] == ["10s", "0.5s"]


def test_matrix_arrives(ends: tuple[InnerChannel, OuterChannel]) -> None:
    """Derived cases arrive outside with names and values; what is missed as well."""
    inner, outer = ends
    matrix = Matrix((Case("a=1", {"a": 1}), Case("a=2", {"a": [2]})), ("a: too long",))

    inner.send(messages.write_matrix(matrix))

    said = outer.receive(longest=10_000)
    assert messages.read_matrix(said, most=2) == matrix


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param([{"name": "a\x1b[2J", "values": {}}], id="a name that steers"),
        pytest.param([{"name": "é", "values": {}}], id="a name beyond ASCII"),
        pytest.param([{"name": "a" * 1000, "values": {}}], id="an endless name"),
        pytest.param([{"name": "a", "values": []}], id="values that are none"),
        pytest.param([{"name": "a", "values": {}}] * 2, id="one name twice"),
        pytest.param(
            [{"name": name, "values": {}} for name in "abc"], id="more than asked for"
        ),
    ],
)
def test_matrix_that_is_none_is_refused(cases: list[JsonValue]) -> None:
    """Of a process that was taken over no name reaches a terminal unchecked."""
    with pytest.raises(BrokenFrameError):
        messages.read_matrix({"cases": cases, "missed": []}, most=2)
