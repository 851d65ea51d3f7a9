"""The queue worker, and what else speaks to the broker: pika's only home."""

from __future__ import annotations

from provisionhub.worker.broker import Broker
from provisionhub.worker.channel import Channel
from provisionhub.worker.inspection import QueueFinding, inspect_queues
from provisionhub.worker.job_process import PipelineFactory, serve_jobs
from provisionhub.worker.nursery import Nursery
from provisionhub.worker.plan import Exit, Plan
from provisionhub.worker.policy import RetryPolicy
from provisionhub.worker.worker import Worker

__all__ = [
    "Broker",
    "Channel",
    "Exit",
    "Nursery",
    "PipelineFactory",
    "Plan",
    "QueueFinding",
    "RetryPolicy",
    "Worker",
    "inspect_queues",
    "serve_jobs",
]
