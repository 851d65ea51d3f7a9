"""Trees to text: the part of Go's executor that writes.

What nests is walked by generators, each of which yields those it contains to ``run``.
So templates call each other as deeply as in Go, whatever Python's stack may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from provisionhub_gotemplate.budget import Budget
from provisionhub_gotemplate.evaluation import Evaluation, is_true
from provisionhub_gotemplate.fmt import format_value, sorted_keys
from provisionhub_gotemplate.functions import ANY, Function
from provisionhub_gotemplate.limits import (
    MAX_TEMPLATE_DEPTH,
    exceeded,
)
from provisionhub_gotemplate.nodes import (
    Action,
    Block,
    Break,
    Call,
    Continue,
    If,
    Probe,
    Range,
    Text,
    Tree,
    With,
)
from provisionhub_gotemplate.printing import show
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.values import (
    MISSING,
    Integer,
    Interface,
    Map,
    Slice,
    go_type,
)

_JUMPS: Final = (Break, Continue)

Walk: TypeAlias = Generator["Walk", None, None]


@dataclass(frozen=True, slots=True)
class Program:
    """What executions share, and never change.

    Attributes:
        trees: The templates, by name.
        functions: What they may call, by name.
        missing_key: ``default``, ``zero`` or ``error``.
    """

    trees: Mapping[str, Tree]
    functions: Mapping[str, Function]
    missing_key: str


def execute(program: Program, tree: Tree, data: object, budget: Budget) -> str:
    """Return what *tree* makes of *data*, within *budget*.

    Raises:
        ExecError: If it fails.
        LimitError: If it takes or writes too much.
    """
    dot = MISSING if data is None else data
    execution = _Execution(program, budget)
    _run(execution.enter(tree, dot, depth=0))
    return "".join(execution.output)


def _run(walk: Walk) -> None:
    """Carry *walk* out, and all that it yields, without nesting."""
    under_way = [walk]
    while under_way:
        inner = next(under_way[-1], None)
        if inner is None:
            under_way.pop()
        else:
            under_way.append(inner)


class _Execution:
    """One execution: what it has written, and which loop it is leaving."""

    __slots__ = ("_budget", "_program", "jump", "output")

    def __init__(self, program: Program, budget: Budget) -> None:
        self.output: list[str] = []
        self.jump: type[Break | Continue] | None = None
        self._budget = budget
        self._program = program

    def enter(self, tree: Tree, dot: object, *, depth: int) -> Walk:
        """Return the walk through *tree*, with no variables but ``$``."""
        evaluation = Evaluation(
            tree,
            dot,
            functions=self._program.functions,
            missing_key=self._program.missing_key,
        )
        return _Walker(self, evaluation, depth).walk_block(dot, tree.root)

    def tree(self, name: str) -> Tree | None:
        """Return the template called *name*."""
        return self._program.trees.get(name)

    def write(self, text: str, at: Evaluation) -> None:
        """Add *text* to the output."""
        self.output.append(text)
        self._budget.characters -= len(text)
        if self._budget.characters < 0:
            self._exceed("MAX_OUTPUT", at)

    def step(self, at: Evaluation, count: int = 1) -> None:
        """Count turns of a loop, or a call."""
        self._budget.steps -= count
        if self._budget.steps < 0:
            self._exceed("MAX_STEPS", at)

    def _exceed(self, limit: str, at: Evaluation) -> None:
        tree, node = at.tree, at.node
        line, column = tree.place(node.position if node else 0)
        raise exceeded(limit, template=tree.source_name, line=line, column=column)


class _Walker:
    """One template under way."""

    __slots__ = ("_depth", "_evaluation", "_execution")

    def __init__(
        self, execution: _Execution, evaluation: Evaluation, depth: int
    ) -> None:
        self._execution = execution
        self._evaluation = evaluation
        self._depth = depth

    def walk_block(self, dot: object, block: Block) -> Walk:
        """Walk the nodes of *block* up to its end or a jump."""
        execution, evaluation = self._execution, self._evaluation
        for node in block.nodes:
            evaluation.node = node
            if isinstance(node, Text):
                execution.write(node.text, evaluation)
            elif isinstance(node, Action):
                evaluation.dot = dot
                self._print(node)
            elif isinstance(node, _JUMPS):
                execution.jump = type(node)
                return
            else:
                yield _WALKS[type(node)](self, dot, node)
                if execution.jump is not None:
                    return

    def _print(self, node: Action) -> None:
        evaluation = self._evaluation
        pipeline = node.pipeline
        value = evaluation.eval_pipeline(pipeline)
        if not pipeline.variables:
            evaluation.node = node
            if isinstance(value, Function):
                shown = node.print(evaluation.tree.delimiters)
                raise evaluation.error(f"can't print {shown} of type {go_type(value)}")
            self._execution.write(show(value), evaluation)

    def walk_branch(self, dot: object, node: If | With) -> Walk:
        """Walk ``if`` and ``with``, which differ in what the dot is inside."""
        evaluation = self._evaluation
        mark = len(evaluation.variables)
        evaluation.dot = dot
        value = evaluation.eval_pipeline(node.pipeline)
        if is_true(value):
            yield self.walk_block(value if isinstance(node, With) else dot, node.body)
        elif node.otherwise is not None:
            yield self.walk_block(dot, node.otherwise)
        del evaluation.variables[mark:]

    def walk_range(self, dot: object, node: Range) -> Walk:
        """Walk ``range``: its body for each element, or what follows ``else``."""
        evaluation = self._evaluation
        variables = evaluation.variables
        bottom = len(variables)
        evaluation.dot = dot
        value = evaluation.eval_pipeline(node.pipeline)
        mark = len(variables)
        is_empty = True
        for index, element in self._elements(node, value):
            is_empty = False
            if not isinstance(value, int):
                self._execution.step(evaluation)
            self._set_range_variables(node, index, element)
            yield self.walk_block(element, node.body)
            del variables[mark:]
            jump, self._execution.jump = self._execution.jump, None
            if jump is Break:
                break
        if is_empty and node.otherwise is not None:
            yield self.walk_block(dot, node.otherwise)
            if self._execution.jump is Break:
                # In Go, it ends this loop, though an outer one may be meant.
                self._execution.jump = None
        del variables[bottom:]

    def _elements(
        self, node: Range, value: object
    ) -> Iterator[tuple[object, object]] | tuple[()]:
        """Return the pairs that a loop over *value* goes through."""
        if value is MISSING:
            return ()
        if isinstance(value, list):
            is_typed = isinstance(value, Slice)
            return enumerate(value if is_typed else map(Interface, value))
        if isinstance(value, dict):
            return _entries(value)
        if isinstance(value, int) and not isinstance(value, bool):
            if len(node.pipeline.variables) > 1:
                raise self._evaluation.error(
                    f"can't use {format_value(value)}"
                    " to iterate over more than one variable"
                )
            self._execution.step(self._evaluation, max(0, value))
            return _count(value)
        raise self._evaluation.error(f"range can't iterate over {format_value(value)}")

    def _set_range_variables(self, node: Range, index: object, element: object) -> None:
        evaluation, pipeline = self._evaluation, node.pipeline
        names = [variable.names[0] for variable in pipeline.variables]
        values = (index, element) if len(names) > 1 else (element,)
        pairs = list(zip(names, values, strict=False))
        if not pipeline.is_assignment:
            evaluation.variables[len(evaluation.variables) - len(pairs) :] = pairs
            return
        for name, value in pairs:
            evaluation.assign(name, value)

    def walk_call(self, dot: object, node: Call) -> Walk:
        """Walk the template that a ``template`` action names."""
        evaluation = self._evaluation
        tree = self._execution.tree(node.name)
        if tree is None:
            raise evaluation.error(f"template {quote(node.name)} not defined")
        if self._depth == MAX_TEMPLATE_DEPTH:
            raise evaluation.error(
                f"exceeded maximum template depth ({MAX_TEMPLATE_DEPTH})"
            )
        self._execution.step(evaluation)
        evaluation.dot = dot
        value: object = MISSING
        if node.pipeline is not None:
            value = evaluation.eval_pipeline(node.pipeline)
        yield self._execution.enter(tree, value, depth=self._depth + 1)

    def walk_probe(self, _: object, node: Probe) -> Walk:
        """Tell that *node* is reached."""
        node.reached()
        yield from ()


def _entries(mapping: dict[str, object]) -> Iterator[tuple[object, object]]:
    is_plain = not isinstance(mapping, Map) or mapping.elem == ANY
    # Go takes keys and values before the first turn; templates may change the map.
    pairs = [(key, mapping[key]) for key in sorted_keys(mapping)]
    for key, value in pairs:
        yield key, Interface(value) if is_plain else value


def _count(limit: int) -> Iterator[tuple[object, object]]:
    kind = type(limit) if isinstance(limit, Integer) else int
    return ((MISSING, kind(number)) for number in range(limit))


_WALKS: Final[dict[type, Callable[..., Walk]]] = {
    If: _Walker.walk_branch,
    With: _Walker.walk_branch,
    Range: _Walker.walk_range,
    Call: _Walker.walk_call,
    Probe: _Walker.walk_probe,
}
