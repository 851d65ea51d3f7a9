"""What a render process that was taken over may say, and how it is taken."""

from __future__ import annotations

import itertools
import json
import signal
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.blueprint import BlueprintFile, Manifest
from provisionhub.errors import (
    LimitExceededError,
    PermanentError,
    ProvisionError,
    SandboxViolationError,
    TemplateRuntimeError,
    UnsafePathError,
)
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.matrix import Matrix
from provisionhub.renderer import FileRegion, Rendered, Watched
from provisionhub.sandbox import messages
from provisionhub.sandbox.asking import LostProcessError
from provisionhub.sandbox.failures import read_location
from provisionhub.sandbox.frames import encode_frame
from provisionhub.sandbox.regions import read_regions, read_watched
from provisionhub.source import Location
from provisionhub.tree import TreeLimits, check_tree
from provisionhub.values import Values
from support.hostile_child import ask, child_that_says, killed_by
from support.sandboxes import LIMITS, outcome

TREE = TreeLimits(files=3, file_bytes=10, total_bytes=20)


def rendered(said: JsonObject, read: Callable[[int], bytes]) -> Rendered:
    """Read a tree as the worker does, the check of it included."""
    made = messages.read_rendered(said, read, TREE)
    check_tree(made.tree, TREE)
    return made


def located(said: JsonObject, _read: Callable[[int], bytes]) -> Location:
    """Read a place as the worker does."""
    return read_location(said.get("at"))


def accepted(said: JsonObject, _read: Callable[[int], bytes]) -> Values:
    """Read accepted values as the worker does."""
    return messages.read_values(said)


def manifest(said: JsonObject, _read: Callable[[int], bytes]) -> Manifest:
    """Read a manifest as the worker does."""
    return messages.read_manifest(said)


def watched(said: JsonObject, read: Callable[[int], bytes]) -> Watched:
    """Read a watched tree as the tests of blueprints do."""
    return read_watched(said, read, TREE)


def regions(
    said: JsonObject, _read: Callable[[int], bytes]
) -> tuple[FileRegion, ...] | None:
    """Read a blueprint's regions as the tests of blueprints do."""
    return read_regions(said, {"a": BlueprintFile(b"12345")})


def matrix(said: JsonObject, _read: Callable[[int], bytes]) -> Matrix:
    """Read derived cases as the worker does."""
    return messages.read_matrix(said, most=2)


READERS = [rendered, located, accepted, manifest, matrix, watched, regions]

FRAME = encode_frame({"entries": [["a", 0o100644, 2, False]], "commit_message": "m"})


def raw(text: bytes) -> bytes:
    """Return the frame of *text*, whatever it is."""
    return struct.pack("!I", len(text)) + text


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\0\0", id="half a length"),
        pytest.param(struct.pack("!I", 100) + b"{", id="less than it says"),
        pytest.param(struct.pack("!I", 2**32 - 1) + b"{}", id="four gigabytes"),
        pytest.param(struct.pack("!I", 9 * 2**20), id="longer than any answer"),
        pytest.param(raw(b""), id="empty"),
        pytest.param(raw(b"\xff\xfe{}"), id="not UTF-8"),
        pytest.param(raw(b"\xed\xa0\x80"), id="a surrogate in UTF-8"),
        pytest.param(raw(b"null"), id="null"),
        pytest.param(raw(b"[]"), id="an array"),
        pytest.param(raw(b"{} {}"), id="two documents"),
        pytest.param(raw(b'{"a": NaN}'), id="not a number"),
        pytest.param(raw(b'{"a": 1e999}'), id="infinite"),
        pytest.param(raw(b'{"a": 1, "a": 2}'), id="duplicate keys"),
        pytest.param(raw(b'{"a": ' + b"9" * 10_000 + b"}"), id="a huge number"),
        pytest.param(raw(b"[" * 100_000), id="deep nesting"),
        pytest.param(raw(b'{"a":' * 1_000 + b"1" + b"}" * 1_000), id="deep objects"),
        pytest.param(raw(b'{"a": "\\ud800"}'), id="half a pair"),
        pytest.param(raw(b"\x80\x04K\x01."), id="a pickle"),
        pytest.param(raw(b"!!python/object/apply:os.system [id]"), id="YAML"),
        pytest.param(encode_frame({}), id="an empty object"),
        pytest.param(encode_frame({"error": {}}), id="an error without a code"),
        pytest.param(encode_frame({"error": []}), id="an error that is an array"),
        pytest.param(
            encode_frame({"error": {"code": "internal-error", "message": "x"}}),
            id="an error of another kind",
        ),
        pytest.param(
            encode_frame({"error": {"code": "template-error", "message": 7}}),
            id="an error whose message is a number",
        ),
        pytest.param(
            encode_frame({"error": {"code": "limit-exceeded", "message": "x"}}),
            id="a limit without its name",
        ),
        pytest.param(encode_frame({"entering": 7}), id="a file that is a number"),
        pytest.param(encode_frame({"exhausted": []}), id="exhausted of an array"),
        pytest.param(encode_frame({"bug": None}), id="a bug that is none"),
        pytest.param(FRAME, id="fewer bytes than declared"),
        pytest.param(FRAME + b"a", id="one byte too few"),
    ],
)
@pytest.mark.parametrize("read", READERS)
def test_broken_answer_is_a_violation(
    said: bytes, read: Callable[[JsonObject, Callable[[int], bytes]], object]
) -> None:
    """What is no sound answer ends in an error that says so, and in no other."""
    with child_that_says(said) as forked, pytest.raises(SandboxViolationError) as told:
        ask(forked, read)

    assert "`sample`" in told.value.message
    assert told.value.message.isprintable()


