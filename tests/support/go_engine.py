"""What our Go engine makes of a case, driven as real Go is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from provisionhub_gotemplate import ExecError, OptionError, ParseError, TemplateSet
from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.fmt import sprint
from provisionhub_gotemplate.values import go_type
from support.go_cases import MAIN, Answer, Case

_REPLACED: Final = re.compile("[\udc80-\udcff]")
"""Bytes that are no UTF-8, for which Go's JSON and `strings.ToUpper` have U+FFFD."""


def _add_int(a: int, b: int) -> int:
    return _wrapped(a + b)


def _wrapped(number: int) -> int:
    """Return *number* as 64 bits hold it, which Go's sums do not say."""
    return (number + 2**63) % 2**64 - 2**63


def _count(values: dict[str, object]) -> int:
    return len(values)


def _fail(text: str) -> str:
    raise FunctionError(text)


def _half(number: float) -> float:
    return number / 2


def _joined(between: str, values: list[object]) -> str:
    return between.join(map(sprint, values))


def _nothing() -> str:
    return "nothing"


def _same(value: object) -> object:
    return value


def _shout(text: str) -> str:
    return _REPLACED.sub("\ufffd", text).upper()


def _split_text(text: str, between: str) -> list[str]:
    return text.split(between) if between else list(text)


def _sum(*numbers: int) -> int:
    return _wrapped(sum(numbers))


def _turned(flag: bool) -> bool:
    return not flag


def _type_of(value: object) -> str:
    return go_type(value)


EXECUTIONS: Final = 3
"""The engine compiles what is executed again, so each case is."""

FUNCTIONS: Final[Mapping[str, Mapping[str, Callable[..., object]]]] = {
    "builtin": {},
    "typed": {
        "addInt": _add_int,
        "count": _count,
        "fail": _fail,
        "half": _half,
        "joined": _joined,
        "nothing": _nothing,
        "same": _same,
        "shout": _shout,
        "splitText": _split_text,
        "sum": _sum,
        "turned": _turned,
        "typeOf": _type_of,
    },
}
"""The twins of the functions in `tools/oracle/functions.go`."""


def answer(case: Case) -> Answer:
    """Return what our engine makes of *case*; other errors than its own pass.

    Raises:
        AssertionError: If executing it again gives another answer.
    """
    try:
        templates = _parse(case)
    except ParseError as error:
        return Answer(_shown(error), "parse")
    except OptionError as error:
        return Answer(str(error), "option")
    first, *further = [_execute(templates, case) for _ in range(EXECUTIONS)]
    for again in further:
        assert first == again, f"first {first}, then {again}"
    return first


def _parse(case: Case) -> TemplateSet:
    left, right = case.delims or ("", "")
    templates = TemplateSet(
        functions=FUNCTIONS[case.funcs],
        delimiters=(left, right),
        options=tuple(case.options),
        name=MAIN,
    )
    for name in sorted(case.templates, key=lambda name: name.encode()):
        templates.parse(name, case.templates[name])
    return templates


def _execute(templates: TemplateSet, case: Case) -> Answer:
    try:
        return Answer(templates.execute(MAIN, case.data))
    except ExecError as error:
        return Answer(_shown(error), "exec")


def _shown(error: Exception) -> str:
    """Return the error's text as JSON can hold it: that is how Go's are recorded."""
    return _REPLACED.sub("\ufffd", str(error))
