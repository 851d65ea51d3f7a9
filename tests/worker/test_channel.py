"""Frames between processes: whole, in order, and never waited for in vain."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest

from provisionhub.jsontypes import JsonObject
from provisionhub.worker.channel import Channel, ChannelClosedError


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """Return a channel, and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_frames_arrive_whole(ends: tuple[Channel, socket.socket]) -> None:
    """What is sent is received, whatever its size and letters."""
    sender, theirs = ends
    receiver = Channel(theirs)

    frames: list[JsonObject] = [{"a": 1}, {"text": "ü" * 20_000}, {}]
    for frame in frames:
        sender.send(frame)
        assert receiver.receive(seconds=5) == frame


def test_other_side_gone(ends: tuple[Channel, socket.socket]) -> None:
    """Neither sending nor receiving hangs once nobody is there."""
    channel, theirs = ends
    theirs.close()

    with pytest.raises(ChannelClosedError):
        channel.receive(seconds=5)
    with pytest.raises(ChannelClosedError):
        channel.send({})


def test_half_a_frame_is_not_waited_for(ends: tuple[Channel, socket.socket]) -> None:
    """The time allowed is for the whole frame."""
    channel, theirs = ends
    theirs.sendall(struct.pack(">I", 10) + b"{")

    with pytest.raises(TimeoutError):
        channel.receive(seconds=0.05)


def test_absurd_length_is_refused(ends: tuple[Channel, socket.socket]) -> None:
    """A length that no frame has ends the channel, before memory is asked for."""
    channel, theirs = ends
    theirs.sendall(struct.pack(">I", 1 << 31))

    with pytest.raises(ChannelClosedError, match="a frame of"):
        channel.receive(seconds=1)