def entries(*listed: list[Any] | str) -> bytes:
    """Return the frame of a tree, with more than enough bytes behind it."""
    frame = encode_frame({"entries": [*listed], "commit_message": "m"})
    return frame + b"x" * 1000


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(entries("a"), id="an entry that is a text"),
        pytest.param(entries(["a", 0o100644, 1]), id="too few members"),
        pytest.param(entries(["a", 0o100644, 1, False, 1]), id="too many members"),
        pytest.param(entries([1, 0o100644, 1, False]), id="a path that is a number"),
        pytest.param(entries(["a", 0o160000, 1, False]), id="a submodule"),
        pytest.param(entries(["a", 0o104755, 1, False]), id="a set-user-id file"),
        pytest.param(entries(["a", "100644", 1, False]), id="a mode that is a text"),
        pytest.param(entries(["a", 0o100644, -1, False]), id="a negative size"),
        pytest.param(entries(["a", 0o100644, 1.5, False]), id="half a byte"),
        pytest.param(entries(["a", 0o100644, True, False]), id="a size that is true"),
        pytest.param(entries(["a", 0o100644, 11, False]), id="a file too large"),
        pytest.param(entries(["a", 0o100644, 2**62, False]), id="a file too huge"),
        pytest.param(
            entries(*([str(i), 0o100644, 9, False] for i in range(3))), id="too much"
        ),
        pytest.param(
            entries(*([str(i), 0o100644, 0, False] for i in range(4))), id="too many"
        ),
        pytest.param(
            encode_frame({"entries": [], "commit_message": 1}), id="no message"
        ),
        pytest.param(
            encode_frame({"entries": [], "commit_message": "m" * 200_000}),
            id="a message that is too long",
        ),
    ],
)
def test_tree_that_is_none_is_a_violation(said: bytes) -> None:
    """Sizes, modes and types are counted here, before a byte of content is read."""
    with child_that_says(said) as forked, pytest.raises(SandboxViolationError):
        ask(forked, rendered)


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param("a", id="no array"),
        pytest.param(["a"], id="a region that is a text"),
        pytest.param([[0, "text", "w", 0, 0]], id="too few members"),
        pytest.param([[0, "text", "w", 0, 0, 5, 0]], id="too many members"),
        pytest.param([[1, "text", "w", 0, 0, 5]], id="a file that is not there"),
        pytest.param([["a", "text", "w", 0, 0, 5]], id="a file by its name"),
        pytest.param([[0, "txet", "w", 0, 0, 5]], id="no kind"),
        pytest.param([[0, "text", 7, 0, 0, 5]], id="no name"),
        pytest.param([[0, "text", "w" * 61, 0, 0, 5]], id="too long a name"),
        pytest.param([[0, "text", "w", -1, 0, 5]], id="before the file"),
        pytest.param([[0, "text", "w", 0, 3, 2]], id="an end before the start"),
        pytest.param([[0, "text", "w", 3, 2, 5]], id="a start before its tag"),
        pytest.param([[0, "text", "w", 0, 0, 6]], id="behind the file"),
        pytest.param([[0, "text", "w", 0, 0, 2.0]], id="half an offset"),
        pytest.param([[0, "text", "w", 0, 0, True]], id="an offset that is true"),
        pytest.param([[0, "text", "w", 0, 0, 5]] * 10_001, id="too many"),
    ],
)
def test_region_that_is_none_is_a_violation(listed: JsonValue) -> None:
    """A region is in a file that there is, and inside of it."""
    said = encode_frame({"measured": True, "regions": listed})

    with child_that_says(said) as forked, pytest.raises(SandboxViolationError):
        ask(forked, regions)


