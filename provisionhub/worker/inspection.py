"""A look at the broker before the first job: who gets in, and which queues fit."""

from __future__ import annotations

from dataclasses import dataclass

from pika import BlockingConnection

from provisionhub.errors import BrokerUnavailableError
from provisionhub.job import JobType
from provisionhub.worker.broker import AWAY, Broker, SetupError, describe, is_refusal
from provisionhub.worker.topology import Queue, Topology, declare, depth


@dataclass(frozen=True, slots=True)
class QueueFinding:
    """What is known of one queue.

    Attributes:
        name: Its name.
        state: What it is like, for people.
        fits: Whether a worker could use it, or make it.
    """

    name: str
    state: str
    fits: bool = True


def inspect_queues(broker: Broker, queue: str) -> list[QueueFinding]:
    """Return what the broker holds of the queues of *queue*; make and change nothing.

    Raises:
        BrokerUnavailableError: If it can't be reached, or lets nobody in.
    """
    try:
        connection = broker.connect("doctor")
        try:
            return [_look(connection, one) for one in _queues(Topology(queue))]
        finally:
            connection.close()
    except AWAY as error:
        raise BrokerUnavailableError(
            f"the broker at {broker} "
            + ("refuses" if is_refusal(error) else "can't be reached")
            + f": {describe(error)}",
            hint="set RABBITMQ_URL to amqp://user:password@host:port/vhost of a broker "
            "that runs",
        ) from error


def _queues(topology: Topology) -> list[Queue]:
    return [topology.jobs, *map(topology.jobs_of, JobType), topology.dead_letters]


def _look(connection: BlockingConnection, queue: Queue) -> QueueFinding:
    waiting = depth(connection, queue.name)
    if waiting is None:
        said = "not there yet; the first worker makes it"
        return QueueFinding(queue.name, said)
    try:
        # Of a queue that is there this only compares.
        declare(connection, [queue])
    except SetupError as error:
        return QueueFinding(queue.name, str(error), fits=False)
    return QueueFinding(queue.name, f"{waiting} waiting")
