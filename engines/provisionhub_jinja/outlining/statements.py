"""What a template's tags read: conditions, loops, names that are set, macros."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from jinja2 import nodes

from provisionhub.outline import Guard
from provisionhub_jinja.outlining import conditions, filters
from provisionhub_jinja.outlining.expressions import Expressions
from provisionhub_jinja.outlining.origins import (
    COMPARED,
    LOOPED,
    PASSED,
    PRINTED,
    TESTED,
    Binding,
    Bundle,
    Closure,
    Origins,
    Scope,
    Text,
    merged,
)

_PAIR: Final = 2


class Statements(Expressions):
    """Walks through tags.

    Attributes:
        is_muted: What stands here is not printed: an ``extends`` came before.
    """

    def __init__(self, text: Text, *, is_lenient: bool) -> None:
        super().__init__(text, is_lenient=is_lenient)
        self.is_muted = False
        self._running: set[nodes.Node] = set()

    def walk(self, body: Iterable[nodes.Node]) -> None:
        """Note what the tags of *body* read, in their order."""
        for node in body:
            self.draft.spend(1, None)
            self._walk_one(node)

    def walk_template(self, node: nodes.Stmt) -> None:
        """Walk a tag that includes, imports, extends, or is extended."""
        raise NotImplementedError

    @contextmanager
    def audible(self) -> Iterator[None]:
        """Walk where what is printed counts, whatever the template extends."""
        outer = self.is_muted
        self.is_muted = False
        try:
            yield
        finally:
            self.is_muted = outer

    def _walk_one(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                self._print(node)
            case nodes.If():
                self._walk_if(node)
            case nodes.For():
                with self.audible():
                    self._walk_for(node)
            case nodes.Include() | nodes.Import() | nodes.FromImport():
                self.walk_template(node)
            case nodes.Extends() | nodes.Block():
                self.walk_template(node)
            case _:
                if not self._walk_binding(node):
                    self._walk_other(node)

    def _walk_binding(self, node: nodes.Node) -> bool:
        """Walk *node* if it is a tag that binds names."""
        match node:
            case nodes.Assign():
                self._walk_set(node)
            case nodes.AssignBlock():
                with self.audible(), self.within(Scope(self.scope)):
                    self.walk(node.body)
                self.bind(node.target, ())
            case nodes.With():
                self._walk_with(node)
            case nodes.Macro():
                self.scope.names[node.name] = Closure(node, self.scope, self.text)
            case nodes.CallBlock():
                self._walk_call(node)
            case _:
                return False
        return True

    def _print(self, node: nodes.Output) -> None:
        if self.is_muted:
            return
        for part in node.nodes:
            if not isinstance(part, nodes.TemplateData):
                self.visit(part, PRINTED)

    def _walk_other(self, node: nodes.Node) -> None:
        """Walk a tag that does nothing to names."""
        if isinstance(node, nodes.FilterBlock):
            self.visit(node.filter, PRINTED)
        with self.audible(), self.within(Scope(self.scope)):
            for part in node.iter_child_nodes():
                if isinstance(part, nodes.Expr):
                    if not isinstance(node, nodes.FilterBlock):
                        self.visit(part, COMPARED)
                else:
                    self._walk_one(part)

    def _walk_if(self, node: nodes.If) -> None:
        before: tuple[Guard, ...] = ()
        outcomes: list[dict[str, Binding]] = []
        places = self.text.places
        for part in (node, *node.elif_):
            with self.draft.under(before):
                self.visit(part.test, TESTED)
            at = places.word(part.lineno)
            mine = (*before, *self.guards(part.test))
            with self.draft.branch(at, mine):
                outcomes.append(self._walk_branch(part.body))
            before = (*before, *self.guards(part.test, holds=False))
        if node.else_:
            with self.draft.branch(places.otherwise(node), before):
                outcomes.append(self._walk_branch(node.else_))
        else:
            outcomes.append({})
        self._merge(outcomes)

    def _walk_branch(self, body: list[nodes.Node]) -> dict[str, Binding]:
        """Walk *body*, and return which names it binds to what."""
        scope = Scope(self.scope)
        with self.within(scope):
            self.walk(body)
        return scope.names

    def _merge(self, outcomes: list[dict[str, Binding]]) -> None:
        """Bind the names that one of several branches binds."""
        for name in {name: None for names in outcomes for name in names}:
            before = self.scope.find(name)
            self.scope.names[name] = merged(
                *(names.get(name, before) for names in outcomes)
            )

    def _walk_for(self, node: nodes.For) -> None:
        iterated = _iterated(node)
        pairs = self._pairs(node.target, iterated)
        if isinstance(iterated, (nodes.List, nodes.Tuple)):
            items = self._items(iterated)
        else:
            values = self.visit(pairs or iterated, LOOPED)
            items = tuple(each.step(None) for each in values if not each.is_made)
        at = self.text.places.word(node.lineno)
        guards = conditions.loop_guards(iterated, self)
        with self.within(Scope(self.scope)):
            self._bind_items(node.target, items, are_pairs=pairs is not None)
            if node.test is not None:
                with self.draft.under(guards):
                    self.visit(node.test, TESTED)
                guards = (*guards, *self.guards(node.test))
            with self.draft.branch(at, guards):
                self.walk(node.body)
        if node.else_:
            self._walk_loops_else(node)

    def _walk_loops_else(self, node: nodes.For) -> None:
        guards: tuple[Guard, ...] = ()
        if node.test is None:
            guards = conditions.loop_guards(_iterated(node), self, holds=False)
        at = self.text.places.otherwise(node)
        with self.draft.branch(at, guards), self.within(Scope(self.scope)):
            self.walk(node.else_)

    def _pairs(self, target: nodes.Node, iterated: nodes.Node) -> nodes.Node | None:
        """Return the mapping whose names and values a loop goes through."""
        if not isinstance(target, nodes.Tuple) or len(target.items) != _PAIR:
            return None
        match iterated:
            case nodes.Call(node=nodes.Getattr(attr="items", node=inner), args=[]):
                return inner
            case nodes.Filter(name=name, node=inner) if name in filters.PAIRS:
                for argument in filters.arguments(iterated):
                    self.visit(argument, COMPARED)
                return inner
            case _:
                return None

    def _items(self, node: nodes.List | nodes.Tuple) -> Origins:
        items: Origins = ()
        for each in node.items:
            items = (*items, *self.visit_bound(each))
        return items

    def _bind_items(
        self, target: nodes.Node, items: Origins, *, are_pairs: bool
    ) -> None:
        self.scope.names["loop"] = Bundle({"previtem": items, "nextitem": items})
        if are_pairs and isinstance(target, nodes.Tuple):
            name, value = target.items
            self.bind(name, ())
            self.bind(value, items)
        else:
            self.bind(target, items)

    def _walk_set(self, node: nodes.Assign) -> None:
        target, value = node.target, node.node
        if isinstance(target, nodes.NSRef):
            self.visit(value, PASSED)
            return
        if isinstance(target, nodes.Tuple) and isinstance(value, nodes.Tuple):
            bound = [self.visit_bound(each) for each in value.items]
            for each, origins in zip(target.items, bound, strict=False):
                self.bind(each, origins)
            return
        self.bind(target, self.visit_bound(value))

    def _walk_with(self, node: nodes.With) -> None:
        bound = [self.visit_bound(value) for value in node.values]
        with self.audible(), self.within(Scope(self.scope)):
            for target, origins in zip(node.targets, bound, strict=True):
                self.bind(target, origins)
            self.walk(node.body)

    def _walk_call(self, node: nodes.CallBlock) -> None:
        caller = Closure(node, self.scope, self.text)
        bound = self.bound(node.call.node)
        if isinstance(bound, Closure):
            self.call_closure(bound, node.call, caller)
            return
        self.visit(node.call, PRINTED)
        self._run(caller, {})

    def call_closure(
        self, closure: Closure, node: nodes.Call, caller: Closure | None = None
    ) -> None:
        """Note what a call of a macro reads, its parameters bound to the arguments."""
        if closure.node in self._running:
            for argument in filters.arguments(node):
                self.visit(argument, PASSED)
            return
        names = self._visit_arguments(closure, node)
        if isinstance(closure.node, nodes.Macro):
            names["caller"] = () if caller is None else caller
        self._run(closure, names)

    def _visit_arguments(
        self, closure: Closure, node: nodes.Call
    ) -> dict[str, Binding]:
        """Return what the parameters of *closure* mean in the call *node*."""
        parameters = [parameter.name for parameter in closure.node.args]
        names: dict[str, Binding] = {"varargs": (), "kwargs": ()}
        for name, argument in zip(parameters, node.args, strict=False):
            names[name] = self.visit_bound(argument)
        for argument in node.args[len(parameters) :]:
            self.visit(argument, PASSED)
        for keyword in node.kwargs:
            if keyword.key in parameters:
                names[keyword.key] = self.visit_bound(keyword.value)
            else:
                self.visit(keyword.value, PASSED)
        for dynamic in (node.dyn_args, node.dyn_kwargs):
            if dynamic is not None:
                self.visit(dynamic, PASSED)
        return names

    def _run(self, closure: Closure, names: dict[str, Binding]) -> None:
        """Walk the body of *closure*, whose parameters mean *names*."""
        node = closure.node
        self._running.add(node)
        scope = Scope(closure.scope, names)
        with self.audible(), self.within(scope, closure.text):
            defaults = dict(
                zip(reversed(node.args), reversed(node.defaults), strict=False)
            )
            for parameter in node.args:
                if parameter.name in names:
                    continue
                default = defaults.get(parameter)
                names[parameter.name] = (
                    () if default is None else self.visit_bound(default)
                )
            self.walk(node.body)
        self._running.discard(node)


def _iterated(node: nodes.For) -> nodes.Node:
    """Return what a loop goes through, as its author wrote it."""
    if isinstance(node.iter, nodes.Call):
        callee = node.iter.node
        if isinstance(callee, nodes.EnvironmentAttribute):
            return node.iter.args[0]
    return node.iter
