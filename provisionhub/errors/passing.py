"""Errors that may pass: the machine, the broker or the clock had a bad moment."""

from __future__ import annotations

from provisionhub.errors.root import TransientError


class SandboxUnavailableError(TransientError):
    """This machine can't give the locked processes that rendering takes.

    It is the machine's fault and not the job's: another worker may do it.
    """

    code = "sandbox-unavailable"
    remedy = "run `provisionhub doctor` on the worker's machine"


class BrokerUnavailableError(TransientError):
    """The message broker can't be reached, or does not take what is sent."""

    code = "broker-unavailable"
    remedy = "look at the broker, and at `RABBITMQ_URL`"


class WorkerCrashedError(TransientError):
    """The process that did the job died."""

    code = "worker-crashed"
    remedy = "look at the worker's log and the machine's memory"


class JobTimeoutError(TransientError):
    """The job took longer than ``MAX_JOB_DURATION``, and was ended."""

    code = "timeout"
    remedy = "find the step that hangs in log or traces, or raise `MAX_JOB_DURATION`"
