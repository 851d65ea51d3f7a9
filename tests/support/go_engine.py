"""What our Go engine makes of a case, driven as real Go is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from provisionhub_gotemplate import ExecError, OptionError, ParseError, TemplateSet
from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.values import go_type
from support.go_cases import MAIN, Answer, Case


def _add_int(a: int, b: int) -> int:
    return a + b


def _count(values: dict[str, object]) -> int:
    return len(values)


def _fail(text: str) -> str:
    raise FunctionError(text)


def _half(number: float) -> float:
    return number / 2


def _joined(between: str, values: list[object]) -> str:
    shown = TemplateSet()
    shown.parse(MAIN, "{{range .}}{{println .}}{{end}}")
    return between.join(shown.execute(MAIN, values).splitlines())


def _nothing() -> str:
    return "nothing"


def _same(value: object) -> object:
    return value


def _shout(text: str) -> str:
    return text.upper()


def _split_text(text: str, between: str) -> list[str]:
    return text.split(between) if between else list(text)


def _sum(*numbers: int) -> int:
    return sum(numbers)


def _turned(flag: bool) -> bool:
    return not flag


def _type_of(value: object) -> str:
    return go_type(value)


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
    """Return what our engine makes of *case*; other errors than its own pass."""
    try:
        return Answer(_execute(case))
    except ParseError as error:
        return Answer(str(error), "parse")
    except ExecError as error:
        return Answer(str(error), "exec")
    except OptionError as error:
        return Answer(str(error), "option")


def _execute(case: Case) -> str:
    left, right = case.delims or ("", "")
    templates = TemplateSet(
        functions=FUNCTIONS[case.funcs],
        delimiters=(left, right),
        options=tuple(case.options),
        name=MAIN,
    )
    for name in sorted(case.templates, key=lambda name: name.encode()):
        templates.parse(name, case.templates[name])
    return templates.execute(MAIN, case.data)
