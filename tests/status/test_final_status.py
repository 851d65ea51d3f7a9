"""Final statuses: delivered once, recognised when repeated, never lost."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

import pytest

from provisionhub.errors import (
    InvalidValuesError,
    ProviderRefusedError,
    TransientError,
    Violation,
)
from provisionhub.repository import CommitId, Repository, RunId
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step
from provisionhub.status.control_plane import (
    Delivered,
    Endpoint,
    HttpControlPlane,
    NotDelivered,
)
from provisionhub.status.control_plane.http import Http, Patience
from provisionhub.status.control_plane.reports import Request
from provisionhub.testing.control_plane import ControlPlaneDouble, Fault
from provisionhub.values import Redactor
from support.jobs import job
from support.raw_server import speaking

RUN = RunId("run-1")
MADE = Provisioned(
    Repository(
        "1", "my-team/my-service", "https://a.example/w", "https://a.example/c", "main"
    ),
    CommitId("a" * 40),
)
Connect = Callable[..., HttpControlPlane]

OUTCOMES: dict[str, tuple[Outcome, str, str | None]] = {
    "provisioned": (MADE, "succeeded", "push"),
    "failed": (
        Failed(ProviderRefusedError("no", status=403), Step.CREATE),
        "failed",
        "create",
    ),
    "failed before any step": (Failed(TransientError("no"), None), "failed", None),
    "cancelled": (Cancelled(Step.CREATE), "cancelled", "create"),
}


@pytest.mark.parametrize(("outcome", "status", "step"), OUTCOMES.values(), ids=OUTCOMES)
def test_outcome_is_delivered(
    outcome: Outcome,
    status: str,
    step: str | None,
    double: ControlPlaneDouble,
    connect: Connect,
) -> None:
    """Every outcome has its final status, in a body that keeps to the contract."""
    delivery = connect().deliver_final(RUN, outcome, attempt=2, seconds=12.3456)

    assert delivery == Delivered()
    (body,) = double.statuses(RUN)
    assert (body["status"], body["step"], body["attempt"]) == (status, step, 2)
    assert body["duration_seconds"] == 12.346


def test_success_names_repository_and_commit(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A success says where the repository is, and which commit is its first."""
    connect().deliver_final(RUN, MADE, attempt=1)

    (body,) = double.statuses(RUN)
    assert body["repository"] == MADE.repository.to_json()
    assert body["commit"] == MADE.commit


