"""The public face: templates that know each other, parsed once, executed often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeAlias

from provisionhub_gotemplate.budget import Budget, execution
from provisionhub_gotemplate.builtins import BUILTINS
from provisionhub_gotemplate.copying import copied
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
from provisionhub_gotemplate.quoting import quote, utf8
from provisionhub_gotemplate.running import Runner

TemplateFunction: TypeAlias = Function | SetFunction | Callable[..., object]
"""What may stand in a table of functions."""


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
        self._refresh()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the templates known, sorted."""
        return tuple(sorted(self._trees))

    @property
    def trees(self) -> tuple[Tree, ...]:
        """The templates known, as they were parsed."""
        return tuple(self._trees.values())

    @property
    def functions(self) -> tuple[str, ...]:
        """The names of the functions that templates may call."""
        return tuple(self._functions)

    @property
    def program(self) -> Program:
        """What executions share: the templates, and the functions they may call."""
        return self._program

    def unresolved(self) -> tuple[str, ...]:
        """Return the names of templates that are called and not known.

        A function such as ``include`` may call any: it is named as ``*``.
        """
        called = set().union(*[tree.calls for tree in self._trees.values()])
        used = set().union(*[tree.functions for tree in self._trees.values()])
        if any(isinstance(self._declared[name], SetFunction) for name in used):
            called.add("*")
        return tuple(sorted(called - self._trees.keys()))

    def alias(self, name: str, known: str) -> None:
        """Let the template called *known* be called *name* as well."""
        self._trees[name] = self._trees[known]
        self._refresh()

    def parse(self, name: str, source: str) -> None:
        """Parse *source* as the template called *name*, and all it defines.

        A later definition replaces an earlier one, unless it is blank.

        Raises:
            ParseError: If it is no template. The set is then as it was before.
            LimitError: If it is too long, or its actions are nested too deeply.
        """
        if len(source) > MAX_SOURCE:
            raise exceeded("MAX_SOURCE", template=name)
        try:
            trees = parse(
                name, source, delimiters=self._delimiters, functions=self._functions
            )
        except RecursionError as error:
            # Called from deep down, with less stack left than the bounds count on.
            raise exceeded("MAX_STACK", template=name) from error
        for defined, tree in trees.items():
            if defined not in self._trees or not tree.root.is_empty():
                self._trees[defined] = tree
        self._refresh()

    def execute(self, name: str, data: object) -> str:
        """Return what the template called *name* makes of *data*.

        Args:
            name: A template's.
            data: JSON data, as ``json.loads`` returns it; it is never changed.

        Returns:
            The text; a byte of it that is no part of UTF-8 is a lone surrogate, as
            ``surrogateescape`` has it.

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
        with execution() as budget:
            try:
                return utf8(self._execute(tree, data, budget))
            except RecursionError as error:
                raise exceeded("MAX_STACK", template=name) from error

    def _execute(self, tree: Tree, data: object, budget: Budget) -> str:
        if self._mutates():
            if budget.depth == 1:
                data = copied(data)
            return execute(self._program, tree, data, budget)
        runner = self._runners.get(tree.name)
        if runner is None:
            runner = self._runners[tree.name] = Runner(self._program, tree)
        return runner.run(data, budget)

    def clone(self) -> TemplateSet:
        """Return a set of the same templates, to which others can be added."""
        other = object.__new__(TemplateSet)
        other.name = self.name
        other._delimiters = self._delimiters
        other._missing_key = self._missing_key
        other._declared = self._declared
        other._functions = other._bound()
        other._trees = dict(self._trees)
        other._refresh()
        return other

    def _refresh(self) -> None:
        """Forget what was concluded from the templates known before."""
        self._program = Program(self._trees, self._functions, self._missing_key)
        self._runners: dict[str, Runner] = {}
        self._is_mutating: bool | None = None

    def _mutates(self) -> bool:
        """Whether some template calls a function that changes its arguments."""
        if self._is_mutating is None:
            used = set().union(*[tree.functions for tree in self._trees.values()])
            self._is_mutating = any(self._functions[name].mutates for name in used)
        return self._is_mutating

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
        name: replace(builtin, is_builtin=True) for name, builtin in BUILTINS.items()
    }
    for name, call in added.items():
        if isinstance(call, Function | SetFunction):
            functions[name] = call
        else:
            functions[name] = user_function(call)
    return functions
