"""Every outcome, and what becomes of its message: DESIGN.md §5 as a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.errors import (
    JobTimeoutError,
    ProvisionError,
    RepositoryExistsError,
    TransientError,
    WorkerCrashedError,
)
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step
from provisionhub.worker.policy import (
    Acknowledge,
    DeadLetter,
    Retry,
    RetryPolicy,
    Settlement,
)

POLICY = RetryPolicy(first=5, most=4)
MADE = Provisioned(Repository("1", "a/b", "w", "c", "main"), CommitId("0" * 40))
BUSY = TransientError("busy")
LIMITED = TransientError("limited", retry_after=12)
FAR = TransientError("limited", retry_after=4000)
TAKEN = RepositoryExistsError("taken")
BUG = ProvisionError("bug")
CRASH = WorkerCrashedError("died")
LATE = JobTimeoutError("late")


@pytest.mark.parametrize(
    ("outcome", "attempt", "expected"),
    [
        pytest.param(MADE, 1, Acknowledge(), id="provisioned"),
        pytest.param(Cancelled(Step.CREATE), 1, Acknowledge(), id="cancelled"),
        pytest.param(Failed(TAKEN, Step.CREATE), 1, Acknowledge(), id="permanent"),
        pytest.param(Failed(BUSY, None), 1, Retry(5, BUSY), id="first attempt"),
        pytest.param(Failed(BUSY, None), 2, Retry(10, BUSY), id="second"),
        pytest.param(Failed(BUSY, None), 3, Retry(20, BUSY), id="third"),
        pytest.param(Failed(BUSY, None), 4, DeadLetter(BUSY), id="last"),
        pytest.param(Failed(BUSY, None), 9, DeadLetter(BUSY), id="past the last"),
        pytest.param(Failed(LIMITED, None), 1, Retry(20, LIMITED), id="retry after"),
        pytest.param(Failed(LIMITED, None), 3, Retry(20, LIMITED), id="shorter"),
        pytest.param(Failed(FAR, None), 1, Retry(300, FAR), id="at most 5 minutes"),
        pytest.param(Failed(FAR, None), 4, DeadLetter(FAR), id="uses up an attempt"),
        pytest.param(Failed(BUG, None), 1, DeadLetter(BUG), id="bug"),
        pytest.param(Failed(CRASH, None), 1, Retry(5, CRASH), id="crash"),
        pytest.param(Failed(CRASH, None), 4, DeadLetter(CRASH), id="crash in the last"),
        pytest.param(Failed(LATE, None), 1, Retry(5, LATE), id="timeout"),
    ],
)
def test_outcome_decides(outcome: Outcome, attempt: int, expected: Settlement) -> None:
    """Outcome and attempt alone decide what becomes of the message."""
    assert POLICY.settle(outcome, attempt=attempt) == expected


def test_waits_double_up_to_the_longest() -> None:
    """The waits that there are double, and end with the longest."""
    assert list(POLICY.delays) == [5, 10, 20, 40, 80, 160, 300]
    assert list(RetryPolicy(first=900, most=2).delays) == [300]


def test_refused_status_is_sent_until_every_wait_is_over() -> None:
    """A final status is given up once the longest wait has changed nothing."""
    assert not POLICY.gives_up_reporting(len(POLICY.delays))
    assert POLICY.gives_up_reporting(len(POLICY.delays) + 1)


@given(
    st.floats(0.001, 1000),
    st.integers(1, 200),
    st.none() | st.floats(0, 1e6),
)
def test_every_wait_is_one_that_there_is(
    first: float, attempt: int, retry_after: float | None
) -> None:
    """Whatever is asked for, the wait has a queue, and is no shorter than can be."""
    policy = RetryPolicy(first=first, most=4)

    delay = policy.delay_after(attempt, retry_after=retry_after)

    assert delay in policy.delays
    assert delay >= min(retry_after or 0.0, policy.longest)
