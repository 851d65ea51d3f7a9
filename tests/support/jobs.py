"""Jobs written as literals."""

from __future__ import annotations

from datetime import UTC, datetime

from provisionhub.job import BlueprintRef, GitConfig, Job, JobType
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import RunId

REQUESTED = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)


def job(  # noqa: PLR0913 - each is a member of the message
    values: JsonObject | None = None,
    *,
    run_id: str = "run-1",
    template: str = "sample",
    name: str = "my-service",
    namespace: str = "my-team",
    provider: str = "local",
    requested_at: datetime = REQUESTED,
    kind: JobType = JobType.COMPONENT,
) -> Job:
    """Return a job for the blueprint called *template*."""
    return Job(
        run_id=RunId(run_id),
        type=kind,
        blueprint=BlueprintRef.parse(template),
        name=name,
        namespace=namespace,
        git=GitConfig(provider=provider),
        requested_at=requested_at,
        values=values or {},
    )


def message(job: Job) -> JsonObject:
    """Return the message that *job* was read from."""
    return {
        "run_id": job.run_id,
        "type": str(job.type),
        "blueprint": {
            "template": str(job.blueprint),
            "name": job.name,
            "namespace": job.namespace,
            "values": job.values,
        },
        "git_config": {"provider": job.git.provider},
        "requested_at": job.timestamp,
    }