@pytest.mark.parametrize(
    "reached",
    [None, "0", [-1], [10_000], [0.5], [True], ["0"], [[0]], [0] * 10_001],
    ids=lambda reached: str(reached)[:20],
)
def test_number_of_no_region_is_a_violation(reached: JsonValue) -> None:
    """What was reached is told in numbers, and not in too many."""
    tree: JsonObject = {"entries": [], "commit_message": "m"}
    said = encode_frame(tree | {"reached": reached})

    with child_that_says(said) as forked, pytest.raises(SandboxViolationError):
        ask(forked, watched)


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/etc/passwd",
        ".git/config",
        "a/../../b",
        "a\\b",
        "",
        "a\0b",
        "con",
        "a\n",
    ],
)
def test_undeclared_path_never_gets_through(path: str) -> None:
    """A path that could leave the tree is refused, whatever was checked inside."""
    said = entries([path, 0o100644, 1, False])

    with child_that_says(said) as forked, pytest.raises(UnsafePathError):
        ask(forked, rendered)


def test_same_path_twice_never_gets_through() -> None:
    """Two entries of one path are refused here too."""
    said = entries(["a", 0o100644, 1, False], ["a", 0o100644, 1, False])

    with child_that_says(said) as forked, pytest.raises(UnsafePathError):
        ask(forked, rendered)


@pytest.mark.parametrize(
    ("status", "error", "says"),
    [
        pytest.param(
            killed_by(signal.SIGSYS), SandboxViolationError, "forbidden", id="SIGSYS"
        ),
        pytest.param(
            killed_by(signal.SIGXCPU), LimitExceededError, "CPU time", id="SIGXCPU"
        ),
        pytest.param(
            killed_by(signal.SIGABRT), LimitExceededError, "memory", id="SIGABRT"
        ),
        pytest.param(
            killed_by(signal.SIGKILL), LimitExceededError, "memory", id="SIGKILL"
        ),
        pytest.param(
            killed_by(signal.SIGSEGV), SandboxViolationError, "SIGSEGV", id="SIGSEGV"
        ),
        pytest.param(
            killed_by(signal.SIGTERM), SandboxViolationError, "without", id="SIGTERM"
        ),
        pytest.param(1 << 8, SandboxViolationError, "without an answer", id="exit 1"),
    ],
)
def test_end_without_an_answer_has_a_cause(
    status: int, error: type[ProvisionError], says: str
) -> None:
    """How a process ended tells a limit from a forbidden call from a crash."""
    entering = encode_frame({"entering": "template/a.j2"})

    with (
        child_that_says(entering, status=status) as forked,
        pytest.raises(error, match=says) as told,
    ):
        ask(forked, rendered)

    assert "`template/a.j2`" in told.value.message
    assert told.value.details()["file"] == "sample/template/a.j2"


def test_process_that_ended_with_its_parent_is_lost() -> None:
    """Where nobody is left to tell how a process ended, its job is done once more."""
    with child_that_says(status=None) as forked, pytest.raises(LostProcessError):
        ask(forked, rendered)


