"""The functions that Go's recorded answers were made with, besides its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.fmt import format_value
from provisionhub_gotemplate.functions import Function, SetFunction, function
from provisionhub_gotemplate.helm import HELM as HELM_FUNCTIONS
from provisionhub_gotemplate.sprig import SPRIG
from provisionhub_gotemplate.values import Map, Slice, go_type


def _fail(message: str) -> str:
    raise FunctionError(message)


def _die() -> bool:
    raise FunctionError("die")


def _make_map(*words: str) -> Map:
    if len(words) % 2:
        raise FunctionError("bad makemap")
    return Map("string", dict(zip(words[::2], words[1::2], strict=True)))


def _type_of(value: object) -> str:
    return go_type(value)


def _ddd_arg(number: int, *words: str) -> str:
    return f"{number} [{' '.join(words)}]\n"


def _repeat(text: str, count: int) -> str:
    if count < 0:
        raise FunctionError("strings: negative Repeat count")
    return text * count


_GO_TEST: Mapping[str, tuple[Callable[..., Any], str]] = {
    "zeroArgs": (lambda: "zeroArgs", "func() string"),
    "oneArg": (lambda a: "oneArg=" + a, "func(string) string"),
    "twoArgs": (lambda a, b: "twoArgs=" + a + b, "func(string, string) string"),
    "dddArg": (_ddd_arg, "func(int, ...string) string"),
    "echo": (lambda value: value, "func(any) any"),
    "makemap": (_make_map, "func(...string) map[string]string"),
    "add": (lambda *numbers: sum(numbers), "func(...int) int"),
    "mapOfThree": (lambda: Map("int", {"three": 3}), "func() any"),
    "returnInt": (lambda: 7, "func() int"),
    "typeOf": (_type_of, "func(any) string"),
    "die": (_die, "func() bool"),
    "fail": (_fail, "func(string) (string, error)"),
    "addInt": (lambda a, b: a + b, "func(int, int) int"),
    "halfFloat": (lambda number: number / 2, "func(float64) float64"),
    "notBool": (lambda value: not value, "func(bool) bool"),
    "joinAny": (
        lambda sep, items: sep.join(map(format_value, items)),
        "func(string, []any) string",
    ),
    "lenMap": (len, "func(map[string]any) int"),
    "upper": (str.upper, "func(string) string"),
    "lower": (str.lower, "func(string) string"),
    "repeat": (_repeat, "func(string, int) string"),
    "contains": (lambda text, part: part in text, "func(string, string) bool"),
    "hasPrefix": (str.startswith, "func(string, string) bool"),
    "split": (
        lambda text, sep: Slice("string", text.split(sep)),
        "func(string, string) []string",
    ),
    "join": (lambda items, sep: sep.join(items), "func([]string, string) string"),
}


GO_TEST: Mapping[str, Function] = {
    name: function(call, signature) for name, (call, signature) in _GO_TEST.items()
}

HELM: Mapping[str, Function | SetFunction] = {
    **HELM_FUNCTIONS,
    # The recorded charts were rendered with compact JSON in the place of YAML.
    "toYaml": SPRIG["toJson"],
}
