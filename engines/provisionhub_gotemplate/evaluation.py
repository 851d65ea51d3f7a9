"""Pipelines to values: the part of Go's executor that returns.

Values are held as Go's ``reflect.Value`` holds them: ``MISSING`` is the zero one, and
an ``Interface`` is one whose static type is ``interface {}``, which error texts tell.
``node`` is where the evaluation stands, for these texts; it moves exactly as Go's.

*final* is what a command gets from the one before it in the pipeline, or ``NOTHING``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from provisionhub_gotemplate.arguments import (
    accept,
    can_be_nil,
    constant,
    untyped,
    zero_value,
)
from provisionhub_gotemplate.errors import (
    ExecError,
    FunctionError,
    LimitError,
    TemplateError,
)
from provisionhub_gotemplate.functions import ANY, Function
from provisionhub_gotemplate.limits import MAX_TEXT, exceeded
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
        dot: What ``.`` means.
        node: Where it stands.
        variables: Names and values, the last declared last.
    """

    __slots__ = ("_functions", "_missing_key", "dot", "node", "tree", "variables")

    def __init__(
        self,
        tree: Tree,
        dot: object,
        *,
        functions: Mapping[str, Function],
        missing_key: str,
    ) -> None:
        self.tree = tree
        self.dot = dot
        self.node: Node | None = None
        self.variables: list[tuple[str, object]] = [("$", dot)]
        self._functions = functions
        self._missing_key = missing_key

    def error(self, message: str) -> ExecError:
        """Return an error at the node where the evaluation stands."""
        tree, node = self.tree, self.node
        if node is None:
            return ExecError(f"template: {tree.name}: {message}", template=tree.name)
        line, column = tree.place(node.position)
        place = f"{tree.source_name}:{line}:{column}"
        shown = node.print(tree.delimiters)
        error = ExecError(
            f"template: {place}: executing {quote(tree.name)} at <{shown}>: {message}",
            template=tree.source_name,
            line=line,
            column=column,
        )
        error.context = shown
        return error

    # Variables.

    def variable(self, name: str) -> object:
        """Return the value of the variable declared last with *name*."""
        for known, value in reversed(self.variables):
            if known == name:
                return value
        raise self.error(f"undefined variable: {name}")

    def assign(self, name: str, value: object) -> None:
        """Set the variable declared last with *name*."""
        variables = self.variables
        for index in range(len(variables) - 1, -1, -1):
            if variables[index][0] == name:
                variables[index] = (name, value)
                return
        raise self.error(f"undefined variable: {name}")

    # Pipelines and commands.

    def eval_pipeline(self, pipeline: Pipeline) -> object:
        """Return a pipeline's value, never an ``Interface``, and set its variables."""
        self.node = pipeline
        value: object = NOTHING
        for command in pipeline.commands:
            evaluate = _COMMANDS[type(command.arguments[0])]
            value = indirect_interface(evaluate(self, command, value))
        for variable in pipeline.variables:
            if pipeline.is_assignment:
                self.assign(variable.names[0], value)
            else:
                self.variables.append((variable.names[0], value))
        return value

    def eval_literal_command(self, command: Command, final: object) -> object:
        """Return the value of a command that is a literal or the dot."""
        self.node = word = command.arguments[0]
        self._refuse_arguments(command.arguments, final)
        if isinstance(word, Dot):
            return self.dot
        if isinstance(word, Nil):
            raise self.error("nil is not a command")
        return untyped(word, self.error)

    def eval_pipeline_command(self, command: Command, final: object) -> object:
        """Return the value of a command that is a pipeline in parentheses."""
        self._refuse_arguments(command.arguments, final)
        return self.eval_pipeline_term(command.arguments[0])

    def eval_field_command(self, command: Command, final: object) -> object:
        """Return the value of a command that is fields of the dot."""
        return self._fields_of_dot(command.arguments, final)

    def eval_variable_command(self, command: Command, final: object) -> object:
        """Return the value of a command that is a variable, or fields of it."""
        return self._variable(command.arguments, final)

    def eval_chain_command(self, command: Command, final: object) -> object:
        """Return the value of a command that is fields of a term."""
        return self._chain(command.arguments, final)

    def eval_function_command(self, command: Command, final: object) -> object:
        """Return what a function makes of its arguments."""
        return self._function(command, command.arguments, final)

    def _refuse_arguments(self, arguments: Sequence[Term], final: object) -> None:
        if len(arguments) > 1 or final is not NOTHING:
            raise self.error(f"can't give argument to non-function {arguments[0]}")

    # Terms, as arguments are.

    def eval_dot_term(self, _: Term) -> object:
        """Return the dot."""
        return self.dot

    def eval_field_term(self, term: Term) -> object:
        """Return fields of the dot."""
        return self._fields_of_dot((term,), NOTHING)

    def eval_variable_term(self, term: Term) -> object:
        """Return a variable, or fields of it."""
        return self._variable((term,), NOTHING)

    def eval_chain_term(self, term: Term) -> object:
        """Return fields of a term."""
        return self._chain((term,), NOTHING)

    def eval_pipeline_term(self, term: Term) -> object:
        """Return the value of a pipeline in parentheses."""
        return self.eval_pipeline(term) if isinstance(term, Pipeline) else MISSING

    def eval_function_term(self, term: Term) -> object:
        """Return what a function returns without arguments."""
        return self._function(term, (term,), NOTHING)

    def _term(self, term: Term) -> object:
        """Return a term's value as it is, whatever its type."""
        self.node = term
        evaluate = _TERMS.get(type(term))
        if evaluate is not None:
            return evaluate(self, term)
        return MISSING if isinstance(term, Nil) else untyped(term, self.error)

    def _argument(self, kind: str, term: Term) -> object:
        """Return a term as an argument for a parameter of the type *kind*."""
        self.node = term
        evaluate = _TERMS.get(type(term))
        if evaluate is not None:
            return accept(evaluate(self, term), kind, self.error)
        if isinstance(term, Nil):
            if can_be_nil(kind):
                return zero_value(kind)
            raise self.error(f"cannot assign nil to {kind}")
        return constant(term, kind, self.error)

    # Fields.

    def _fields_of_dot(self, arguments: Sequence[Term], final: object) -> object:
        self.node = word = arguments[0]
        names = word.names if isinstance(word, Field) else ()
        return self._fields(self.dot, word, names, arguments, final)

    def _variable(self, arguments: Sequence[Term], final: object) -> object:
        self.node = word = arguments[0]
        names = word.names if isinstance(word, Variable) else ()
        value = self.variable(names[0])
        if len(names) == 1:
            self._refuse_arguments(arguments, final)
            return value
        return self._fields(value, word, names[1:], arguments, final)

    def _chain(self, arguments: Sequence[Term], final: object) -> object:
        self.node = word = arguments[0]
        if not isinstance(word, Chain):
            return MISSING
        value = self._term(word.term)
        return self._fields(value, word, word.names, arguments, final)

    def _fields(
        self,
        value: object,
        node: Node,
        names: Sequence[str],
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        """Return ``value.a.b.c``; a method at its end gets the arguments."""
        for name in names[:-1]:
            value = self._field(value, name, node, (), NOTHING)
        return self._field(value, names[-1], node, arguments, final)

    def _field(
        self,
        receiver: object,
        name: str,
        node: Node,
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        if receiver is MISSING:
            if self._missing_key == "error":
                raise self.error(f"nil data; no entry for key {quote(name)}")
            return MISSING
        value = receiver.value if type(receiver) is Interface else receiver
        has_arguments = len(arguments) > 1 or final is not NOTHING
        if isinstance(value, dict):
            if has_arguments:
                raise self.error(f"{name} is not a method but has arguments")
            return self._entry(value, name)
        if isinstance(value, Opaque):
            method = value.go_methods.get(name)
            if isinstance(method, Function):
                return self._call(method, node, name, arguments, final)
        return self._member(receiver, value, name, has_arguments=has_arguments)

    def _member(
        self, receiver: object, value: object, name: str, *, has_arguments: bool
    ) -> object:
        """Return a field of a struct; of all else, there is none."""
        if value is None:
            raise self.error(f"nil pointer evaluating {go_type(receiver)}.{name}")
        if not isinstance(value, Opaque) or name not in value.go_fields:
            kind = go_type(receiver)
            raise self.error(f"can't evaluate field {name} in type {kind}")
        if has_arguments:
            raise self.error(f"{name} has arguments but cannot be invoked as function")
        return value.go_fields[name]

    def _entry(self, mapping: dict[str, object], name: str) -> object:
        elem = mapping.elem if isinstance(mapping, Map) else ANY
        if name in mapping:
            value = mapping[name]
        elif self._missing_key == "default":
            return MISSING
        elif self._missing_key == "zero":
            value = zero_value(elem)
        else:
            raise self.error(f"map has no entry for key {quote(name)}")
        return Interface(value) if elem == ANY else value

    # Calls.

    def _function(self, node: Node, arguments: Sequence[Term], final: object) -> object:
        self.node = word = arguments[0]
        name = word.name if isinstance(word, Identifier) else ""
        function = self._functions.get(name)
        if function is None:
            raise self.error(f"{quote(name)} is not a defined function")
        if function.is_builtin and name in _SPECIAL:
            return self._special(function, node, name, arguments, final)
        return self._call(function, node, name, arguments, final)

    def _call(
        self,
        function: Function,
        node: Node,
        name: str,
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        given = arguments[1:]
        self._check_count(function, name, len(given), final)
        values = [
            self._argument(function.parameter(index), term)
            for index, term in enumerate(given)
        ]
        if final is not NOTHING:
            kind = function.parameter(len(given))
            values.append(accept(final, kind, self.error))
        return self._result(function, node, name, values)

    def _check_count(
        self, function: Function, name: str, given: int, final: object
    ) -> None:
        count = given if final is NOTHING else given + 1
        wanted = len(function.parameters)
        if function.variadic:
            if count < wanted - 1:
                wanted -= 1
                raise self.error(
                    f"wrong number of args for {name}: want at least {wanted}"
                    f" got {given}"
                )
        elif count != wanted:
            raise self.error(
                f"wrong number of args for {name}: want {wanted} got {count}"
            )

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
            # As in Go, where a function that panics fails the template.
            self.node = node
            raise self.error(f"error calling {name}: {error}") from error
        if isinstance(value, str) and len(value) > MAX_TEXT:
            raise exceeded("MAX_TEXT", template=self.tree.source_name)
        if function.result == ANY:
            return Interface(value)
        return MISSING if value is None else value

    def _special(
        self,
        function: Function,
        node: Node,
        name: str,
        arguments: Sequence[Term],
        final: object,
    ) -> object:
        """Call ``and``, ``or`` or ``call``."""
        given = arguments[1:]
        self._check_count(function, name, len(given), final)
        if name != "call":
            return self._shortcut(given, final, until=name == "or")
        shown = str(given[0]) if given else _string_of(final)
        values = [self._term(term) for term in given]
        if final is not NOTHING:
            values.append(final)
        return self._result(function, node, name, [shown, *values])

    def _shortcut(self, given: Sequence[Term], final: object, *, until: bool) -> object:
        value: object = MISSING
        for term in given:
            value = self._term(term)
            if is_true(value) == until:
                return value
        return value if final is NOTHING else final


def is_true(value: object) -> bool:
    """Whether *value* is not the zero value of its type."""
    return bool(value.value if type(value) is Interface else value)


def _string_of(value: object) -> str:
    """Return what ``reflect.Value.String`` makes of *value*."""
    if isinstance(value, str):
        return value
    return "<invalid Value>" if value is MISSING else f"<{go_type(value)} Value>"


_COMMANDS: Final[dict[type, Callable[[Evaluation, Command, object], object]]] = {
    Bool: Evaluation.eval_literal_command,
    Dot: Evaluation.eval_literal_command,
    Nil: Evaluation.eval_literal_command,
    NumberLiteral: Evaluation.eval_literal_command,
    String: Evaluation.eval_literal_command,
    Field: Evaluation.eval_field_command,
    Variable: Evaluation.eval_variable_command,
    Chain: Evaluation.eval_chain_command,
    Identifier: Evaluation.eval_function_command,
    Pipeline: Evaluation.eval_pipeline_command,
}

_TERMS: Final[dict[type, Callable[[Evaluation, Term], object]]] = {
    Dot: Evaluation.eval_dot_term,
    Field: Evaluation.eval_field_term,
    Variable: Evaluation.eval_variable_term,
    Chain: Evaluation.eval_chain_term,
    Pipeline: Evaluation.eval_pipeline_term,
    Identifier: Evaluation.eval_function_term,
}
