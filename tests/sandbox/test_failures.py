"""Errors cross from a locked process as themselves."""

from __future__ import annotations

import json

import pytest

from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    InvalidValuesError,
    LimitExceededError,
    PermanentError,
    SandboxViolationError,
    SecretExposedError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UnknownEngineError,
    UnsafePathError,
    Violation,
)
from provisionhub.sandbox.failures import read_error, write_error
from provisionhub.source import Source

AT = Source("template/a.j2", "one\ntwo {{ x }}\nthree\n").at(2, 8, 3)


@pytest.mark.parametrize(
    "error",
    [
        BlueprintNotFoundError("no example", hint="there is `a`"),
        InvalidBlueprintError("is wrong", at=AT),
        InvalidBlueprintError("is wrong"),
        InvalidValuesError(
            "2 values do not fit",
            violations=[
                Violation("/a", "must be a number"),
                Violation("/b", "unknown", at=AT, of_name=True),
            ],
        ),
        LimitExceededError("too large", limit="MAX_FILE_SIZE", allowed="50MB", at=AT),
        LimitExceededError("too many", limit="MAX_FILES", allowed=10),
        SandboxViolationError("off limits", at=AT, hint="leave it"),
        SecretExposedError("shows", secret="/token", path="a.txt"),
        TemplateError("failed", at=AT),
        TemplateRuntimeError("failed", at=AT, hint="did you mean `y`?"),
        TemplateSyntaxError("not written so", at=AT),
        UnknownEngineError("not installed", at=AT),
        UnsafePathError("leaves the tree", path="../a"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_error_crosses_as_itself(error: PermanentError) -> None:
    """Class, message, place with excerpt, hint and details arrive as they were."""
    crossed = read_error(json.loads(json.dumps(write_error(error))))

    assert type(crossed) is type(error)
    assert crossed.explain() == error.explain()
    assert crossed.to_json() == error.to_json()


def test_long_line_is_cut_behind_what_is_shown() -> None:
    """Of a line of megabytes only what a person is shown of it crosses."""
    line = "a" * 1_000_000 + "{{ x }}" + "b" * 1_000_000
    error = TemplateRuntimeError("failed", at=Source("a", line).at(1, 1_000_001, 7))

    said = write_error(error)

    assert len(json.dumps(said)) < 1_100_000
    assert read_error(said).explain() == error.explain()


def test_half_of_a_pair_does_not_stop_an_error() -> None:
    """A message that UTF-8 can't hold crosses with a question mark in its place."""
    crossed = read_error(write_error(TemplateRuntimeError("bad \ud800 text")))

    assert crossed.message == "bad ? text"
