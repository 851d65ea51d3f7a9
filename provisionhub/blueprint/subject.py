"""What a blueprint is rendered for: a job, or an example that stands in for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provisionhub import __version__
from provisionhub.blueprint.blueprint import Blueprint
from provisionhub.blueprint.examples import Example
from provisionhub.job import Job, JobType
from provisionhub.repository import RunId

_NO_RUN: Final = RunId("00000000-0000-0000-0000-000000000000")
_NO_TIME: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rendered for: a job, or an example that stands in for one.

    Attributes:
        name: Name of the repository.
        namespace: The group that holds it.
        run_id: The run; all zeros where there is none.
        type: What kind of job.
        timestamp: When it was asked for, RFC 3339 in UTC.
        version: The version of the worker that renders (or once rendered) it.
    """

    name: str
    namespace: str
    run_id: RunId
    type: JobType
    timestamp: str
    version: str = __version__

    @classmethod
    def of_job(cls, job: Job) -> Subject:
        """Return the subject of a job."""
        return cls(job.name, job.namespace, job.run_id, job.type, job.timestamp)

    @classmethod
    def of_example(cls, example: Example, blueprint: Blueprint) -> Subject:
        """Return the subject of an example: no run, no time, the same each time."""
        kind = min(blueprint.manifest.types)
        return cls(example.name, example.namespace, _NO_RUN, kind, _NO_TIME)
