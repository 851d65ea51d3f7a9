"""The filters, tests, functions and methods of the Jinja2 engine."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from provisionhub_jinja import JinjaEngine
from provisionhub_jinja.attributes import METHODS, PROPERTIES
from provisionhub_jinja.filters import THEMES
from provisionhub_jinja.options import OPTIONS
from provisionhub_jinja.predicates import PREDICATES
from provisionhub_jinja.runtime import GLOBALS, CountedLoop
from tools.reference.examples import Examples
from tools.reference.markdown import code, listed, page, section, sentence, table
from tools.reference.options import options_of

_CONSTANTS: Final = ((True, "true"), (False, "false"), (None, "none"))
_STARS: Final[dict[object, str]] = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}
_EXAMPLES: Final = Examples("jinja2", JinjaEngine({}))
_COLUMNS: Final = ("what it does", "example", "result")

Calls = Mapping[str, Callable[..., Any]]


def write() -> str:
    """Return the page."""
    return page(
        "Jinja2: options, filters, tests and functions",
        "Every filter, test, function and method that a template of the Jinja2 engine"
        " knows, with its origin and an example; see also [the engine's"
        " page](../../engines/jinja2.md).",
        options_of(OPTIONS),
        section("Filters", *_filters()),
        section("Tests", "Behind `is`, and `is not`.", _tests()),
        section("Functions", _functions()),
        section("Methods of text", _members("text", _methods(str))),
        section("Methods of mappings", _members("mappings", _methods(dict))),
        section(
            "Attributes of `loop`",
            _members("loop", [*PROPERTIES[CountedLoop], *_methods(CountedLoop)]),
        ),
    )


def _filters() -> list[str]:
    columns = ("filter", "origin", *_COLUMNS)
    return [
        section(
            title,
            table(
                columns,
                [
                    (
                        _called(names, theme[names[0]]),
                        _origin(names[0], FILTERS),
                        sentence(inspect.getdoc(theme[names[0]])),
                        *_EXAMPLES.cells("filters", names),
                    )
                    for names in _together(theme)
                ],
            ),
            level=3,
        )
        for title, theme in THEMES.items()
    ]


def _tests() -> str:
    rows = [
        (
            _called(names, PREDICATES[names[0]]),
            _origin(names[0], TESTS),
            sentence(inspect.getdoc(PREDICATES[names[0]])),
            *_EXAMPLES.cells("tests", names),
        )
        for names in _together(PREDICATES)
    ]
    return table(("test", "origin", *_COLUMNS), rows)


def _functions() -> str:
    calls = {name: each.function for name, each in GLOBALS.items()}
    rows = [
        (
            code(f"{name}({', '.join(_parameters(call))})"),
            _origin(name, DEFAULT_NAMESPACE),
            sentence(inspect.getdoc(call)),
            *_EXAMPLES.cells("functions", [name]),
        )
        for name, call in calls.items()
    ]
    return table(("function", "origin", *_COLUMNS), rows)


def _members(kind: str, names: Iterable[str]) -> str:
    rows = [
        (code(name), *_EXAMPLES.cells(kind, [name.removesuffix("()")]))
        for name in sorted(names)
    ]
    return table(("name", "example", "result"), rows)


def _methods(of: type) -> list[str]:
    return [f"{name}()" for name in METHODS[of]]


def _together(calls: Calls) -> list[list[str]]:
    """Return the names, those together that call the very same: whole words first."""
    groups: dict[object, list[str]] = {}
    for name, call in calls.items():
        groups.setdefault(call, []).append(name)
    return [
        sorted(names, key=lambda name: (not name.isidentifier(), -len(name)))
        for names in groups.values()
    ]


def _called(names: list[str], call: Callable[..., Any]) -> str:
    """Return *names* as they are used, the value itself left out."""
    first = code(_with_parameters(names[0], _parameters(call, piped=True)))
    return ", ".join(filter(None, (first, listed(names[1:]))))


def _with_parameters(name: str, parameters: list[str]) -> str:
    return f"{name}({', '.join(parameters)})" if parameters else name


def _parameters(call: Callable[..., Any], *, piped: bool = False) -> list[str]:
    """Return what a template gives to *call*, beside the value that is piped in."""
    parameters = [*inspect.signature(call).parameters.values()]
    unseen = int(hasattr(call, "jinja_pass_arg")) + int(piped)
    return [_parameter(each) for each in parameters[unseen:]]


def _parameter(parameter: inspect.Parameter) -> str:
    name = _STARS.get(parameter.kind, "") + parameter.name
    if parameter.default is parameter.empty:
        return name
    return f"{name}={_constant(parameter.default)}"


def _constant(value: object) -> str:
    for constant, written in _CONSTANTS:
        if value is constant:
            return written
    return json.dumps(value, ensure_ascii=False)


def _origin(name: str, jinjas: Mapping[str, Any]) -> str:
    return "Jinja2" if name in jinjas else "ProvisionHub"
