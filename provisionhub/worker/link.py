"""Keeps a connection to the broker: for ever, from nothing each time."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from pika import BlockingConnection

from provisionhub.worker.broker import AWAY, Broker, describe, is_refusal

_FIRST: Final = 0.5
_LONGEST: Final = 5.0  # so that it is back within 5 s of the broker's return
_REFUSED: Final = 30.0
_CALM: Final = 30.0

Session = Callable[[BlockingConnection], None]
"""Uses a connection until it is told to close, or something breaks."""


class Backoff:
    """Waits before the next attempt: doubling, with full jitter."""

    def __init__(self) -> None:
        self._ceiling = _FIRST

    def next(self) -> float:
        """Return how long to wait now, in seconds."""
        wait = random.uniform(0.05, self._ceiling)  # noqa: S311 - spreads load, hides nothing
        self._ceiling = min(self._ceiling * 2, _LONGEST)
        return wait

    def reset(self) -> None:
        """Start anew, after a time without trouble."""
        self._ceiling = _FIRST


class Link:
    """A thread that holds one connection, and makes it anew whenever it is lost.

    Args:
        broker: What it connects to.
        purpose: What for, in a word.
        session: Uses the connection.
        reconnected: Called whenever a connection was made anew.
        tell: Is told once when the broker goes away, and once when it is back.

    Attributes:
        closing: Set to have the session end, and no other begin.
        failure: What ended the thread, if anything did.
    """

    def __init__(
        self,
        broker: Broker,
        purpose: str,
        session: Session,
        *,
        reconnected: Callable[[], None] = lambda: None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.closing = threading.Event()
        self.failure: BaseException | None = None
        self._broker = broker
        self._purpose = purpose
        self._session = session
        self._reconnected = reconnected
        self._connection: BlockingConnection | None = None
        self._away_since: float | None = None
        self._connections = 0
        self._is_told = False
        self._tell = tell
        self._thread = threading.Thread(target=self._run, name=purpose, daemon=True)

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def is_connected(self) -> bool:
        """Whether it has a connection, as far as is known."""
        connection = self._connection
        return connection is not None and connection.is_open

    @property
    def seconds_away(self) -> float:
        """For how long the broker has been away by now, in seconds."""
        since = self._away_since
        return 0.0 if since is None else time.monotonic() - since

    def start(self) -> None:
        """Begin to connect."""
        self._away_since = time.monotonic()
        self._thread.start()

    def call(self, act: Callable[[], None]) -> bool:
        """Have *act* done in the thread of the connection; tell whether it will be.

        It won't be done if the connection is lost first.
        """
        connection = self._connection
        if connection is None:
            return False
        try:
            connection.add_callback_threadsafe(act)
        except AWAY:
            return False
        return True

    def close(self, *, seconds: float) -> bool:
        """End the session and the connection; tell whether that went well.

        Without a connection it did not: what was said last may not have arrived.
        """
        self.closing.set()
        self.call(lambda: None)
        self._thread.join(seconds)
        return not self._thread.is_alive() and self._away_since is None

    def _run(self) -> None:
        backoff = Backoff()
        try:
            while not self.closing.is_set():
                began = time.monotonic()
                wait = self._connect_and_use(backoff)
                if time.monotonic() - began > _CALM:
                    backoff.reset()
                self.closing.wait(wait)
        except BaseException as error:  # noqa: BLE001 - whoever watches the thread raises it
            self.failure = error

    def _connect_and_use(self, backoff: Backoff) -> float:
        """Be connected for as long as it goes; return how long to wait then."""
        try:
            self._connection = self._broker.connect(self._purpose)
            self._tell_back()
            self._session(self._connection)
            self._connection.close()
        except AWAY as error:
            self._tell_away(error)
            return _REFUSED if is_refusal(error) else backoff.next()
        finally:
            self._drop()
        return 0.0

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and connection.is_open:
            with suppress(*AWAY):  # it may have ended by itself
                connection.close()

    def _tell_back(self) -> None:
        self._connections += 1
        if self._connections > 1:
            self._reconnected()
        if self._is_told:
            self._tell(f"Broker is back after {self.seconds_away:.1f}s")
        self._is_told = False
        self._away_since = None

    def _tell_away(self, error: BaseException) -> None:
        """Tell it once an outage: not at every attempt to end it."""
        if self._away_since is None:
            self._away_since = time.monotonic()
        if not self._is_told:
            self._tell(f"Broker {self._broker} is away: {describe(error)}")
        self._is_told = True
