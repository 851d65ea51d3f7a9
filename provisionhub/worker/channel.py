"""JSON frames over a socket, each behind its length: how processes speak here."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from typing import Final, cast

from provisionhub.jsontypes import JsonObject

_LENGTH: Final = struct.Struct(">I")
_POLL: Final = 0.001
_LARGEST: Final = 16 * 1024 * 1024


class ChannelClosedError(ConnectionError):
    """The other side is gone."""


class Channel:
    """One end of a socket pair. Any thread may send; one at a time receives."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._sending = threading.Lock()

    def send(self, frame: JsonObject) -> None:
        """Send *frame*.

        Raises:
            ChannelClosedError: If nobody is there to read it.
        """
        data = json.dumps(frame, separators=(",", ":")).encode()
        try:
            with self._sending:
                self._socket.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise ChannelClosedError(str(error)) from None

    def receive(self, *, seconds: float | None = None) -> JsonObject:
        """Return the next frame.

        Args:
            seconds: How long to wait for all of it; None waits for ever.

        Raises:
            ChannelClosedError: If the other side is gone.
            TimeoutError: If it does not come in time; the channel is of no use then.
        """
        deadline = None if seconds is None else time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        if length > _LARGEST:
            raise ChannelClosedError(f"a frame of {length} bytes")
        return cast("JsonObject", json.loads(self._read(length, deadline)))

    def close(self) -> None:
        """Let go; the other side notices."""
        self._socket.close()

    def _read(self, size: int, deadline: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            if deadline is not None:
                # What has come already is read, however late: we may have slept.
                self._socket.settimeout(max(deadline - time.monotonic(), _POLL))
            try:
                part = self._socket.recv(min(size - len(parts), 1 << 16))
            except TimeoutError:
                raise
            except OSError as error:
                raise ChannelClosedError(str(error)) from None
            if not part:
                raise ChannelClosedError("the other side is gone")
            parts += part
        return bytes(parts)
