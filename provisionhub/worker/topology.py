"""Which queues there are, and how they come into being: never changed, never deleted.

All are durable quorum queues. Each wait before a retry has a queue of its own,
because RabbitMQ expires messages at a queue's head only: a short wait would stand
behind a long one. The wait is in the name, so a changed setting makes a new queue
instead of a conflict with the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from pika import BlockingConnection
from pika.exceptions import ChannelClosedByBroker

from provisionhub.job import JobType
from provisionhub.worker.broker import SetupError

_DEFAULT: Final = "provisioning-jobs"
_EXCHANGE: Final = "provisionhub.jobs"
_DELIVERIES: Final = 20  # not 5: reconnects that do no harm count too
_LOOKS: Final = 1_000_000  # a look at a dead letter counts as a delivery
_NOT_FOUND: Final = 404
_CONFLICT: Final = 406
_REFUSED: Final = 403
_MOST_ARGUMENTS: Final = 20
_INEQUIVALENT: Final = re.compile(
    r"inequivalent arg '(?P<name>x-[a-z-]+)'"
    r".* but current is (?:none|the value '(?P<value>[^']*)')"
)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as it is declared.

    Attributes:
        name: Its name.
        arguments: What it is declared with.
    """

    name: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topology:
    """Every queue of one queue of jobs.

    Attributes:
        main: Name of the queue of jobs.
    """

    main: str

    @property
    def exchange(self) -> str:
        """Name of the topic exchange that routes ``job.<type>``."""
        return _EXCHANGE if self.main == _DEFAULT else f"{self.main}.jobs"

    @property
    def dead_letters(self) -> Queue:
        """The queue of what somebody has to look at."""
        return Queue(
            f"{self.main}.dlq",
            {"x-queue-type": "quorum", "x-delivery-limit": _LOOKS},
        )

    @property
    def jobs(self) -> Queue:
        """The queue of jobs."""
        return self._jobs(self.main)

    def jobs_of(self, kind: JobType) -> Queue:
        """Return the queue of the jobs of one type."""
        return self._jobs(f"{self.main}.{kind}")

    def retry(self, source: str, delay: float) -> Queue:
        """Return the queue where jobs of *source* wait for *delay* seconds."""
        milliseconds = round(delay * 1000)
        return Queue(
            f"{source}.retry.{milliseconds}",
            {"x-message-ttl": milliseconds, **_dead_lettering_to(source)},
        )

    def _jobs(self, name: str) -> Queue:
        return Queue(
            name,
            {
                "x-delivery-limit": _DELIVERIES,
                **_dead_lettering_to(self.dead_letters.name),
            },
        )

    def declare(self, connection: BlockingConnection) -> None:
        """Make what is missing of the exchange and the queues that are always there.

        Raises:
            SetupError: If one of them is there, but of another kind.
        """
        # Dead letters first: where their queue is missing, they are lost.
        queues = [self.dead_letters, self.jobs, *map(self.jobs_of, JobType)]
        declare(connection, queues)
        channel = connection.channel()
        try:
            channel.exchange_declare(self.exchange, "topic", durable=True)
        except ChannelClosedByBroker as error:
            raise SetupError(error.reply_text) from None
        for kind in JobType:
            name = self.jobs_of(kind).name
            channel.queue_bind(name, self.exchange, routing_key=f"job.{kind}")
        channel.close()


def declare(connection: BlockingConnection, queues: Iterable[Queue]) -> None:
    """Make those of the *queues* that are missing; leave alone those that are there.

    Raises:
        SetupError: If one is there with arguments that would lose messages, or is
            missing and may not be made.
    """
    for queue in queues:
        is_there = depth(connection, queue.name) is not None
        try:
            conflict = _declare(connection, queue)
        except ChannelClosedByBroker as error:
            if error.reply_code != _REFUSED:
                raise
            if not is_there:
                raise SetupError(error.reply_text) from None
            continue  # an operator has made it, and keeps it: it is used as it is
        if conflict is None:
            continue
        if not _is_classic(connection, queue, conflict):
            raise SetupError(conflict)
        _warn_once(queue.name)


def depth(connection: BlockingConnection, name: str) -> int | None:
    """Return how many messages wait in a queue; None if there is no such queue."""
    # A refusal closes the channel: so it is one of its own.
    channel = connection.channel()
    try:
        waiting = channel.queue_declare(name, passive=True).method.message_count
    except ChannelClosedByBroker as error:
        if error.reply_code == _NOT_FOUND:
            return None
        raise
    channel.close()
    return int(waiting)


def _declare(connection: BlockingConnection, queue: Queue) -> str | None:
    """Make *queue* if it is missing; return the broker's sentence if it does not fit.

    One that is there is never changed by this, whatever its arguments.
    """
    channel = connection.channel()
    try:
        channel.queue_declare(queue.name, durable=True, arguments=dict(queue.arguments))
    except ChannelClosedByBroker as error:
        if error.reply_code == _CONFLICT:
            return str(error.reply_text)
        raise
    channel.close()
    return None


def _is_classic(connection: BlockingConnection, queue: Queue, conflict: str) -> bool:
    """Tell whether a queue that does not fit is a classic one.

    The broker names one argument at a time; so each is made to fit, until it names
    the queue's type, or has nothing left to name.
    """
    arguments = dict(queue.arguments)
    for _ in range(_MOST_ARGUMENTS):
        found = _INEQUIVALENT.search(conflict)
        if found is None:
            return False
        name, value = found["name"], found["value"]
        if name == "x-queue-type":
            return value in {None, "classic"}
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = int(value) if value.isdigit() else value
        told = _declare(connection, Queue(queue.name, arguments))
        if told is None:
            return False
        conflict = told
    return False


def _dead_lettering_to(queue: str) -> dict[str, str | int]:
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        # Confirmed by the other queue, which these two have to go with.
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


_warned: set[str] = set()


def _warn_once(name: str) -> None:
    if name not in _warned:
        _warned.add(name)
        structlog.stdlib.get_logger("provisionhub").warning(
            "The queue is a classic one: used as it is, without a limit on deliveries",
            queue=name,
        )
