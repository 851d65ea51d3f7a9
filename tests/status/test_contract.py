"""The published contract, read as others read it, against what is really sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.job import JobType
from provisionhub.repository import CommitId, Repository, RunId
from provisionhub.status import Cancelled, Failed, Provisioned, Step
from provisionhub.status.control_plane import HttpControlPlane
from provisionhub.testing.control_plane import ControlPlaneDouble, Kind
from support.jobs import job

PATH = Path(__file__).parents[2] / "schemas" / "control-plane.openapi.yaml"
DOCUMENT: Any = yaml.safe_load(PATH.read_text(encoding="utf-8"))
OPERATIONS = {
    Kind.STATUS: DOCUMENT["paths"]["/api/v1/runs/{run_id}"]["patch"],
    Kind.LOGS: DOCUMENT["paths"]["/api/v1/runs/{run_id}/logs"]["post"],
}
JOB = job()
MADE = Provisioned(
    Repository("1", "a/b", "https://a.example/b", "https://a.example/b.git", "main"),
    CommitId("a" * 40),
)
Connect = Callable[..., HttpControlPlane]


def validator(schema: object) -> Draft202012Validator:
    """Return what validates against a schema of the document."""
    resource = DRAFT202012.create_resource(DOCUMENT)
    registry = Registry().with_resource("urn:control-plane", resource)
    absolute = json.loads(json.dumps(schema).replace('"#/', '"urn:control-plane#/'))
    return Draft202012Validator(
        absolute, registry=registry, format_checker=FormatChecker()
    )


def body_validator(kind: Kind) -> Draft202012Validator:
    """Return what validates the bodies of a kind of request."""
    content = OPERATIONS[kind]["requestBody"]["content"]["application/json"]
    return validator(content["schema"])


def errors() -> Iterator[ProvisionError]:
    """Yield errors whose details differ."""
    yield TransientError("502", retry_after=2.5, hint="wait")
    yield RepositoryExistsError("taken")
    yield LimitExceededError("large", limit="MAX_FILES", allowed=3)


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_schema_is_one(name: str) -> None:
    """Each schema of the document is valid JSON Schema 2020-12."""
    Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"][name])


def test_examples_are_what_the_contract_allows() -> None:
    """The examples are valid bodies."""
    content = OPERATIONS[Kind.STATUS]["requestBody"]["content"]["application/json"]

    for example in content["examples"].values():
        body_validator(Kind.STATUS).validate(example["value"])


def test_what_is_sent_is_what_the_contract_allows(
    double: ControlPlaneDouble, connect: Connect
) -> None:
    """Every kind of report and line keeps to the document, by another validator."""
    control_plane = connect()
    told = control_plane.reporter(attempt=1)
    told.started(JOB)
    for step in Step:
        told.entered(JOB, step)
        assert not told.is_cancelled(JOB)
    told.warned(JOB, Step.PUSH, "careful")
    for number, error in enumerate(errors()):
        run_id = RunId(f"failed-{number}")
        at = datetime(2026, 1, 31, tzinfo=UTC)
        control_plane.retrying(run_id, error, attempt=1, retry_at=at)
        assert double.wait_for(lambda run=run_id: bool(double.statuses(run)))  # type: ignore[misc] # bound on purpose
        control_plane.deliver_final(run_id, Failed(error, None), attempt=2, seconds=0)
        told.finished(JOB, Failed(error, Step.CREATE), 1.0)
    control_plane.deliver_final(RunId("cut"), Cancelled(Step.CREATE), attempt=1)
    control_plane.deliver_final(JOB.run_id, MADE, attempt=1, seconds=12.5)
    control_plane.close()

    sent = [(each.kind, json.loads(each.data)) for each in double.received]
    assert {body["status"] for kind, body in sent if kind is Kind.STATUS} == {
        *DOCUMENT["components"]["schemas"]["Status"]["enum"]
    }
    for kind, body in sent:
        assert kind is not None
        body_validator(kind).validate(body)


def test_steps_and_statuses_are_those_of_the_code() -> None:
    """The document knows every step, and no other."""
    steps = DOCUMENT["components"]["schemas"]["Step"]["enum"]

    assert steps == [*map(str, Step), None]


def test_run_ids_are_those_of_jobs() -> None:
    """The path's run id is the job message's."""
    jobs = json.loads((PATH.parent / "job.schema.json").read_text(encoding="utf-8"))
    parameter = DOCUMENT["components"]["parameters"]["RunId"]

    assert parameter["schema"]["pattern"] == jobs["properties"]["run_id"]["pattern"]
    assert set(jobs["properties"]["type"]["enum"]) == {*map(str, JobType)}
