"""Pipelines to values: the part of Go's executor that returns.

Values are held as Go's ``reflect.Value`` holds them: ``MISSING`` is the zero one, and
an ``Interface`` is one whose static type is ``interface {}``, which error texts tell.
``node`` is where the evaluation stands, for these texts; it moves exactly as Go's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn

from provisionhub_gotemplate.arguments import accept, can_be_nil, constant, zero_value
from provisionhub_gotemplate.arguments import untyped as untyped_constant
from provisionhub_gotemplate.errors import (
    ExecError,
    FunctionError,
    LimitError,
    TemplateError,
)
from provisionhub_gotemplate.functions import ANY, Function
from provisionhub_gotemplate.nodes import (
    Bool,
    Chain,
    Command,
    Dot,
    Field,
    Identifier,
    Nil,
    Node,
    NumberLiteral,
    Pipeline,
    String,
    Term,
    Tree,
    Variable,
)
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.values import (
    MISSING,
    Interface,
    Map,
    Opaque,
    go_type,
    indirect_interface,
)


_SPECIAL: Final = frozenset({"and", "call", "or"})
"""Builtin functions that are more than functions."""


class _Nothing:
    """The class of ``NOTHING``."""


NOTHING: Final = _Nothing()
"""What a pipeline's first command gets from the one before it."""


