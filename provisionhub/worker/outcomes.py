"""Outcomes as JSON: they cross from a job process, and wait in message headers.

An error comes back with its code and details, whatever class it was made of: a
plugin's own class need not be known on this side.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias, cast

from provisionhub.errors import PermanentError, ProvisionError, TransientError
from provisionhub.jsontypes import JsonObject
from provisionhub.repository import CommitId, Repository
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step

_Told: TypeAlias = Any
"""JSON that this module has written itself."""

_KINDS: Final = {"permanent": PermanentError, "transient": TransientError}


def outcome_to_json(outcome: Outcome) -> JsonObject:
    """Return *outcome* as JSON."""
    match outcome:
        case Provisioned(repository, commit):
            return {
                "status": "succeeded",
                "repository": {**repository.to_json(), "path": repository.full_path},
                "commit": commit,
            }
        case Cancelled(step):
            return {"status": "cancelled", "step": str(step)}
        case Failed(error, step):
            return {
                "status": "failed",
                "step": None if step is None else str(step),
                "error": error_to_json(error),
            }


def outcome_from_json(told: JsonObject) -> Outcome:
    """Return the outcome that ``outcome_to_json`` wrote.

    Raises:
        ValueError: If it did not write that.
    """
    try:
        return _outcome(told)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no outcome: {error}") from None


def error_to_json(error: ProvisionError) -> JsonObject:
    """Return *error* as ``{code, message, details, kind}``."""
    kind = next((k for k, cls in _KINDS.items() if isinstance(error, cls)), "bug")
    return {**error.to_json(), "kind": kind}


def error_from_json(told: JsonObject) -> ProvisionError:
    """Return an error of the code, the details and the kind that were told."""
    kind = _KINDS.get(cast("str", told["kind"]), ProvisionError)
    # A class of its own, because a code belongs to the class.
    cls = type(
        kind.__name__,
        (_ToldError, kind),
        {"code": told["code"], "__module__": __name__},
    )
    details: _Told = told["details"]
    error = cast("_ToldError", cls(cast("str", told["message"])))
    error.hint = details.get("hint")
    error.told = details
    if isinstance(error, TransientError):
        error.retry_after = details.get("retry_after")
    return error


class _ToldError(ProvisionError):
    told: JsonObject

    def details(self) -> JsonObject:
        return dict(self.told)


def _outcome(told: _Told) -> Outcome:
    match told["status"]:
        case "succeeded":
            return Provisioned(
                _repository(told["repository"]), CommitId(told["commit"])
            )
        case "cancelled":
            return Cancelled(Step(told["step"]))
        case _:
            step = told["step"]
            return Failed(
                error_from_json(told["error"]), None if step is None else Step(step)
            )


def _repository(told: _Told) -> Repository:
    return Repository(
        id=told["id"],
        full_path=told["path"],
        web_url=told["web_url"],
        clone_url=told["clone_url"],
        default_branch=told["default_branch"],
    )
