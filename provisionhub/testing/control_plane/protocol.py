"""What the published contract asks of a request, checked from its document."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, cast

from provisionhub.documents import DocumentError, read_json, read_yaml
from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject
from provisionhub.testing.control_plane.faults import Kind
from provisionhub.values import ValueSchema

_PATH: Final = re.compile(r"/api/v1/runs/([A-Za-z0-9][A-Za-z0-9._-]{0,127})(/logs)?")
_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_BODIES: Final = {Kind.STATUS: "StatusReport", Kind.LOGS: "LogBatch"}
_METHODS: Final = {Kind.STATUS: "PATCH", Kind.LOGS: "POST"}


def route(method: str, path: str) -> tuple[str, Kind] | None:
    """Return the run and the kind of a request, or None if there is no such place."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    kind = Kind.STATUS if found[2] is None else Kind.LOGS
    return (found[1], kind) if method == _METHODS[kind] else None


def read_body(kind: Kind, data: bytes) -> JsonObject:
    """Return a request's body.

    Raises:
        ValueError: If the contract does not allow it; the text says why.
    """
    try:
        body = read_json(data, file="body")
    except DocumentError as error:
        raise ValueError(str(error)) from None
    if not isinstance(body, dict):
        raise TypeError("the body is not an object")
    try:
        return _schema(kind).accept(body).data
    except InvalidValuesError as error:
        raise ValueError("; ".join(map(str, error.violations))) from None


def check_headers(headers: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a request's headers, by their lower-case names."""
    wrong = []
    try:
        uuid.UUID(headers.get("idempotency-key", ""))
    except ValueError:
        wrong.append("`Idempotency-Key` is not a UUID")
    if not headers.get("x-worker-id"):
        wrong.append("`X-Worker-Id` is missing")
    if not _TRACEPARENT.fullmatch(
        headers.get("traceparent", "00-" + "0" * 32 + "-" + "0" * 16 + "-00")
    ):
        wrong.append("`traceparent` is not W3C's")
    if headers.get("content-type") != "application/json":
        wrong.append("`Content-Type` is not application/json")
    return wrong


@cache
def _schema(kind: Kind) -> ValueSchema:
    path = files("provisionhub") / "schemas" / "control-plane.openapi.yaml"
    document = read_yaml(path.read_bytes(), file=path.name).value
    components = cast(
        "dict[str, JsonObject]", cast("JsonObject", document)["components"]
    )
    # JSON Schema keeps its definitions elsewhere than OpenAPI.
    moved = json.dumps(components["schemas"]).replace(
        "#/components/schemas/", "#/$defs/"
    )
    return ValueSchema({"$ref": f"#/$defs/{_BODIES[kind]}", "$defs": json.loads(moved)})