class Evaluation:
    """What one template under way evaluates its pipelines with.

    Attributes:
        tree: The template.
        node: Where it stands.
        variables: Names and values, the last declared last.
    """

    __slots__ = ("_functions", "_missing_key", "node", "tree", "variables")

    def __init__(
        self,
        tree: Tree,
        dot: object,
        *,
        functions: Mapping[str, Function],
        missing_key: str,
    ) -> None:
        self.tree = tree
        self.node: Node | None = None
        self.variables: list[tuple[str, object]] = [("$", dot)]
        self._functions = functions
        self._missing_key = missing_key

    def fail(self, message: str) -> NoReturn:
        """Raise an ``ExecError`` at the node where the evaluation stands."""
        raise self.error(message)

    def error(self, message: str) -> ExecError:
        """Return an ``ExecError`` at the node where the evaluation stands."""
        tree, node = self.tree, self.node
        if node is None:
            text = f"template: {tree.name}: {message}"
            return ExecError(text, template=tree.name)
        line, column = tree.place(node.position)
        place = f"{tree.source_name}:{line}:{column}"
        shown = node.print(tree.delimiters)
        return ExecError(
            f"template: {place}: executing {quote(tree.name)} at <{shown}>: {message}",
            template=tree.source_name,
            line=line,
            column=column,
        )

    # Variables.

    def variable(self, name: str) -> object:
        """Return the value of the variable declared last with *name*."""
        for known, value in reversed(self.variables):
            if known == name:
                return value
        self.fail(f"undefined variable: {name}")

    def assign(self, name: str, value: object) -> None:
        """Set the variable declared last with *name*."""
        variables = self.variables
        for index in range(len(variables) - 1, -1, -1):
            if variables[index][0] == name:
                variables[index] = (name, value)
                return
        self.fail(f"undefined variable: {name}")

    # Pipelines.

    def pipeline(self, dot: object, pipeline: Pipeline | None) -> object:
        """Return a pipeline's value, never an ``Interface``, and set its variables."""
        if pipeline is None:
            return MISSING
        self.node = pipeline
        value: object = NOTHING
        for command in pipeline.commands:
            evaluate = _COMMANDS[type(command.arguments[0])]
            value = indirect_interface(evaluate(self, dot, command, value))
        for variable in pipeline.variables:
            if pipeline.is_assignment:
                self.assign(variable.names[0], value)
            else:
                self.variables.append((variable.names[0], value))
        return value

    def _refuse_arguments(self, arguments: Sequence[Term], final: object) -> None:
        if len(arguments) > 1 or final is not NOTHING:
            self.fail(f"can't give argument to non-function {_show(arguments[0])}")

    def _constant_command(self, dot: object, command: Command, final: object) -> object:
        self.node = word = command.arguments[0]
        self._refuse_arguments(command.arguments, final)
        if isinstance(word, Dot):
            return dot
        if isinstance(word, Nil):
            self.fail("nil is not a command")
        return untyped_constant(word, self.fail)

    def _pipeline_command(self, dot: object, command: Command, final: object) -> object:
        self._refuse_arguments(command.arguments, final)
        word = command.arguments[0]
        return self.pipeline(dot, word) if isinstance(word, Pipeline) else MISSING

    # Fields.

    def _field_command(self, dot: object, command: Command, final: object) -> object:
        arguments = command.arguments
        self.node = field = arguments[0]
        names = field.names if isinstance(field, Field) else ()
        return self._fields(dot, dot, field, names, arguments, final)

    def _variable_command(self, dot: object, command: Command, final: object) -> object:
        return self._variable_fields(dot, command.arguments, final)

    def _variable_fields(
        self, dot: object, arguments: Sequence[Term], final: object
    ) -> object:
        self.node = word = arguments[0]
        names = word.names if isinstance(word, Variable) else ()
        value = self.variable(names[0])
        if len(names) == 1:
            self._refuse_arguments(arguments, final)
            return value
        return self._fields(dot, value, word, names[1:], arguments, final)

    def _chain_command(self, dot: object, command: Command, final: object) -> object:
        return self._chain(dot, command.arguments, final)

    def _chain(self, dot: object, arguments: Sequence[Term], final: object) -> object:
        self.node = chain = arguments[0]
        if not isinstance(chain, Chain):
            return MISSING
        value = self._term(dot, chain.term)
        return self._fields(dot, value, chain, chain.names, arguments, final)

    def _fields(
        self,
        dot: object,
        value: object,
        node: Node,
        names: Sequence[str],
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        """Return ``value.a.b.c``; what is called at its end gets the arguments."""
        for name in names[:-1]:
            value = self._field(dot, name, node, (), NOTHING, value)
        return self._field(dot, names[-1], node, arguments, final, value)

    def _field(
        self,
        dot: object,
        name: str,
        node: Node,
        arguments: Sequence[Term],
        final: object,
        receiver: object,
    ) -> object:
        if receiver is MISSING:
            if self._missing_key == "error":
                self.fail(f"nil data; no entry for key {quote(name)}")
            return MISSING
        value = receiver.value if type(receiver) is Interface else receiver
        if value is None:
            self.fail(f"nil pointer evaluating {go_type(receiver)}.{name}")
        if isinstance(value, dict):
            if len(arguments) > 1 or final is not NOTHING:
                self.fail(f"{name} is not a method but has arguments")
            return self._entry(value, name)
        if isinstance(value, Opaque):
            method = value.go_methods.get(name)
            if isinstance(method, Function):
                return self._call(dot, method, node, name, arguments, final)
            if name in value.go_fields:
                if len(arguments) > 1 or final is not NOTHING:
                    self.fail(f"{name} has arguments but cannot be invoked as function")
                return value.go_fields[name]
        self.fail(f"can't evaluate field {name} in type {go_type(receiver)}")

    def _entry(self, mapping: dict[str, object], name: str) -> object:
        elem = mapping.elem if isinstance(mapping, Map) else ANY
        if name in mapping:
            value = mapping[name]
        elif self._missing_key == "default":
            return MISSING
        elif self._missing_key == "zero":
            value = zero_value(elem)
        else:
            self.fail(f"map has no entry for key {quote(name)}")
        return Interface(value) if elem == ANY else value

    # Calls.

    def _function_command(self, dot: object, command: Command, final: object) -> object:
        return self._function(dot, command, command.arguments, final)

    def _function(
        self, dot: object, node: Node, arguments: Sequence[Term], final: object
    ) -> object:
        self.node = word = arguments[0]
        name = word.name if isinstance(word, Identifier) else ""
        function = self._functions.get(name)
        if function is None:
            self.fail(f"{quote(name)} is not a defined function")
        if function.is_builtin and name in _SPECIAL:
            return self._special(dot, function, node, name, arguments, final)
        return self._call(dot, function, node, name, arguments, final)

    def _call(
        self,
        dot: object,
        function: Function,
        node: Node,
        name: str,
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        given = arguments[1:]
        self._check_count(function, name, len(given), final)
        values = [
            self._argument(dot, function.parameter(index), term)
            for index, term in enumerate(given)
        ]
        if final is not NOTHING:
            kind = function.parameter(len(given))
            values.append(accept(final, kind, self.fail))
        return self._result(function, node, name, values)

    def _check_count(
        self, function: Function, name: str, given: int, final: object
    ) -> None:
        count = given if final is NOTHING else given + 1
        wanted = len(function.parameters)
        if function.variadic:
            if count < wanted - 1:
                self.fail(
                    f"wrong number of args for {name}:"
                    f" want at least {wanted - 1} got {given}"
                )
        elif count != wanted:
            self.fail(f"wrong number of args for {name}: want {wanted} got {count}")

    def _result(
        self, function: Function, node: Node, name: str, values: list[object]
    ) -> object:
        try:
            value = function.call(*values)
        except (LimitError, RecursionError, MemoryError):
            raise
        except (FunctionError, TemplateError) as error:
            self.node = node
            raise self.error(f"error calling {name}: {error}") from error
        except Exception as error:
            # A Go function that panics fails the template in the same way.
            self.node = node
            raise self.error(f"error calling {name}: {error}") from error
        if function.result == ANY:
            return Interface(value)
        return MISSING if value is None else value

    def _special(
        self,
        dot: object,
        function: Function,
        node: Node,
        name: str,
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        """Call ``and``, ``or`` or ``call``, which are more than functions."""
        given = arguments[1:]
        self._check_count(function, name, len(given), final)
        if name != "call":
            return self._shortcut(dot, given, final, until=name == "or")
        values = [self._term(dot, term) for term in given]
        shown = given[0].print(self.tree.delimiters) if given else _name_of(final)
        if final is not NOTHING:
            values.append(final)
        return self._result(function, node, name, [shown, *values])

    def _shortcut(
        self, dot: object, given: Sequence[Term], final: object, *, until: bool
    ) -> object:
        value: object = MISSING
        for term in given:
            value = self._term(dot, term)
            if is_true(value) == until:
                return value
        return value if final is NOTHING else final

    # Arguments.

    def _argument(self, dot: object, kind: str, term: Term) -> object:
        """Return a term as an argument for a parameter of the type *kind*."""
        self.node = term
        evaluate = _ARGUMENTS.get(type(term))
        if evaluate is not None:
            return accept(evaluate(self, dot, term), kind, self.fail)
        if isinstance(term, Nil):
            if can_be_nil(kind):
                return zero_value(kind)
            self.fail(f"cannot assign nil to {kind}")
        return constant(term, kind, self.fail)

    def _term(self, dot: object, term: Term) -> object:
        """Return a term's value as it is."""
        self.node = term
        evaluate = _ARGUMENTS.get(type(term))
        if evaluate is not None:
            return evaluate(self, dot, term)
        if isinstance(term, Nil):
            return MISSING
        return untyped_constant(term, self.fail)

    def _dot_argument(self, dot: object, _: Term) -> object:
        return dot

    def _field_argument(self, dot: object, term: Term) -> object:
        names = term.names if isinstance(term, Field) else ()
        return self._fields(dot, dot, term, names, (term,), NOTHING)

    def _variable_argument(self, dot: object, term: Term) -> object:
        return self._variable_fields(dot, (term,), NOTHING)

    def _chain_argument(self, dot: object, term: Term) -> object:
        return self._chain(dot, (term,), NOTHING)

    def _pipeline_argument(self, dot: object, term: Term) -> object:
        return self.pipeline(dot, term if isinstance(term, Pipeline) else None)

    def _identifier_argument(self, dot: object, term: Term) -> object:
        return self._function(dot, term, (term,), NOTHING)


def is_true(value: object) -> bool:
    """Whether *value* is not the zero value of its type."""
    if type(value) is Interface:
        value = value.value
    if isinstance(value, Opaque):
        return value.go_truth
    return bool(value)


def _name_of(value: object) -> str:
    """Return what ``reflect.Value.String`` makes of *value*."""
    if isinstance(value, str):
        return value
    return "<invalid Value>" if value is MISSING else f"<{go_type(value)} Value>"


def _show(term: Term) -> str:
    return term.print()


_Command = Callable[[Evaluation, object, Command, object], object]
_COMMANDS: Final[dict[type, _Command]] = {
    Bool: Evaluation._constant_command,
    Dot: Evaluation._constant_command,
    Nil: Evaluation._constant_command,
    NumberLiteral: Evaluation._constant_command,
    String: Evaluation._constant_command,
    Field: Evaluation._field_command,
    Variable: Evaluation._variable_command,
    Chain: Evaluation._chain_command,
    Identifier: Evaluation._function_command,
    Pipeline: Evaluation._pipeline_command,
}
_Argument = Callable[[Evaluation, object, Term], object]
_ARGUMENTS: Final[dict[type, _Argument]] = {
    Dot: Evaluation._dot_argument,
    Field: Evaluation._field_argument,
    Variable: Evaluation._variable_argument,
    Chain: Evaluation._chain_argument,
    Pipeline: Evaluation._pipeline_argument,
    Identifier: Evaluation._identifier_argument,
}
