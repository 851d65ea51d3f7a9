"""The public face: templates that know each other, parsed once, executed often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_gotemplate.errors import ExecError, OptionError
from provisionhub_gotemplate.executor import Program, execute
from provisionhub_gotemplate.functions import (
    Function,
    SetFunction,
    user_function,
)
from provisionhub_gotemplate.limits import MAX_SOURCE, exceeded
from provisionhub_gotemplate.nodes import DELIMITERS, Delimiters, Tree
from provisionhub_gotemplate.parser import parse
from provisionhub_gotemplate.quoting import quote

TemplateFunction: TypeAlias = Function | SetFunction | Callable[..., object]
"""What may stand in a table of functions."""

_SPECIAL: Final = ("and", "or", "call")


class TemplateSet:
    """Templates that may call each other, as Go's ``template.Template`` groups them.

    Parsing is for one thread; afterwards any number may execute.

    Args:
        functions: What templates may call besides the builtin functions: ``SPRIG``,
            or functions of your own. A Python function's annotations tell which
            types it accepts.
        delimiters: What actions begin and end with; an empty text means the default.
        options: Such as ``missingkey=error``.
        name: What Go calls the set; one error text quotes it.

    Raises:
        OptionError: If an option is unknown; the text is what Go panics with.
    """

    def __init__(
        self,
        *,
        functions: Mapping[str, TemplateFunction] | None = None,
        delimiters: Delimiters = DELIMITERS,
        options: Iterable[str] = (),
        name: str = "",
    ) -> None:
        self.name = name
        self._delimiters = (
            delimiters[0] or DELIMITERS[0],
            delimiters[1] or DELIMITERS[1],
        )
        self._missing_key = _read_options(options)
        self._declared = _all_functions(functions or {})
        self._functions = self._bound()
        self._trees: dict[str, Tree] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the templates known, sorted."""
        return tuple(sorted(self._trees))

    def parse(self, name: str, source: str) -> None:
        """Parse *source* as the template called *name*, and all it defines.

        A later definition replaces an earlier one, unless it is blank.

        Raises:
            ParseError: If it is no template. The set is then as it was before.
            LimitError: If it is too long, or its actions are nested too deeply.
        """
        if len(source) > MAX_SOURCE:
            raise exceeded("MAX_SOURCE", template=name)
        trees = parse(
            name, source, delimiters=self._delimiters, functions=self._functions
        )
        for defined, tree in trees.items():
            if defined not in self._trees or not tree.root.is_empty():
                self._trees[defined] = tree

    def execute(self, name: str, data: object) -> str:
        """Return what the template called *name* makes of *data*.

        Args:
            name: A template's.
            data: JSON data, as ``json.loads`` returns it; it is never changed.

        Raises:
            ExecError: If it fails, or is unknown.
            LimitError: If it takes or writes too much.
        """
        tree = self._trees.get(name)
        if tree is None:
            raise ExecError(
                f"template: no template {quote(name)} associated with"
                f" template {quote(self.name)}",
                template=name,
            )
        program = Program(self._trees, self._functions, self._missing_key)
        return execute(program, tree, data)

    def clone(self) -> TemplateSet:
        """Return a set of the same templates, to which others can be added."""
        other = object.__new__(TemplateSet)
        other.name = self.name
        other._delimiters = self._delimiters
        other._missing_key = self._missing_key
        other._declared = self._declared
        other._functions = other._bound()
        other._trees = dict(self._trees)
        return other

    def _bound(self) -> dict[str, Function]:
        """Return the functions, with those that need this set bound to it."""
        return {
            name: declared.bind(self) if isinstance(declared, SetFunction) else declared
            for name, declared in self._declared.items()
        }


def _read_options(options: Iterable[str]) -> str:
    missing_key = "default"
    for option in options:
        if not option:
            raise OptionError("empty option string")
        if option not in _OPTIONS:
            raise OptionError(f"unrecognized option: {option}")
        missing_key = _OPTIONS[option]
    return missing_key


_OPTIONS: Final = {
    "missingkey=default": "default",
    "missingkey=invalid": "default",
    "missingkey=zero": "zero",
    "missingkey=error": "error",
}


def _all_functions(
    added: Mapping[str, TemplateFunction],
) -> dict[str, Function | SetFunction]:
    functions: dict[str, Function | SetFunction] = {
        name: replace(builtin, special=name) if name in _SPECIAL else builtin
        for name, builtin in BUILTINS.items()
    }
    for name, call in added.items():
        is_declared = isinstance(call, Function | SetFunction)
        functions[name] = call if is_declared else user_function(call)
    return functions
