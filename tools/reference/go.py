"""The functions of the Go engine."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate import HELM, SPRIG, GoTemplateEngine, TemplateSet
from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_gotemplate.functions import Function, SetFunction
from provisionhub_gotemplate.options import OPTIONS
from provisionhub_gotemplate.sprig import THEMES
from provisionhub_gotemplate.sprig.refused import REFUSED
from tools.reference.examples import Examples
from tools.reference.markdown import code, listed, page, section, sentence, table
from tools.reference.options import options_of

_COLUMNS: Final = ("function", "signature", "what it does", "example", "result")
_UNNAMED: Final = {"interface {}": "any", "reflect.Value": "any"}


def write() -> str:
    """Return the page."""
    sprig = [
        section(
            title, _refused() if theme is REFUSED else _rows("sprig", theme), level=3
        )
        for title, theme in THEMES.items()
    ]
    return page(
        "Go: options and functions",
        "Every function that a template of the Go engine may call, with its origin and"
        " an example; see also [the engine's page](../../engines/go.md).",
        options_of(OPTIONS),
        section("Functions of Go", _rows("go", BUILTINS)),
        section(
            "Functions of Sprig",
            "With `functions: sprig` or `helm`. `slice` is Sprig's there, not Go's.",
            *sprig,
        ),
        section(
            "Functions of Helm",
            "With `functions: helm`, beside Sprig's but for"
            f" {listed(sorted(SPRIG.keys() - HELM.keys()))}.",
            _rows("helm", _helm()),
        ),
    )


def _helm() -> dict[str, Function]:
    """Return what Helm adds to Sprig, or has otherwise."""
    templates = TemplateSet()
    return {
        name: call.bind(templates) if isinstance(call, SetFunction) else call
        for name, call in HELM.items()
        if SPRIG.get(name) is not call
    }


def _rows(kind: str, functions: Mapping[str, Function]) -> str:
    examples = Examples("go", GoTemplateEngine({"functions": _option(kind)}))
    rows = []
    for names in _together(functions):
        function = functions[names[0]]
        about = sentence(function.about)
        cells = examples.cells(kind, names)
        rows.append((listed(names), code(signature(function)), about, *cells))
    return table(_COLUMNS, rows)


def _option(kind: str) -> str:
    return "none" if kind == "go" else kind


def _together(functions: Mapping[str, Function]) -> list[list[str]]:
    """Return the names, those together that call the very same."""
    groups: dict[object, list[str]] = {}
    for name, function in functions.items():
        same = (function.call, function.about)
        groups.setdefault(same, []).append(name)
    return list(groups.values())


def _refused() -> str:
    rows = [
        (code(name), code(signature(function)), sentence(function.about))
        for name, function in REFUSED.items()
    ]
    return table(_COLUMNS[:3], rows)


def signature(function: Function) -> str:
    """Return the Go signature, with the parameters' names where Python has them."""
    types = [_type(each) for each in function.parameters]
    if function.variadic:
        types[-1] = f"...{types[-1]}"
    names = _parameter_names(function)[-len(types) :] if types else []
    if len(names) == len(types):
        types = [" ".join(pair) for pair in zip(names, types, strict=True)]
    return f"func({', '.join(types)}) {_type(_results(function.go_type))}".rstrip()


def _parameter_names(function: Function) -> list[str]:
    """Return the names; those of what the executor passes itself come first."""
    parameters = inspect.signature(function.call).parameters.values()
    needed = [each for each in parameters if each.default is each.empty]
    takes_any = any(each.kind is each.VAR_POSITIONAL for each in needed)
    return [each.name for each in needed] if takes_any == function.variadic else []


def _results(go_type: str) -> str:
    depth = 0
    for index, character in enumerate(go_type):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == ")" and depth == 0:
            return go_type[index + 1 :].strip()
    raise ValueError(go_type)


def _type(name: str) -> str:
    for long, short in _UNNAMED.items():
        name = name.replace(long, short)
    return name
