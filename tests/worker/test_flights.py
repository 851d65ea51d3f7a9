"""Runs in flight: adopted, joined, remembered; none is done twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from provisionhub.repository import RunId
from provisionhub.worker.flights import Flight, Flights, Joined, Settled
from provisionhub.worker.message import Delivery

RUN = RunId("run-1")
FIRST = Delivery("jobs", b"{}", {}, 1, 7, False, datetime(2026, 1, 31, tzinfo=UTC))
AGAIN = replace(FIRST, epoch=2, tag=1, is_redelivered=True)


class Broker:
    """Knows the epoch that is going on."""

    epoch = 1

    def is_current(self, delivery: Delivery) -> bool:
        """Tell whether *delivery* is of this epoch."""
        return delivery.epoch == self.epoch


def test_running_job_adopts_its_redelivered_message() -> None:
    """After a reconnect the flight goes on with the message's new delivery."""
    broker = Broker()
    flights = Flights(broker.is_current)
    flight = flights.admit(RUN, FIRST)
    broker.epoch = 2

    admission = flights.admit(RUN, AGAIN)

    assert isinstance(flight, Flight)
    assert admission == Joined()
    assert flight.delivery is AGAIN
    assert flights.land(flight, is_settled=True) == []
    assert len(flights) == 0


def test_job_that_has_ended_needs_its_ack_only() -> None:
    """A redelivery of what was settled here is not done again."""
    flights = Flights(Broker().is_current)
    flight = flights.admit(RUN, FIRST)
    assert isinstance(flight, Flight)
    flights.land(flight, is_settled=True)

    assert flights.admit(RUN, AGAIN) == Settled()


def test_new_message_of_a_settled_run_is_done() -> None:
    """A first delivery is somebody's own request, however alike."""
    flights = Flights(Broker().is_current)
    flight = flights.admit(RUN, FIRST)
    assert isinstance(flight, Flight)
    flights.land(flight, is_settled=True)

    assert isinstance(flights.admit(RUN, replace(FIRST, tag=8)), Flight)


def test_unsettled_flight_is_not_remembered() -> None:
    """What was abandoned is done again when it comes again."""
    flights = Flights(Broker().is_current)
    flight = flights.admit(RUN, FIRST)
    assert isinstance(flight, Flight)
    flights.land(flight, is_settled=False)

    assert isinstance(flights.admit(RUN, AGAIN), Flight)


def test_second_message_of_a_run_waits_for_the_first() -> None:
    """Two messages of one run are done one after the other."""
    flights = Flights(Broker().is_current)
    flight = flights.admit(RUN, FIRST)
    second = replace(FIRST, tag=8)

    assert flights.admit(RUN, second) == Joined()
    assert isinstance(flight, Flight)
    assert flights.land(flight, is_settled=True) == [second]


def test_memory_is_bounded() -> None:
    """Only the latest are remembered."""
    flights = Flights(Broker().is_current)
    for number in range(2100):
        body = str(number).encode()
        flight = flights.admit(RUN, replace(FIRST, body=body))
        assert isinstance(flight, Flight)
        flights.land(flight, is_settled=True)

    assert isinstance(flights.admit(RUN, replace(AGAIN, body=b"0")), Flight)
    assert flights.admit(RunId("x"), replace(AGAIN, body=b"2099")) == Settled()
