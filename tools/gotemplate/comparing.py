"""Compares real Go with our engine, case by case."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Final

from provisionhub_gotemplate.errors import LimitError
from support import go_engine
from support.go_cases import Answer, Case
from tools.gotemplate.oracle import Oracle

_LONGEST: Final = 5.0  # seconds that our engine may take for one case
_BOUNDS: Final = re.compile("exceeded maximum template depth|max expression depth")


class _TookTooLongError(BaseException):
    """Our engine did not come to an end; no `Exception`, so that nothing catches it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that Go and our engine answer differently."""

    case: Case
    go: Answer
    ours: Answer

    @property
    def kind(self) -> tuple[str, str, str, str]:
        """What the difference is like, whatever the place and the names."""
        return (
            self.go.phase,
            self.ours.phase,
            _skeleton(self.go) if self.go.phase else "",
            _skeleton(self.ours) if self.ours.phase in ("parse", "exec") else "",
        )

    def report(self) -> str:
        """Return the difference as a case with Go's answer, and ours below it."""
        case = Case(
            name=self.case.name,
            templates=self.case.templates,
            data=self.case.data,
            options=self.case.options,
            delims=self.case.delims,
            funcs=self.case.funcs,
            answer=self.go,
        )
        ours = self.ours.block().replace(">>>", "<<< ours:", 1)
        return f"{case.text()}\n{ours}"


def compare(cases: Sequence[Case], oracle: Oracle) -> Iterator[Difference | None]:
    """Yield what differs in each case.

    What Go has no one answer to is taken as equal, and so are templates that either
    of the two refuses for their depth: the bounds are not the same by design.
    """
    for case, go in zip(cases, oracle.ask(cases), strict=True):
        yield _difference(case, go) if go is not None else None


def _difference(case: Case, go: Answer) -> Difference | None:
    ours = answer(case)
    if go == ours:
        return None
    if ours.phase == "limit" or (go.phase and _BOUNDS.search(go.text)):
        return None
    return Difference(case, go, ours)


def answer(case: Case) -> Answer:
    """Return our engine's answer; its crashes and endless loops are answers too.

    So is that it answers otherwise when it is asked again.
    """
    try:
        with _time_limit(_LONGEST):
            return go_engine.answer(case)
    except _TookTooLongError:
        return Answer(f"took more than {_LONGEST:.0f} s", "timeout")
    except LimitError as error:
        return Answer(str(error), "limit")
    except AssertionError as error:
        return Answer(str(error), "unsteady")
    except Exception as error:  # noqa: BLE001 - finding these is what this is for
        return Answer(f"{type(error).__name__}: {error}", "crash")


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise _TookTooLongError

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _skeleton(answer: Answer) -> str:
    """Return an error without places, quoted names, numbers and nodes."""
    text = re.sub(r"template: [^ ]*:\d+(:\d+)?", "template", answer.text)
    text = re.sub(r'"[^"]*"|<.*>|`[^`]*`|\'[^\']*\'', "_", text)
    return re.sub(r"\$?\d+|[.$]\w+", "_", text)
