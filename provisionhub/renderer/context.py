"""What a template sees: one context, the same names in each engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.jsontypes import JsonObject
from provisionhub.values import Values

CONTEXT: Final[Mapping[str, str]] = {
    "Name": "the repository's name",
    "Namespace": "the group or groups that hold it, `/` between them",
    "Values": "what the job or the example gives, with the schema's defaults filled in",
    "Meta.run_id": "the run; all zeros in an example",
    "Meta.type": "what kind of job: `system` or `component`",
    "Meta.timestamp": "when it was asked for, RFC 3339 in UTC; 1970 in an example",
    "Meta.version": "the version of ProvisionHub that renders it",
    "Meta.blueprint.name": "the blueprint's name",
    "Meta.blueprint.version": "the version that its manifest states",
    "Meta.blueprint.digest": "the SHA-256 of its files, in hexadecimal digits",
}
"""What each name means, with dots between keys."""


def context_for(subject: Subject, blueprint: Blueprint, values: Values) -> JsonObject:
    """Return the context: ``Name``, ``Namespace``, ``Values`` and ``Meta``."""
    return {
        "Name": subject.name,
        "Namespace": subject.namespace,
        "Values": values.data,
        "Meta": {
            "run_id": subject.run_id,
            "type": str(subject.type),
            "timestamp": subject.timestamp,
            "version": subject.version,
            "blueprint": {
                "name": blueprint.name,
                "version": blueprint.version,
                "digest": blueprint.digest,
            },
        },
    }
