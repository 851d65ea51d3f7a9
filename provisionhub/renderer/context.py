"""What a template sees: one context, the same names in each engine."""

from __future__ import annotations

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.jsontypes import JsonObject
from provisionhub.values import Values


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
