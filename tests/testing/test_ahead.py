"""Work that is done before it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from provisionhub.testing.ahead import Ahead, Piece


@pytest.fixture
def ahead() -> Iterator[Ahead[str]]:
    """Two threads that work ahead."""
    found = Ahead[str](2)
    yield found
    found.close()


def counted(done: list[str], name: str) -> Piece[str]:
    """Return a piece that notes in *done* that it was done."""

    def do() -> str:
        done.append(name)
        return name.upper()

    return Piece(name, do)


def test_planned_pieces_are_done_before_they_are_asked_for(ahead: Ahead[str]) -> None:
    """Asking for the first has the next ones begun."""
    begun = threading.Event()

    def second() -> str:
        begun.set()
        return "second"

    pieces = [Piece("first", lambda: "first"), Piece("second", second)]
    ahead.plan(pieces)

    assert not begun.is_set()
    assert ahead.take(pieces[0]) == "first"
    assert begun.wait(timeout=30)


def test_piece_that_several_ask_for_is_done_once(ahead: Ahead[str]) -> None:
    """Work is kept until the last who planned to ask for it has done so."""
    done: list[str] = []
    piece = counted(done, "a")
    ahead.plan([piece, piece])

    assert [ahead.take(piece), ahead.take(piece)] == ["A", "A"]
    assert done == ["a"]


def test_unplanned_piece_is_done_each_time(ahead: Ahead[str]) -> None:
    """What nobody announced is done when it is asked for, and forgotten."""
    done: list[str] = []

    assert [ahead.take(counted(done, "a")) for _ in range(2)] == ["A", "A"]
    assert done == ["a", "a"]


def test_no_more_is_begun_than_is_soon_asked_for() -> None:
    """Results that nobody has asked for yet stay few, however much is planned."""
    done: list[str] = []
    pieces = [counted(done, str(number)) for number in range(1000)]
    ahead = Ahead[str](1)
    ahead.plan(pieces)

    ahead.take(pieces[0])
    ahead.close()

    assert len(done) < 50


def test_error_is_raised_where_it_is_asked_for(ahead: Ahead[str]) -> None:
    """A piece that fails does so for whoever asks for it, and for nobody else."""

    def fail() -> str:
        message = "no tree"
        raise ValueError(message)

    pieces: list[Piece[str]] = [Piece("bad", fail), Piece("good", lambda: "good")]
    ahead.plan(pieces)

    with pytest.raises(ValueError, match="no tree"):
        ahead.take(pieces[0])
    assert ahead.take(pieces[1]) == "good"


def test_several_are_done_at_a_time(ahead: Ahead[str]) -> None:
    """As many are at work together as there are jobs."""
    together = threading.Barrier(2, timeout=30)

    def meet(name: str) -> Callable[[], str]:
        return lambda: f"{name}{together.wait() >= 0}"

    pieces = [Piece(name, meet(name)) for name in "ab"]
    ahead.plan(pieces)

    assert [ahead.take(piece) for piece in pieces] == ["aTrue", "bTrue"]
