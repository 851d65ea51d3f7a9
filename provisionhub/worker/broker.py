"""The broker: where it is, how to reach it, and what its refusals mean."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Final

import pika
from pika.exceptions import (
    AMQPConnectionError,
    AMQPError,
    AuthenticationError,
    ConnectionClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

AWAY: Final = (AMQPError, OSError, AssertionError)
"""What pika raises when the broker is away; AssertionError is a known slip of its."""

_HEARTBEAT: Final = 30
_CONNECTING: Final = 5.0
_HANDSHAKE: Final = 15.0
_REFUSALS: Final = frozenset({403, 530})  # access refused, not allowed


class SetupError(Exception):
    """Broker and settings don't fit; waiting won't mend it, a person must."""


@dataclass(frozen=True)
class Broker:
    """A broker's address; its credentials are never shown.

    Attributes:
        url: ``amqp://user:password@host:port/vhost``.
        client: Who connects, as the broker's operators see it.
    """

    url: str = field(repr=False)
    client: str

    def connect(self, purpose: str) -> pika.BlockingConnection:
        """Return a new connection for *purpose*.

        Raises:
            AMQPError: If the broker can't be reached, or refuses.
        """
        # It logs each failure in several lines, with tracebacks; we tell it once.
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        parameters = pika.URLParameters(self.url)
        parameters.connection_attempts = 1
        parameters.socket_timeout = _CONNECTING
        parameters.stack_timeout = _HANDSHAKE
        parameters.client_properties = {"connection_name": f"{self.client} {purpose}"}
        if parameters.heartbeat is None:
            parameters.heartbeat = _HEARTBEAT
        return pika.BlockingConnection(parameters)

    def __str__(self) -> str:
        parameters = pika.URLParameters(self.url)
        vhost = "" if parameters.virtual_host == "/" else f"/{parameters.virtual_host}"
        return f"{parameters.host}:{parameters.port}{vhost}"


def is_refusal(error: BaseException) -> bool:
    """Tell whether the broker is there, but won't have us: user or virtual host."""
    if isinstance(error, ConnectionClosedByBroker):
        return error.reply_code in _REFUSALS
    return isinstance(
        error,
        AuthenticationError | ProbableAuthenticationError | ProbableAccessDeniedError,
    )


def describe(error: BaseException) -> str:
    """Return why the broker is away, for people; holds no credential."""
    if isinstance(error, ConnectionClosedByBroker):
        return f"{error.reply_code} {error.reply_text}"
    if isinstance(error, ProbableAuthenticationError | AuthenticationError):
        return "user or password is wrong"
    if isinstance(error, AMQPConnectionError) and error.args:
        cause = getattr(error.args[0], "exception", error.args[0])
        return (
            f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__
        )
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
