"""The control-plane double refuses what the contract forbids, and fails as planned."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import pytest
import requests

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.testing.control_plane import ControlPlaneDouble, Fault, Kind

BODY: JsonObject = {
    "status": "running",
    "step": "render",
    "attempt": 1,
    "worker_id": "w",
    "occurred_at": "2026-01-31T12:00:00.000Z",
    "sequence": 5,
}
FAILED: JsonObject = {
    **BODY,
    "status": "failed",
    "sequence": 9,
    "error": {"code": "invalid-job", "message": "no", "details": {}},
}
MADE: JsonObject = {
    **BODY,
    "status": "succeeded",
    "sequence": 10,
    "repository": {"id": "1", "web_url": "w", "clone_url": "c", "default_branch": "m"},
    "commit": "a" * 40,
}


@pytest.fixture
def double() -> Iterator[ControlPlaneDouble]:
    """Return a control plane."""
    with ControlPlaneDouble("key") as double:
        yield double


def send(
    double: ControlPlaneDouble,
    body: JsonValue,
    path: str = "/api/v1/runs/run-1",
    **headers: str,
) -> tuple[int, object]:
    """Send one report; return the status code and body of the answer."""
    response = requests.request(
        "POST" if path.endswith("/logs") else "PATCH",
        double.url + path,
        json=body,
        headers={
            "Authorization": "Bearer key",
            "Idempotency-Key": str(uuid.uuid4()),
            "X-Worker-Id": "w",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        timeout=5,
    )
    return response.status_code, response.json()


@pytest.mark.parametrize(
    ("body", "path", "headers", "status"),
    [
        pytest.param(
            BODY, "/api/v1/runs/a", {"Authorization": "Bearer x"}, 401, id="key"
        ),
        pytest.param(BODY, "/api/v2/runs/a", {}, 404, id="place"),
        pytest.param(BODY, "/api/v1/runs/a%2Fb", {}, 404, id="run id"),
        pytest.param(
            BODY, "/api/v1/runs/a", {"Idempotency_Key": "1"}, 400, id="no UUID"
        ),
        pytest.param(BODY, "/api/v1/runs/a", {"X_Worker_Id": ""}, 400, id="no worker"),
        pytest.param(BODY, "/api/v1/runs/a", {"traceparent": "00-1"}, 400, id="trace"),
        pytest.param({**BODY, "x": 1}, "/api/v1/runs/a", {}, 422, id="member"),
        pytest.param(
            {**BODY, "status": "failed"}, "/api/v1/runs/a", {}, 422, id="no error"
        ),
        pytest.param([BODY], "/api/v1/runs/a", {}, 422, id="no object"),
        pytest.param({"entries": []}, "/api/v1/runs/a/logs", {}, 422, id="no entry"),
    ],
)
def test_what_the_contract_forbids_is_refused(
    body: JsonValue,
    path: str,
    headers: dict[str, str],
    status: int,
    double: ControlPlaneDouble,
) -> None:
    """A request that breaks the contract is refused, and has no effect."""
    answered, _ = send(double, body, path, **headers)

    assert answered == status
    assert double.statuses("a") == []


def test_breaches_are_complained_of(double: ControlPlaneDouble) -> None:
    """A test can ask whether anything broke the contract."""
    send(double, BODY)
    before = double.complaints

    send(double, {**BODY, "x": 1})

    assert before == []
    assert double.complaints == ["/x: is not known here"]


def test_repeat_is_answered_as_before(double: ControlPlaneDouble) -> None:
    """One key is one report, whatever the circumstances."""
    key = str(uuid.uuid4())

    first = send(double, FAILED, Idempotency_Key=key)
    second = send(double, {**FAILED, "attempt": 2, "sequence": 11}, Idempotency_Key=key)

    assert first == second == (200, {})
    assert (len(double.statuses("run-1")), double.repeats) == (1, 1)
    assert double.complaints == []


def test_first_of_two_failures_stands(double: ControlPlaneDouble) -> None:
    """A run may fail twice, for different reasons; its key is that of one report."""
    key = str(uuid.uuid4())
    error: JsonObject = {"code": "timeout", "message": "late", "details": {}}

    send(double, FAILED, Idempotency_Key=key)
    send(double, {**FAILED, "step": "push", "error": error}, Idempotency_Key=key)

    assert double.complaints == []
    assert double.statuses("run-1")[-1]["error"] == FAILED["error"]


def test_two_reports_under_one_key_are_a_breach(double: ControlPlaneDouble) -> None:
    """A key that is used for another report is complained of."""
    key = str(uuid.uuid4())
    send(double, BODY, Idempotency_Key=key)

    send(double, {**BODY, "step": "push"}, Idempotency_Key=key)

    assert double.complaints == ["run-1: two reports under one key"]


def test_late_report_changes_nothing(double: ControlPlaneDouble) -> None:
    """A report that was overtaken is taken, and left aside."""
    send(double, BODY)

    assert send(double, {**BODY, "sequence": 4, "step": "prepare"}) == (200, {})
    assert [body["step"] for body in double.statuses("run-1")] == ["render"]


def test_final_status_is_final(double: ControlPlaneDouble) -> None:
    """Nothing follows a success, and only a success a failure."""
    taken = [
        send(double, FAILED),
        send(double, {**BODY, "sequence": 9}),
        send(double, MADE),
        send(double, {**FAILED, "sequence": 11}),
    ]

    assert taken == [
        (200, {}),
        (409, {"status": "failed"}),
        (200, {}),
        (409, {"status": "succeeded"}),
    ]
    assert double.final("run-1") == "succeeded"
    assert double.complaints == ["failed after succeeded"]


def test_cancelled_run_is_told_to_stop(double: ControlPlaneDouble) -> None:
    """A run that is cancelled gets 409 for an answer until it ends."""
    double.cancel("run-1")

    assert send(double, BODY) == (409, {"status": "cancelled"})
    assert send(double, {**BODY, "status": "cancelled", "sequence": 6}) == (200, {})
    assert double.final("run-1") == "cancelled"


def test_faults_come_as_planned(double: ControlPlaneDouble) -> None:
    """Faults meet as many requests of their kind as planned, then no more."""
    double.plan(Fault(status=503, body={"message": "no"}), times=2)

    answers = [send(double, BODY)[0] for _ in range(3)]

    assert answers == [503, 503, 200]
    double.plan(Fault(status=503), times=9)
    double.clear_faults()
    assert send(double, {**BODY, "sequence": 6})[0] == 200


@pytest.mark.parametrize(("status", "taken"), [(500, 0), (None, 1)])
def test_reset_comes_before_or_after_the_effect(
    status: int | None, taken: int, double: ControlPlaneDouble
) -> None:
    """A connection may break before or after the report was taken."""
    double.plan(Fault(status=status, reset=True))

    with pytest.raises(requests.ConnectionError):
        send(double, BODY)

    assert len(double.statuses("run-1")) == taken


def test_delay_holds_the_answer_back(double: ControlPlaneDouble) -> None:
    """A slow answer takes as long as planned."""
    double.plan(Fault(delay=0.1), on=Kind.STATUS)
    began = time.monotonic()

    send(double, BODY)

    assert time.monotonic() - began >= 0.1


def test_it_comes_back_at_the_same_address(double: ControlPlaneDouble) -> None:
    """While it is stopped nobody answers; then it knows what it knew."""
    url = double.url
    send(double, BODY)
    double.stop()
    with pytest.raises(requests.ConnectionError):
        send(double, BODY)

    double.start()

    assert double.url == url
    assert len(double.statuses("run-1")) == 1
