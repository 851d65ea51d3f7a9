"""The lines that operators know: the same in the log and at the control plane."""

from __future__ import annotations

from provisionhub.repository import RunId
from provisionhub.status.reporter import Cancelled, Failed, Outcome, Provisioned, Step


def starting_line(run_id: RunId) -> str:
    """Return what is said when the run begins."""
    return f"Starting provisioning for run: {run_id}"


def ending_line(outcome: Outcome, seconds: float) -> str:
    """Return what is said when the run ends, *seconds* after it began."""
    match outcome:
        case Provisioned():
            return f"Provisioning completed in {seconds:.1f}s"
        case Failed(error):
            return f"Provisioning failed: {error}"
        case Cancelled(step):
            return f"Provisioning cancelled before step: {step}"


def ending_step(outcome: Outcome) -> Step | None:
    """Return the step at which a run ended; None if it had not begun."""
    match outcome:
        case Provisioned():
            return Step.PUSH
        case Failed(_, step):
            return step
        case Cancelled(step):
            return step
