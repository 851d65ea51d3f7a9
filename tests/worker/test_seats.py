"""The budget's seats: never more held than there are, and never idle beside work."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest

from provisionhub.worker.seats import Seat, Seats

QUEUES = ("jobs", "jobs.system", "jobs.component")


class Broker:
    """Delivers to seats as RabbitMQ does: as long as a consumer has room."""

    def __init__(self, budget: int, queues: tuple[str, ...] = QUEUES) -> None:
        self.waiting: Counter[str] = Counter(dict.fromkeys(queues, 0))
        self.seats = Seats(queues, budget)
        self.most = 0
        self._tags = count(1)
        self._held: list[tuple[int, str]] = []
        self._listening: dict[str, Seat] = {}
        self.turn()

    def turn(self) -> None:
        """Do what the consumer does at every turn, then deliver."""
        for ended in self.seats.moves(self.waiting):
            del self._listening[ended]
        for seat in self.seats.free:
            seat.tag = f"consumer-{next(self._tags)}"
            self._listening[seat.tag] = seat
        for seat in self._listening.values():
            while seat.has_room and self.waiting[seat.queue]:
                self.waiting[seat.queue] -= 1
                tag = next(self._tags)
                self.seats.take(seat, tag)
                self._held.append((tag, seat.queue))
        self.most = max(self.most, len(self._held))

    def settle(self) -> str:
        """Acknowledge the message held for longest; return its queue."""
        tag, queue = self._held.pop(0)
        self.seats.settle(tag)
        return queue

    @property
    def held(self) -> Counter[str]:
        """How many messages of each queue are held."""
        return Counter(queue for _, queue in self._held)

    def settle_all(self) -> Counter[str]:
        """Take turns until nothing is left; return how many messages that was."""
        done: Counter[str] = Counter()
        for _ in range(10_000):
            self.turn()
            if not self._held:
                break
            done[self.settle()] += 1
        return done


@pytest.mark.parametrize("budget", [1, 2, 3, 5, 40, 1000])
def test_no_more_is_held_than_the_budget(budget: int) -> None:
    """However full its queues are, a worker holds its budget, and all gets done."""
    broker = Broker(budget)
    broker.waiting.update({"jobs": 90, "jobs.system": 60, "jobs.component": 30})

    done = broker.settle_all()

    assert broker.most <= budget
    assert done == {"jobs": 90, "jobs.system": 60, "jobs.component": 30}


@pytest.mark.parametrize("queue", QUEUES)
@pytest.mark.parametrize("budget", [1, 2, 5, 40])
def test_one_full_queue_has_the_whole_budget(budget: int, queue: str) -> None:
    """Where one queue alone is full, nothing of the budget lies idle."""
    broker = Broker(budget)
    broker.waiting[queue] = 200

    for _ in range(3):
        broker.turn()

    assert broker.held == {queue: budget}


def test_every_queue_is_listened_to_while_idle() -> None:
    """The first message of any queue is taken without a move."""
    broker = Broker(5)
    broker.waiting["jobs"] = 50
    broker.settle_all()
    for _ in range(3):
        broker.turn()
    assert not broker.seats.may_be_short
    listening = broker.seats.tags

    broker.waiting.update(dict.fromkeys(QUEUES, 1))
    broker.turn()

    assert set(broker.held) == set(QUEUES)
    assert broker.seats.tags == listening


@pytest.mark.parametrize("budget", [1, 2, 5])
def test_full_queues_take_turns(budget: int) -> None:
    """However few seats there are, no full queue waits for another to be empty."""
    broker = Broker(budget)
    broker.waiting.update(dict.fromkeys(QUEUES, 1000))
    done: Counter[str] = Counter()

    for _ in range(300):
        broker.turn()
        done[broker.settle()] += 1

    assert min(done.values()) >= 60
    assert done.total() == 300


def test_one_queue_needs_one_consumer() -> None:
    """With nothing to share, one consumer has the whole budget, and stays."""
    broker = Broker(40, ("jobs",))
    broker.waiting["jobs"] = 100

    assert broker.settle_all() == {"jobs": 100}
    assert (broker.most, len(broker.seats.tags)) == (40, 1)


def test_without_queues_there_are_no_seats() -> None:
    """A worker that is told of no queue fails for that, and not here."""
    seats = Seats([], 5)

    assert seats.free == []
    assert seats.moves({}) == []
