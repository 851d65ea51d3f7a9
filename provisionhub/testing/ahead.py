"""Does work that tests are about to ask for, several pieces at a time.

Tests run one after another, and what each waits for is done by other processes:
threads that only wait for those keep all cores busy.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_MOST_AHEAD: Final = 16
"""How many pieces may be done before they are asked for, for each worker."""


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A piece of work.

    Attributes:
        key: What tells it from others.
        do: Does it; called once, by any thread.
    """

    key: Hashable
    do: Callable[[], T]


class Ahead(Generic[T]):
    """Does pieces of work in the order in which they will be asked for.

    Args:
        jobs: How many are done at a time.
    """

    def __init__(self, jobs: int) -> None:
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="ahead")
        self._most = _MOST_AHEAD * jobs
        self._planned: deque[Piece[T]] = deque()
        self._uses: Counter[Hashable] = Counter()
        self._begun: dict[Hashable, Future[T]] = {}

    def plan(self, pieces: Iterable[Piece[T]]) -> None:
        """Note which pieces will be asked for, in order; some of them repeatedly."""
        for piece in pieces:
            if piece.key not in self._uses:
                self._planned.append(piece)
            self._uses[piece.key] += 1

    def begin(self, piece: Piece[T]) -> None:
        """Have *piece* done as soon as a thread is free, unless it is begun."""
        if piece.key not in self._begun:
            self._begun[piece.key] = self._pool.submit(piece.do)

    def take(self, piece: Piece[T]) -> T:
        """Return what *piece* came to; it is forgotten once nobody else asks for it.

        Raises:
            Exception: Whatever it raised.
        """
        self.begin(piece)
        while self._planned and len(self._begun) < self._most:
            self.begin(self._planned.popleft())
        future = self._begun[piece.key]
        self._uses[piece.key] -= 1
        if self._uses[piece.key] <= 0:
            del self._begun[piece.key]
        return future.result()

    def close(self) -> None:
        """Give up what has not been begun, and wait for the rest."""
        self._pool.shutdown(cancel_futures=True)