def test_failure_names_code_message_and_details(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A failure carries the error as every other command shows it."""
    error = InvalidValuesError("bad", violations=[Violation("/port", "is required")])

    connect().deliver_final(RUN, Failed(error, Step.VALIDATE), attempt=1)

    (body,) = double.statuses(RUN)
    assert body["error"] == error.to_json()


def test_every_request_says_who_sends_it(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A request carries the key, the worker in ASCII, and the trace."""
    traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
    control_plane = connect(trace_headers=lambda: {"traceparent": traceparent})

    control_plane.deliver_final(RUN, MADE, attempt=1)

    (received,) = double.received
    assert received.headers["authorization"] == f"Bearer {double.api_key}"
    assert received.headers["x-worker-id"] == "worker-%C3%A4 1"
    assert received.headers["traceparent"] == traceparent


def test_netrc_does_not_replace_the_key(
    double: ControlPlaneDouble,
    connect: Connect,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A ``.netrc`` entry for the same host does not take the place of the key."""
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))

    assert connect().deliver_final(RUN, MADE, attempt=1) == Delivered()
    assert double.final(RUN) == "succeeded"


def test_repeat_by_another_worker_on_another_attempt_is_the_same_report(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A final status that is repeated carries the same key and changes nothing."""
    first = connect().deliver_final(RUN, MADE, attempt=1, seconds=1)
    second = connect().deliver_final(RUN, MADE, attempt=2, seconds=2)

    assert first == second == Delivered()
    assert len(double.statuses(RUN)) == 1
    assert len({each.headers["idempotency-key"] for each in double.received}) == 1


def test_replayed_dead_letter_may_succeed(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A success after a failure is another report, and is taken."""
    control_plane = connect()
    control_plane.deliver_final(RUN, Failed(TransientError("no"), None), attempt=4)

    control_plane.deliver_final(RUN, MADE, attempt=1)

    assert [body["status"] for body in double.statuses(RUN)] == ["failed", "succeeded"]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(status=500), id="500"),
        pytest.param(Fault(status=503, headers=(("Retry-After", "0"),)), id="503"),
        pytest.param(Fault(status=429), id="429"),
        pytest.param(Fault(status=401), id="401"),
        pytest.param(Fault(status=500, reset=True), id="reset before"),
        pytest.param(Fault(reset=True), id="reset after"),
    ],
)
def test_passing_fault_is_got_over(
    fault: Fault, double: ControlPlaneDouble, connect: Connect
) -> None:
    """A fault that passes costs a repeat, and the status is taken once."""
    double.plan(fault, times=2)

    assert connect().deliver_final(RUN, MADE, attempt=1) == Delivered()
    assert double.final(RUN) == "succeeded"
    assert len(double.statuses(RUN)) == 1


def test_retry_after_is_waited_for(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """The time that the control plane asks for is given to it."""
    double.plan(Fault(status=429, headers=(("Retry-After", "1"),)))
    began = time.monotonic()

    connect().deliver_final(RUN, MADE, attempt=1)

    assert time.monotonic() - began >= 1


def test_long_retry_after_is_the_callers_to_wait_for(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A wait beyond our patience is handed on, at once."""
    double.plan(Fault(status=503, headers=(("Retry-After", "120"),)))

    delivery = connect().deliver_final(RUN, MADE, attempt=1)

    assert isinstance(delivery, NotDelivered)
    assert (delivery.retry_after, delivery.refused) == (120, False)
    assert len(double.received) == 1


def test_retry_after_may_be_a_date(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A point in time is turned into seconds; what is neither is passed over."""
    in_a_minute = format_datetime(
        datetime.now(UTC) + timedelta(seconds=60), usegmt=True
    )
    asked = []

    for text in (in_a_minute, "soon"):
        double.plan(Fault(status=503, headers=(("Retry-After", text),)))
        delivery = connect(patience=0).deliver_final(RUN, MADE, attempt=1)
        assert isinstance(delivery, NotDelivered)
        asked.append(delivery.retry_after)

    assert asked == [pytest.approx(60, abs=5), None]


def test_certificate_that_is_not_trusted_is_told(double: ControlPlaneDouble) -> None:
    """An https address without https behind it is not delivered to, and says so."""
    url = double.url.replace("http:", "https:")
    control_plane = HttpControlPlane(Endpoint(url, "k", "w"), Redactor(()), patience=0)

    delivery = control_plane.deliver_final(RUN, MADE, attempt=1)

    assert isinstance(delivery, NotDelivered)
    assert delivery.reason.endswith("its certificate is not trusted")


def test_absent_control_plane_is_told_in_bounded_time(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Nobody there: not delivered, after a bounded number of tries; later it works."""
    control_plane = connect(patience=0.5)
    double.stop()
    began = time.monotonic()

    delivery = control_plane.deliver_final(RUN, MADE, attempt=1)

    assert delivery == NotDelivered(
        "the control plane does not take the final status: the connection failed"
    )
    assert time.monotonic() - began < 2
    double.start()
    assert control_plane.deliver_final(RUN, MADE, attempt=1) == Delivered()


@pytest.mark.parametrize("status", [302, 400, 404, 409, 422])
def test_refusal_is_told_as_one(
    status: int, double: ControlPlaneDouble, connect: Connect
) -> None:
    """An answer that a repeat would get again is not repeated, and not taken as yes."""
    double.plan(Fault(status=status, headers=(("Location", "https://b.example/"),)))

    delivery = connect().deliver_final(RUN, MADE, attempt=1)

    assert isinstance(delivery, NotDelivered)
    assert delivery.refused
    assert str(status) in delivery.reason
    assert len(double.received) == 1


def test_run_that_was_cancelled_too_late_is_settled(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A control plane that has another final status has the last word."""
    double.plan(Fault(status=409, body={"status": "cancelled"}))

    assert connect().deliver_final(RUN, MADE, attempt=1) == Delivered()


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b"\xff", b'{"status": 7}', b"[" * 60_000]
)
def test_strange_answer_is_no_trouble(body: bytes) -> None:
    """What an answer says beyond its status code may be anything."""
    with speaking(b"HTTP/1.1 409 Conflict\r\nConnection: close\r\n\r\n" + body) as url:
        control_plane = HttpControlPlane(Endpoint(url, "key", "w"), Redactor(()))

        delivery = control_plane.deliver_final(RUN, MADE, attempt=1)

    assert isinstance(delivery, NotDelivered)
    assert delivery.refused


def test_answer_that_is_no_http_is_no_trouble() -> None:
    """Whatever listens there, the caller gets an outcome and no exception."""
    with speaking(b"220 smtp.example ESMTP\r\n") as url:
        control_plane = HttpControlPlane(
            Endpoint(url, "key", "w"), Redactor(()), patience=0
        )

        delivery = control_plane.deliver_final(RUN, MADE, attempt=1)

    assert isinstance(delivery, NotDelivered)
    assert not delivery.refused


def test_answer_that_never_ends_is_left() -> None:
    """An answer that comes drop by drop, for ever, holds nobody up."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    with speaking(head, then=b" ", every=0.05) as url:
        http = Http(url, "key", "w")
        began = time.monotonic()

        answer = http.send(Request("PATCH", "/", "key", {}), Patience(1, 0.3))

    assert answer.is_taken
    assert time.monotonic() - began < 1


def test_worker_id_may_be_anything(double: ControlPlaneDouble) -> None:
    """A worker's name that no header can hold is spelled so that one can."""
    worker_id = " 100 % ä\r\nX-Other: 1"
    control_plane = HttpControlPlane(
        Endpoint(double.url, double.api_key, worker_id), Redactor(())
    )

    assert control_plane.deliver_final(RUN, MADE, attempt=1) == Delivered()
    shown = double.received[0].headers["x-worker-id"]
    assert shown == "100 %25 %C3%A4%0D%0AX-Other: 1"


def test_secret_of_the_settings_is_in_no_body(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """A key that found its way into an error is hidden in each of its forms."""
    key = double.api_key
    forms = [
        key,
        quote(key, safe=""),
        base64.b64encode(key.encode()).decode(),
        base64.b64encode(b"user:" + key.encode()).decode(),
        json.dumps(key),
    ]
    error = ProviderRefusedError(" ".join(forms), hint=forms[1])
    control_plane = connect()
    told = control_plane.reporter(attempt=1)

    control_plane.deliver_final(RUN, Failed(error, Step.PUSH), attempt=1)
    told.said(job(), Step.PUSH, " ".join(forms))
    told.warned(job(), Step.PUSH, forms[2])
    control_plane.close()

    bodies = b" ".join(each.data for each in double.received).decode()
    assert len(double.lines(RUN)) == 2
    assert [form for form in (*forms, key[4:]) if form in bodies] == []
    assert "key" not in repr(Endpoint("https://a.example", "key", "w"))


def test_control_plane_that_is_well_has_no_trouble(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """One that answers, and takes the key, is told to be well."""
    assert connect().trouble() is None
    assert double.statuses("provisionhub-doctor") == []


def test_each_trouble_is_told_apart(double: ControlPlaneDouble) -> None:
    """A wrong key, an address that leads nowhere, and an ill server are named."""
    wrong_key = HttpControlPlane(Endpoint(double.url, "x", "w"), Redactor(()))
    told = [wrong_key.trouble()]
    for head in (b"302 Found\r\nLocation: /login", b"502 Bad Gateway"):
        with speaking(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\n\r\n") as url:
            other = HttpControlPlane(Endpoint(url, "x", "w"), Redactor(()))
            told.append(other.trouble())
    double.stop()
    told.append(wrong_key.trouble())

    assert told == [
        "it does not accept the key: it answered 401 Unauthorized",
        "it answered 302 Found",
        "it answered 502 Bad Gateway",
        "it can't be reached: the connection failed",
    ]


def test_many_threads_share_one_client(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Slots deliver side by side, each run once."""
    control_plane = connect()
    runs = [RunId(f"run-{number}") for number in range(40)]

    def deliver(run_id: RunId) -> object:
        return control_plane.deliver_final(run_id, MADE, attempt=1)

    with ThreadPoolExecutor(5) as slots:
        deliveries = list(slots.map(deliver, runs))

    assert set(deliveries) == {Delivered()}
    assert {len(double.statuses(run)) for run in runs} == {1}
