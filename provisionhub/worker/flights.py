"""The runs that are being done here, and those just done: none is done twice.

After a reconnect the broker delivers again what was not acknowledged. A run that
is still going on *adopts* its redelivered message; one that has just ended only
needs its ack. Two messages of one run are done one after the other.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from provisionhub.repository import RunId
from provisionhub.worker.message import Delivery

_REMEMBERED: Final = 2000


@dataclass(slots=True)
class Flight:
    """A run that is being done.

    Attributes:
        run_id: Which.
        delivery: Its message, as it was last delivered.
        waiting: Further messages of the same run, to be looked at afterwards.
    """

    run_id: RunId
    delivery: Delivery
    waiting: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Joined:
    """The run is being done already; its end settles this delivery too."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The very same attempt has been settled here: all that it needs is its ack."""


Admission: TypeAlias = Flight | Joined | Settled


class Flights:
    """Safe to use from several threads.

    Args:
        is_current: Tells whether a delivery can still be acknowledged.
    """

    def __init__(self, is_current: Callable[[Delivery], bool]) -> None:
        self._is_current = is_current
        self._lock = threading.Lock()
        self._flying: dict[RunId, Flight] = {}
        self._settled: OrderedDict[tuple[str, int, int], None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._flying)

    def admit(self, run_id: RunId, delivery: Delivery) -> Admission:
        """Return what is to be done with *delivery*."""
        with self._lock:
            # A first delivery is somebody's new message, however alike.
            if delivery.is_redelivered and delivery.identity in self._settled:
                return Settled()
            flight = self._flying.get(run_id)
            if flight is None:
                self._flying[run_id] = flight = Flight(run_id, delivery)
                return flight
            same = flight.delivery.identity == delivery.identity
            if same and not self._is_current(flight.delivery):
                flight.delivery = delivery
            else:
                flight.waiting.append(delivery)
            return Joined()

    def land(self, flight: Flight, *, is_settled: bool) -> list[Delivery]:
        """End *flight*; return the deliveries to look at now.

        Args:
            flight: The flight; its delivery is the one to be acknowledged.
            is_settled: Whether its attempt needs nothing but the ack from here on.
        """
        with self._lock:
            del self._flying[flight.run_id]
            if is_settled:
                self._settled[flight.delivery.identity] = None
                while len(self._settled) > _REMEMBERED:
                    self._settled.popitem(last=False)
            return flight.waiting
