"""The broker's address and its refusals, told without any credential."""

from __future__ import annotations

import pytest
from pika.exceptions import (
    AMQPConnectionError,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    ProbableAuthenticationError,
)

from provisionhub.job import JobType
from provisionhub.worker.broker import Broker, SetupError, describe, is_refusal
from provisionhub.worker.link import Backoff
from provisionhub.worker.plan import Plan
from provisionhub.worker.policy import RetryPolicy
from provisionhub.worker.topology import Topology


def test_broker_is_shown_without_credentials() -> None:
    """Host, port and virtual host are shown; user and password never."""
    broker = Broker("amqp://me:s3cret@mq.example:5673/team", "w")

    assert str(broker) == "mq.example:5673/team"
    assert "s3cret" not in repr(broker)


@pytest.mark.parametrize(
    ("error", "refused", "says"),
    [
        (ConnectionClosedByBroker(403, "ACCESS_REFUSED"), True, "403 ACCESS_REFUSED"),
        (ConnectionClosedByBroker(530, "NOT_ALLOWED"), True, "530 NOT_ALLOWED"),
        (ConnectionClosedByBroker(320, "CONNECTION_FORCED"), False, "320"),
        (ProbableAuthenticationError("x"), True, "user or password is wrong"),
        (AMQPConnectionError(OSError("refused")), False, "OSError: refused"),
        (ChannelClosedByBroker(404, "NOT_FOUND"), False, "ChannelClosedByBroker"),
        (TimeoutError(), False, "TimeoutError"),
    ],
)
def test_refusals_are_told_apart(error: Exception, refused: bool, says: str) -> None:
    """A broker that won't have us is another thing than one that is away."""
    assert is_refusal(error) is refused
    assert says in describe(error)


def test_waits_grow_with_jitter_and_start_anew() -> None:
    """Waits between attempts grow to five seconds at most, so that it is back soon."""
    backoff = Backoff()
    waits = [backoff.next() for _ in range(200)]

    assert max(waits[:1]) <= 0.5
    assert 3 < max(waits) <= 5
    backoff.reset()
    assert backoff.next() <= 0.5


def test_other_queues_have_an_exchange_of_their_own() -> None:
    """Two queues of jobs on one broker never get each other's routed jobs."""
    assert Topology("provisioning-jobs").exchange == "provisionhub.jobs"
    assert Topology("other").exchange == "other.jobs"
    assert Topology("q").retry("q.system", 0.25).name == "q.system.retry.250"


def plan(**changes: object) -> Plan:
    """Return a sound plan with *changes*."""
    members: dict[str, object] = {
        "queue": "q",
        "worker_id": "w",
        "concurrency": 5,
        "prefetch": 1,
        "mode": "standard",
        "types": frozenset(),
        "batch": 100,
        "retries": RetryPolicy(5, 4),
        "longest": 600.0,
        "draining": 25.0,
        **changes,
    }
    return Plan(**members)  # type: ignore[arg-type] # by name, from a test


def test_sources_follow_the_mode() -> None:
    """A standard worker takes every queue, a specialized one those of its types."""
    topology = Topology("q")
    special = plan(mode="specialized", types=frozenset({JobType.SYSTEM}))

    assert plan().sources(topology) == ["q", "q.component", "q.system"]
    assert special.sources(topology) == ["q.system"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [({"mode": "specialized"}, "WORKER_JOB_TYPES"), ({"prefetch": 4}, "PREFETCH")],
)
def test_plan_that_cannot_go_well_is_refused(
    changes: dict[str, object], says: str
) -> None:
    """Settings that don't fit together are named."""
    with pytest.raises(SetupError, match=says):
        plan(**changes).check()
