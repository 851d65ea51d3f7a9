"""Blueprints are linted in locked processes, and what those answer is checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import (
    LimitExceededError,
    PermanentError,
    SandboxViolationError,
)
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.linting import Code, Finding, Report, lint
from provisionhub.registry import engine_plugins
from provisionhub.sandbox import Sandbox
from provisionhub.sandbox.asking import LostProcessError
from provisionhub.sandbox.findings import read_report, write_report
from provisionhub.sandbox.frames import encode_frame
from provisionhub.source import Source
from support.blueprints import MANIFEST, blueprint_files
from support.hostile_child import ask, child_that_says
from support.sandboxes import LIMITS, outcome, sandbox

FILES = {
    "template/a.txt.j2": "{{ Nmae }} {{ Values.token }}",
    "template/b.txt.j2": "{% if %}",
}
SCHEMA = "schema: {required: [token], properties: {token: {writeOnly: true}}}\n"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Return a sandbox."""
    box = sandbox()
    yield box
    box.close()


def read(said: JsonObject, _read: Callable[[int], bytes]) -> Report:
    """Read a report as the command does."""
    return read_report(said)


def test_report_is_the_same_from_a_locked_process(box: Sandbox) -> None:
    """A locked process finds what this one does, and all of it arrives."""
    files = blueprint_files(FILES, MANIFEST + SCHEMA)

    inside = box.lint(files, label="sample")

    assert inside == lint(files, engine_plugins(), label="sample")
    assert [each.code for each in inside.findings] == [
        Code.UNDECLARED_VALUE,
        Code.EXPOSED_SECRET,
        Code.SYNTAX,
    ]
    assert inside.affects == {"/token": ("template/a.txt.j2",)}


def test_broken_blueprint_leaves_the_sandbox_sound(box: Sandbox) -> None:
    """What can't be loaded is a finding, and the next blueprint is none the worse."""
    broken = box.lint(blueprint_files({}, "name: [\n"), label="sample")
    sound = box.lint(blueprint_files({"template/a": ""}), label="sample")

    assert [each.code for each in broken.findings] == [Code.SYNTAX]
    assert sound.findings == ()


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param("{pattern: '^(a|a)*(a|a)*(a|a)*b$'}", id="pattern"),
        pytest.param("{pattern: '^((((a*)*)*)*)*$', examples: [aaaaaaaaa]}", id="loop"),
    ],
)
def test_pattern_without_end_ends(schema: str) -> None:
    """A pattern that takes for ever is stopped by the limits, or tried in time."""
    limits = replace(LIMITS, wall_seconds=5.0)
    box = sandbox(limits)
    manifest = MANIFEST + f"schema: {{required: [a], properties: {{a: {schema}}}}}\n"
    files = blueprint_files({"template/{{ Values.a }}": ""}, manifest)

    ended = outcome(lambda: box.lint(files, label="sample"))

    assert isinstance(ended, Report | LimitExceededError)
    box.close()


def finding(**changes: JsonValue) -> JsonObject:
    """Return a sound finding as it crosses, with *changes*."""
    sound: JsonObject = {
        "code": "syntax",
        "message": "x",
        "hint": None,
        "pointer": None,
        "at": None,
    }
    return sound | changes


def answer(**changes: JsonValue) -> JsonObject:
    """Return a sound answer, with *changes*."""
    sound: JsonObject = {
        "findings": [finding()],
        "left_out": 0,
        "outlined": True,
        "files": ["template/a"],
        "affects": [{"pointer": "/a", "files": [0]}],
    }
    return sound | changes


def test_sound_answer_is_read() -> None:
    """The answer that the next test breaks is a sound one."""
    with child_that_says(encode_frame(answer())) as forked:
        assert ask(forked, read) == Report(
            (Finding(Code.SYNTAX, "x"),), {"/a": ("template/a",)}
        )


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(answer(findings=None), id="no findings"),
        pytest.param(answer(findings=[finding()] * 501), id="too many findings"),
        pytest.param(answer(findings=["x"]), id="a finding that is a text"),
        pytest.param(answer(findings=[finding(code="x")]), id="an unknown code"),
        pytest.param(answer(findings=[finding(message=1)]), id="no message"),
        pytest.param(answer(findings=[finding(hint=[])]), id="a hint of no text"),
        pytest.param(answer(findings=[finding(at={})]), id="a place that is none"),
        pytest.param(answer(findings=[finding(pointer=0)]), id="a pointer of no text"),
        pytest.param(answer(left_out=-1), id="fewer than none"),
        pytest.param(answer(outlined=1), id="no truth"),
        pytest.param(answer(files=[1]), id="a file that is a number"),
        pytest.param(answer(files=["a"] * 10_001), id="too many files"),
        pytest.param(answer(affects=[{"pointer": "/a", "files": [1]}]), id="no file"),
        pytest.param(answer(affects=[{"pointer": "/a", "files": [-1]}]), id="before"),
        pytest.param(answer(affects=[{"pointer": "/a", "files": [True]}]), id="true"),
        pytest.param(answer(affects=[{"pointer": "/a", "files": "0"}]), id="a text"),
        pytest.param(answer(affects=[{"files": []}]), id="no pointer"),
        pytest.param(answer(affects={}), id="no list"),
    ],
)
def test_answer_that_is_none_is_a_violation(said: JsonObject) -> None:
    """Codes, counts and places are checked outside, whatever was said inside."""
    with (
        child_that_says(encode_frame(said)) as forked,
        pytest.raises(SandboxViolationError),
    ):
        ask(forked, read)


def test_text_of_a_finding_can_steer_nothing() -> None:
    """Control characters in what a process says reach no terminal."""
    evil = "\x1b[2J\u202e\r" + "x" * 100_000
    said = answer(
        findings=[finding(message=evil, hint=evil, pointer=evil)],
        files=[evil],
        affects=[{"pointer": evil, "files": [0]}],
    )

    with child_that_says(encode_frame(said)) as forked:
        report = ask(forked, read)

    shown = json.dumps(report.to_json(), ensure_ascii=False)
    assert not any(each in shown for each in "\x1b\r\u202e")
    assert len(shown) < 100_000


@settings(max_examples=60, deadline=None)
@given(
    said=st.fixed_dictionaries(
        {},
        optional={
            name: st.none()
            | st.booleans()
            | st.integers()
            | st.text(max_size=9)
            | st.lists(st.integers() | st.text(max_size=9), max_size=3)
            | st.lists(
                st.dictionaries(
                    st.sampled_from(["code", "at", "pointer", "files", "message"]),
                    st.integers() | st.text(max_size=5),
                ),
                max_size=3,
            )
            for name in answer()
        },
    )
)
def test_any_object_is_a_report_or_a_clean_error(said: JsonObject) -> None:
    """Whatever object a process answers, nothing but an error of ours comes of it."""
    frame = encode_frame(answer() | said)
    with child_that_says(frame) as forked, suppress(LostProcessError):
        assert isinstance(outcome(lambda: ask(forked, read)), Report | PermanentError)


def test_report_that_is_too_long_is_cut() -> None:
    """More findings and effects than may cross are left out, and counted."""
    at = Source("a", "x" * 10_000).at(1)
    findings = tuple(Finding(Code.SYNTAX, str(number), at) for number in range(600))
    files = tuple(f"template/{number}" for number in range(2_000))
    affects = {f"/{number}": files for number in range(200)}

    said = write_report(Report(findings, affects, left_out=1))
    report = read_report(said)

    assert (len(report.findings), report.left_out) == (500, 101)
    assert sum(map(len, report.affects.values())) == 200_000
    assert len(encode_frame(said)) < 8_000_000
