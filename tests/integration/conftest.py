"""A RabbitMQ node for the whole session, and a stage for each test."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.rabbitmq import RabbitNode, find_program
from support.worker_stage import WorkerStage


@pytest.fixture(scope="session", autouse=True)
def _quiet_pika() -> None:
    """Keep out of the log what pika says of a broker that a test has stopped."""
    logging.getLogger("pika").setLevel(logging.CRITICAL)


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitNode]:
    """Return a running node; missing, the test is skipped, and fails in CI."""
    if find_program("rabbitmq-server") is None:
        reason = "RabbitMQ is not installed: `apt-get install rabbitmq-server`"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    node = RabbitNode(tmp_path_factory.mktemp("rabbitmq"))
    node.start()
    yield node
    node.close()


@pytest.fixture
def stage(rabbit: RabbitNode, tmp_path: Path) -> Iterator[WorkerStage]:
    """Return a stage with a queue of its own."""
    with WorkerStage(rabbit, tmp_path).cleaned() as stage:
        yield stage
