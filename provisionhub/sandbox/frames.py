"""How processes speak: a length in four bytes, JSON, and raw bytes as it declares.

The two ends differ. Inside the sandbox a file descriptor is read and written
plainly; outside, nothing that comes is believed, and nothing is waited for long.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import time
from typing import Final, cast

from provisionhub.documents import DocumentError, read_json
from provisionhub.jsontypes import JsonObject

_LENGTH: Final = struct.Struct("!I")
_DEEPEST: Final = 100
"""A document may be 64 deep; what carries it adds a few."""
_CHUNK: Final = 1 << 20


class BrokenFrameError(Exception):
    """What came from the other side is not what may come."""


class ChannelClosedError(Exception):
    """The other side is gone."""


class OutOfTimeError(Exception):
    """The other side did not answer in time."""


def encode_frame(message: JsonObject, *bodies: bytes) -> bytes:
    """Return the frame of *message* with the raw *bodies* behind it."""
    text = json.dumps(message, separators=(",", ":"), allow_nan=False).encode("ascii")
    return b"".join((_LENGTH.pack(len(text)), text, *bodies))


class InnerChannel:
    """The sandbox's end: plain reads and writes, whatever the lock forbids.

    Args:
        descriptor: A connected socket's; stays the caller's to close.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def receive(self) -> JsonObject:
        """Return the next message.

        Raises:
            ChannelClosedError: If the other end is closed.
        """
        (length,) = _LENGTH.unpack(self.read(_LENGTH.size))
        return cast("JsonObject", json.loads(self.read(length)))

    def read(self, length: int) -> bytes:
        """Return the next *length* raw bytes; raises as ``receive``."""
        pieces: list[bytes] = []
        while length:
            piece = os.read(self._descriptor, min(length, _CHUNK))
            if not piece:
                raise ChannelClosedError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def send(self, message: JsonObject, *bodies: bytes) -> None:
        """Send *message* and the raw *bodies* behind it.

        Raises:
            OSError: If the other end is closed.
        """
        rest = memoryview(encode_frame(message, *bodies))
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]


class OuterChannel:
    """The worker's end: every answer is bounded, in size and in time.

    Args:
        connection: A connected socket; this channel owns it.
        deadline: When to give up, on ``time.monotonic()``'s clock.
    """

    def __init__(self, connection: socket.socket, *, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    def send(self, message: JsonObject, *bodies: bytes) -> None:
        """Send *message* and the raw *bodies* behind it.

        Raises:
            ChannelClosedError: If the other end is closed.
            OutOfTimeError: If it does not take it before the deadline.
        """
        rest = memoryview(encode_frame(message, *bodies))
        while rest:
            try:
                self._wait()
                rest = rest[self._connection.send(rest) :]
            except TimeoutError:
                raise OutOfTimeError from None
            except OSError:
                raise ChannelClosedError from None

    def receive(self, *, longest: int) -> JsonObject:
        """Return the next message.

        Args:
            longest: The most bytes that it may have.

        Raises:
            BrokenFrameError: If it is longer, or not an object in strict JSON.
            ChannelClosedError: If the other end is closed, in the midst of it too.
            OutOfTimeError: If it is not complete before the deadline.
        """
        (length,) = _LENGTH.unpack(self.read(_LENGTH.size))
        if length > longest:
            raise BrokenFrameError(f"a message of {length} bytes")
        try:
            message = read_json(
                self.read(length), file="message", longest=longest, deepest=_DEEPEST
            )
        except (DocumentError, RecursionError, ValueError) as error:
            raise BrokenFrameError(f"a message that is not JSON: {error}") from None
        if not isinstance(message, dict):
            raise BrokenFrameError("a message that is not an object")
        return message

    def read(self, length: int) -> bytes:
        """Return the next *length* raw bytes; the caller has bounded *length*.

        Raises:
            ChannelClosedError: As ``receive``.
            OutOfTimeError: As ``receive``.
        """
        pieces: list[bytes] = []
        while length:
            try:
                self._wait()
                piece = self._connection.recv(min(length, _CHUNK))
            except TimeoutError:
                raise OutOfTimeError from None
            except OSError:
                raise ChannelClosedError from None
            if not piece:
                raise ChannelClosedError
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """Close this end."""
        self._connection.close()

    def _wait(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