def test_endless_news_end() -> None:
    """A process that tells of one file after the other, forever, is stopped."""
    limits = replace(LIMITS, wall_seconds=1.0)
    news = encode_frame({"entering": "template/a"}) * 500
    began = time.monotonic()

    with (
        child_that_says(*itertools.repeat(news, 1000)) as forked,
        pytest.raises(PermanentError),
    ):
        ask(forked, rendered, limits=limits)

    assert time.monotonic() - began < 3


def test_silence_ends() -> None:
    """A process that says nothing, and does not end, is out of time."""
    limits = replace(LIMITS, wall_seconds=0.2)

    with (
        child_that_says(b"\0", stays=True) as forked,
        pytest.raises(LimitExceededError) as told,
    ):
        ask(forked, rendered, limits=limits)

    assert (told.value.limit, told.value.allowed) == ("MAX_RENDER_TIME", "0.2s")


def test_text_of_an_error_can_steer_nothing() -> None:
    """Control characters in what a process says reach neither log nor terminal."""
    evil = "\x1b]0;owned\x07\x1b[2J\u202e\r\n" + "x" * 100_000
    said: JsonObject = {
        "code": "template-runtime",
        "message": evil,
        "hint": evil,
        "at": None,
    }

    with (
        child_that_says(encode_frame({"error": said})) as forked,
        pytest.raises(TemplateRuntimeError) as told,
    ):
        ask(forked, rendered)

    shown = told.value.explain()
    assert not any(c in shown for c in "\x1b\x07\r\u202e")
    assert len(shown) < 50_000


def test_bug_of_an_engine_is_told_in_one_line() -> None:
    """What an engine did not expect is an error of the template, on one line."""
    said = encode_frame({"bug": "ValueError: a\nb\x1b"})

    with (
        child_that_says(said) as forked,
        pytest.raises(TemplateRuntimeError, match=r"unexpected ValueError: a\?b\?"),
    ):
        ask(forked, rendered)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    ["entries", "commit_message", "error", "code", "message", "at", "entering", "data",
     "public", "secrets", "manifest", "exhausted", "bug", "unlocked", "file", "line",
     "lines", "violations", "limit", "allowed", "hint"]
)  # fmt: skip
CODES = st.sampled_from(
    [
        "template-error",
        "limit-exceeded",
        "invalid-values",
        "unsafe-path",
        "x",
        "secret-exposed",
    ]
)
PLAUSIBLE = st.dictionaries(
    NAMES,
    st.recursive(JSON | CODES, lambda inner: st.dictionaries(NAMES, inner, max_size=6)),
    max_size=6,
)


@settings(max_examples=50, deadline=None)
@given(said=PLAUSIBLE, rest=st.binary(max_size=40))
@pytest.mark.parametrize("read", READERS)
def test_any_object_is_answered_with_an_error_of_ours(
    said: JsonObject,
    rest: bytes,
    read: Callable[[JsonObject, Callable[[int], bytes]], object],
) -> None:
    """Whatever object a process answers, it is a sound answer or a clean error."""
    frame = raw(json.dumps(said).encode())
    with child_that_says(frame, rest) as forked, suppress(LostProcessError):
        ended = outcome(lambda: ask(forked, read))
        if isinstance(ended, PermanentError):
            assert ended.explain()
            assert json.dumps(ended.to_json())


@settings(max_examples=50, deadline=None)
@given(said=st.lists(st.binary(max_size=300), max_size=5))
def test_any_bytes_are_answered_with_an_error_of_ours(said: list[bytes]) -> None:
    """Whatever bytes a process answers, the worker meets a clean error."""
    with child_that_says(*said) as forked, pytest.raises(SandboxViolationError):
        ask(forked, rendered)


@settings(max_examples=40, deadline=None)
@given(cut=st.integers(0, 200), flip=st.integers(0, 200), to=st.integers(0, 255))
def test_damaged_answer_is_read_or_refused(cut: int, flip: int, to: int) -> None:
    """A sound answer, cut short or changed in a byte, is read or refused cleanly."""
    sound = bytearray(FRAME + b"ab")
    sound[flip % len(sound)] = to
    with child_that_says(bytes(sound[: max(1, len(sound) - cut % 20)])) as forked:
        ended = outcome(lambda: ask(forked, rendered))

    assert isinstance(ended, Rendered | SandboxViolationError | UnsafePathError)
