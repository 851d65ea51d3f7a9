"""The error tree: codes, texts, and what survives a process border."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator

import pytest

from provisionhub import errors
from provisionhub.errors import (
    InvalidBlueprintError,
    InvalidValuesError,
    LimitExceededError,
    ProviderRefusedError,
    ProvisionError,
    SecretExposedError,
    SnapshotMismatchError,
    TemplateRuntimeError,
    TransientError,
    UnsafePathError,
    Violation,
    did_you_mean,
)
from provisionhub.source import Source

PLACE = Source("a.j2", "one\ntwo {{ nmae }}\n").locate(11, 4)
SAMPLES = [
    TemplateRuntimeError(
        "`nmae` is not defined", at=PLACE, hint="did you mean `name`?"
    ),
    InvalidValuesError("no", violations=[Violation("/port", "is required")]),
    LimitExceededError("too large", limit="MAX_FILES", allowed=3),
    TransientError("busy", retry_after=2.5),
    ProviderRefusedError("forbidden", status=403),
    UnsafePathError("leaves the tree", path="../x"),
    SecretExposedError("seen", secret="/token", path="a.txt"),
    SnapshotMismatchError("no", blueprint="a 1.0.0", example="b", diff="-1\n+2"),
]


def _all_errors(root: type[ProvisionError]) -> Iterator[type[ProvisionError]]:
    for cls in root.__subclasses__():
        # Not those that a worker makes of what a job process tells.
        if cls.__module__.startswith(errors.__name__):
            yield cls
        yield from _all_errors(cls)


def test_every_error_has_a_code_of_its_own() -> None:
    """Every error that can be raised has a kebab-case code that no other has."""
    raised = [cls for cls in _all_errors(ProvisionError) if "code" in vars(cls)]
    codes = [cls.code for cls in raised]

    assert sorted(codes) == sorted(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


def test_module_docstring_draws_the_whole_tree() -> None:
    """The tree in the module's docstring names every error with a code."""
    drawn = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    coded = {cls.__name__ for cls in _all_errors(ProvisionError) if "code" in vars(cls)}

    assert coded <= drawn


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: error.code)
def test_error_survives_pickling(error: ProvisionError) -> None:
    """An error that crosses from another process says all that it said there."""
    crossed = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(crossed) is type(error)
    assert crossed.to_json() == error.to_json()
    assert crossed.explain() == error.explain()


def test_template_error_explains_place_and_remedy() -> None:
    """A template error shows message, place, excerpt, caret and hint, in this order."""
    assert SAMPLES[0].explain() == (
        "error: `nmae` is not defined\n"
        "  --> a.j2:2:8\n"
        "    1 | one\n"
        "    2 > two {{ nmae }}\n"
        "               ^^^^\n"
        "\n"
        "hint: did you mean `name`?"
    )


def test_details_hold_what_a_program_can_use() -> None:
    """Details carry limits, places, violations, statuses and waiting times."""
    assert [sorted(error.details()) for error in SAMPLES] == [
        ["column", "excerpt", "file", "hint", "line"],
        ["violations"],
        ["allowed", "limit"],
        ["retry_after"],
        ["status"],
        ["path"],
        ["path", "secret"],
        ["blueprint", "diff", "example"],
    ]


def test_redaction_reaches_every_text() -> None:
    """Redacting an error leaves the secret in none of its texts."""
    error = UnsafePathError("`a/hunter2` is unsafe", path="a/hunter2", hint="hunter2?")

    redacted = error.redacted(lambda text: text.replace("hunter2", "***"))

    assert "hunter2" not in redacted.explain() + str(redacted.to_json()) + repr(
        redacted
    )


def test_place_is_set_once_and_moved_below_a_folder() -> None:
    """A place that is known stays, and takes the folder that it lies in."""
    other = Source("b.yaml", "x").at(1)

    error = InvalidBlueprintError("wrong", at=PLACE).located(other).below("sample")

    assert str(error.at) == "sample/a.j2:2:8"


def test_error_without_place_takes_one() -> None:
    """An error without a place takes the one that it is given."""
    error = InvalidBlueprintError("wrong").located(PLACE)

    assert error.at == PLACE
    assert InvalidBlueprintError("wrong").below("sample").at is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("jinja", "did you mean `jinja2`?", id="near"),
        pytest.param("quite-else", None, id="far"),
    ],
)
def test_near_names_are_suggested(name: str, expected: str | None) -> None:
    """A name that is nearly right gets a hint, any other none."""
    assert did_you_mean(name, ["jinja2", "mustache"]) == expected
