"""Messages: what travels on from one attempt to the next, and what does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from provisionhub.errors import (
    InvalidValuesError,
    LimitExceededError,
    ProvisionError,
    RepositoryExistsError,
    StatusRefusedError,
    TransientError,
    Violation,
)
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step
from provisionhub.worker.message import Delivery, clipped, read_history, replayed
from provisionhub.worker.outcomes import (
    error_from_json,
    error_to_json,
    outcome_from_json,
    outcome_to_json,
)

PROVISIONED = Provisioned(Repository("1", "a/b", "w", "c", "main"), CommitId("0" * 40))
RECEIVED = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


def delivery(headers: dict[str, Any] | None = None) -> Delivery:
    """Return a delivery with *headers*."""
    return Delivery("jobs", b"{}", headers or {}, 1, 1, False, RECEIVED)


def test_next_attempt_carries_its_history() -> None:
    """A retried message counts on, and tells what became of each attempt."""
    first = delivery({"traceparent": "00-a", "x-death": [{}], "x-delivery-count": 3})

    once = first.retried("q", TransientError("busy"), worker_id="w")
    twice = delivery(once.headers).retried("q", TransientError("no"), worker_id="w")

    assert twice.headers["ph-attempt"] == 3
    assert twice.headers["traceparent"] == "00-a"
    assert twice.headers["ph-first-received"] == RECEIVED.isoformat()
    history = read_history(twice.headers)
    assert [(e["attempt"], e["message"]) for e in history] == [(1, "busy"), (2, "no")]
    assert not [name for name in twice.headers if name.startswith("x-")]


def test_history_is_bounded() -> None:
    """However often a job is tried, its headers stay small."""
    headers: dict[str, Any] = {}
    for _ in range(40):
        error = TransientError("é" * 5000)
        headers = delivery(headers).retried("q", error, worker_id="w").headers

    assert len(read_history(headers)) == 10
    assert len(json.dumps(headers)) < 100_000


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"ph-attempt": "x"}, id="text"),
        pytest.param({"ph-attempt": -3}, id="negative"),
        pytest.param({"ph-first-received": "yesterday"}, id="no time"),
        pytest.param({"ph-history": "{"}, id="no JSON"),
        pytest.param({"ph-outcome": "{}"}, id="no outcome"),
        pytest.param({"ph-outcome": 3}, id="a number"),
        pytest.param({"ph-reports": None}, id="nothing"),
    ],
)
def test_foreign_headers_do_no_harm(headers: dict[str, Any]) -> None:
    """Headers that somebody else has written are taken for none."""
    found = delivery(headers)

    assert (found.attempt, found.reports, found.outcome) == (1, 0, None)
    assert found.first_received_at == RECEIVED
    assert found.retried("q", TransientError("x"), worker_id="w").headers


def test_replayed_message_starts_afresh() -> None:
    """A replay forgets attempts and reasons, and keeps the time that counts."""
    error = RepositoryExistsError("taken")
    dead = delivery({"traceparent": "00-a"}).dead_lettered("d", error, worker_id="w")

    again = replayed(dead)

    assert again.headers == {
        "traceparent": "00-a",
        "ph-first-received": RECEIVED.isoformat(),
    }


@pytest.mark.parametrize(
    "outcome",
    [
        PROVISIONED,
        Cancelled(Step.PUSH),
    ],
)
def test_outcome_waits_in_a_message(outcome: Outcome) -> None:
    """An outcome that could not be reported comes back with its message."""
    kept = delivery().unreported("q", outcome, is_dead_lettered=False)

    again = delivery(kept.headers)

    assert (again.outcome, again.reports, again.attempt) == (outcome, 1, 1)


@pytest.mark.parametrize(
    "error",
    [
        InvalidValuesError("no", violations=[Violation("/port", "is required")]),
        LimitExceededError("too large", limit="MAX_FILES", allowed=3, hint="less"),
        TransientError("busy", retry_after=2.5),
        ProvisionError("a bug"),
    ],
)
def test_error_comes_back_as_it_was(error: ProvisionError) -> None:
    """Code, message, details and kind survive; a plugin's class need not be known."""
    told = error_from_json(json.loads(json.dumps(error_to_json(error))))

    assert told.to_json() == error.to_json()
    assert error_to_json(told) == error_to_json(error)
    assert told.hint == error.hint
    assert getattr(told, "retry_after", None) == getattr(error, "retry_after", None)


@pytest.mark.parametrize("outcome", [PROVISIONED, Cancelled(Step.PUSH)])
def test_outcome_that_nobody_takes_is_reported_by_a_replay(outcome: Outcome) -> None:
    """What was done is not done again by a replay: it is reported, and counted anew."""
    waiting = delivery(
        delivery().unreported("q", outcome, is_dead_lettered=False).headers
    )
    error = StatusRefusedError("404")

    dead = waiting.unheard("d", outcome, error, worker_id="w")
    again = delivery(replayed(dead).headers)

    assert dead.headers["ph-reason"] == "status-refused"
    assert (again.outcome, again.reports, again.attempt) == (outcome, 0, 1)


def test_failure_that_nobody_takes_is_tried_again_by_a_replay() -> None:
    """What failed is a job again once it is replayed."""
    failed = Failed(RepositoryExistsError("taken"), Step.CREATE)
    waiting = delivery(
        delivery().unreported("q", failed, is_dead_lettered=False).headers
    )

    dead = waiting.unheard("d", failed, StatusRefusedError("404"), worker_id="w")

    assert delivery(replayed(dead).headers).outcome is None


def test_large_details_stay_behind() -> None:
    """An error too large for a header keeps its code and the start of its message."""
    violations = [Violation(f"/{number}", "x" * 100) for number in range(1000)]
    error = InvalidValuesError("y" * 5000, violations=violations)

    kept = delivery().unreported(
        "q", Failed(error, Step.VALIDATE), is_dead_lettered=False
    )

    found = delivery(kept.headers).outcome
    assert len(kept.headers["ph-outcome"]) < 3000
    assert isinstance(found, Failed)
    assert (found.error.code, found.step) == ("invalid-values", Step.VALIDATE)


@pytest.mark.parametrize(
    "told", [{}, {"status": "failed"}, {"status": "cancelled", "step": "x"}]
)
def test_foreign_outcome_is_refused(told: dict[str, Any]) -> None:
    """What is no outcome is refused."""
    with pytest.raises(ValueError, match=r"outcome|Step"):
        outcome_from_json(told)


def test_clipped_text_is_whole_characters() -> None:
    """A text is clipped to a KiB of UTF-8, between characters."""
    assert clipped("short") == "short"
    assert len(clipped("é" * 1000).encode()) <= 1024
    assert outcome_to_json(Cancelled(Step.PUSH)) == {
        "status": "cancelled",
        "step": "push",
    }
