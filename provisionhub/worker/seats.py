"""How a worker's hold on messages is shared among the queues that it consumes.

A worker holds no more messages than its budget, however many queues are full. RabbitMQ
can't see to that: a quorum queue knows a limit for each consumer, and none for several
together. So the budget is cut into *seats*. Each is a consumer of one queue, with its
size as that consumer's limit, and moves to another queue where it is needed more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_MOST: Final = 16


@dataclass(eq=False, slots=True)
class Seat:
    """A part of the budget.

    Attributes:
        size: How many messages it may hold.
        queue: The queue that it takes them from.
        tag: Its consumer's tag; None while it listens nowhere: it takes nothing more,
            and what it holds is still to be settled.
        held: How many messages it holds.
        tenure: Rises with every move, of whichever seat; tells who moved last.
    """

    size: int
    queue: str
    tag: str | None = None
    held: int = 0
    tenure: int = 0

    @property
    def has_room(self) -> bool:
        """Whether the broker would give it another message of its queue."""
        return self.tag is not None and self.held < self.size

    @property
    def is_idle(self) -> bool:
        """Whether it listens and holds nothing."""
        return self.tag is not None and self.held == 0

    @property
    def is_free(self) -> bool:
        """Whether it can take its place at its queue."""
        return self.tag is None and self.held == 0


class Seats:
    """All seats of one channel. Not safe to share: the consumer's thread has it.

    Args:
        queues: The queues that are consumed; the earlier, the more seats at first.
            Without any there are no seats.
        budget: Most messages that are held, in all.
    """

    def __init__(self, queues: Sequence[str], budget: int) -> None:
        self._queues = tuple(queues)
        self._moves = 0
        number = min(budget, _MOST) if len(queues) > 1 else 1
        size, more = divmod(budget, number)
        self._seats = [
            Seat(size + (each < more), queues[each % len(queues)])
            for each in range(number if queues else 0)
        ]
        self._holders: dict[int, Seat] = {}

    @property
    def tags(self) -> list[str]:
        """The tags of the consumers that there are to be."""
        return [seat.tag for seat in self._seats if seat.tag is not None]

    @property
    def free(self) -> list[Seat]:
        """The seats that are to take their place: to become consumers."""
        return [seat for seat in self._seats if seat.is_free]

    @property
    def may_be_short(self) -> bool:
        """Whether messages may wait in a queue that no seat has room for."""
        return any(not self._has_room(queue) for queue in self._queues)

    def take(self, seat: Seat, delivery_tag: int) -> None:
        """Note that *seat* was given a message."""
        seat.held += 1
        self._holders[delivery_tag] = seat

    def settle(self, delivery_tag: int) -> None:
        """Note that a message was acknowledged."""
        self._holders.pop(delivery_tag).held -= 1

    def moves(self, depths: Mapping[str, int]) -> list[str]:
        """Send seats where they are needed more; return their consumers, to be ended.

        Each takes its new place once what it holds is settled.

        Args:
            depths: How many messages wait in each queue.
        """
        ended: list[str] = []
        for queue in sorted(self._queues, key=self._count):
            if self._has_room(queue) or self._is_awaited(queue):
                continue
            for seat in self._spare(queue, depths.get(queue, 0)):
                self._moves += 1
                seat.queue, seat.tenure = queue, self._moves
                ended += [seat.tag] if seat.tag is not None else []
                seat.tag = None
        return ended

    def _spare(self, queue: str, waiting: int) -> list[Seat]:
        """Return the seats that *queue* may have from others."""
        mine = self._count(queue)
        others = [s for s in self._seats if s.queue != queue and s.tag is not None]
        others.sort(key=self._spareness)
        idle = [seat for seat in others if seat.is_idle]
        if not waiting:
            # Somebody should listen, so that the first message need not wait.
            several = [seat for seat in idle if self._count(seat.queue) > 1]
            return several[:1] if mine == 0 else []
        if idle:
            return idle[:waiting]
        # All are busy. Shares that differ by one stay, if there is one for each.
        fewest = mine + 2 if mine else 1
        return [seat for seat in others if self._count(seat.queue) >= fewest][:1]

    def _spareness(self, seat: Seat) -> tuple[int, int]:
        """Rank seats: of the queue with most of them, the one longest in its place."""
        return -self._count(seat.queue), seat.tenure

    def _count(self, queue: str) -> int:
        return sum(seat.queue == queue for seat in self._seats)

    def _has_room(self, queue: str) -> bool:
        return any(seat.has_room for seat in self._seats if seat.queue == queue)

    def _is_awaited(self, queue: str) -> bool:
        """Tell whether a seat is on its way to *queue*."""
        return any(seat.tag is None for seat in self._seats if seat.queue == queue)
