"""What an expression reads, and what its value comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from jinja2 import nodes

from provisionhub.outline import Draft, Guard, NamePath, Use
from provisionhub.source import Location
from provisionhub_jinja.attributes import METHODS
from provisionhub_jinja.outlining import conditions, filters
from provisionhub_jinja.outlining.origins import (
    BOUND,
    COMPARED,
    PASSED,
    PRINTED,
    STEP,
    TESTED,
    Binding,
    Bundle,
    Closure,
    Origin,
    Origins,
    Scope,
    Text,
    Usage,
    merged,
)

MAX_FILTERS: Final = 32
"""How many filters a value is known to have passed; the last ones count."""
_ASKING: Final = frozenset(
    {"boolean", "callable", "defined", "false", "float", "integer", "mapping", "none",
     "number", "sameas", "string", "true", "undefined"}
)  # fmt: skip
"""Tests that can be asked of what is not there."""
_KEPT: Final = (Use.PRINTED, Use.COMPARED, Use.TESTED, Use.LOOPED, Use.PASSED)


class Expressions:
    """Walks through expressions.

    Attributes:
        draft: What is found.
        text: The template that is walked through.
        scope: The names that are known.
    """

    def __init__(self, text: Text, *, is_lenient: bool) -> None:
        self.draft = Draft()
        self.text = text
        self.scope = Scope()
        self._is_lenient = is_lenient

    def visit(self, node: nodes.Node, usage: Usage) -> Origins:
        """Note what *node* reads, its value being used for *usage*.

        Returns:
            What the value comes from.
        """
        self.draft.spend(1, None)
        origins = self._refer(node)
        if origins is not None:
            self._note(node, origins, usage)
            return origins
        match node:
            case nodes.Getattr() | nodes.Getitem():
                return self._look_up(node, usage)
            case nodes.Filter():
                return self._filter(node, usage)
            case nodes.Call():
                return self._call(node, usage)
            case nodes.And() | nodes.Or() | nodes.CondExpr() | nodes.Add():
                return self._either(node, usage)
            case _:
                self._visit_parts(node, usage)
                return ()

    def guards(self, node: nodes.Node, *, holds: bool = True) -> tuple[Guard, ...]:
        """Return what has to hold for *node* to be true, or false if not *holds*."""
        return conditions.guards(node, self, holds=holds)

    def resolve(self, node: nodes.Node) -> tuple[NamePath, Location] | None:
        """Return which one value of the context *node* is, and its place."""
        origins = self._refer(node)
        if origins is None or len(origins) != 1:
            return None
        origin = origins[0]
        if origin.is_made or origin.has_default or not origin.path:
            return None
        return origin.path, self.text.places.chain(node)

    def place(self, node: nodes.Node) -> Location:
        """Return the place of a constant."""
        return self.text.places.word(node.lineno)

    def bound(self, node: nodes.Node) -> Binding:
        """Return what a name, or a name in an imported template, is bound to."""
        if isinstance(node, nodes.Name):
            return self.scope.find(node.name)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            bundle = self.scope.find(node.node.name)
            if isinstance(bundle, Bundle):
                return bundle.names.get(node.attr, ())
        return ()

    @contextmanager
    def within(self, scope: Scope, text: Text | None = None) -> Iterator[None]:
        """Walk with the names of *scope*, maybe through another template."""
        outer = self.scope, self.text
        self.scope = scope
        self.text = text or self.text
        try:
            yield
        finally:
            self.scope, self.text = outer

    def call_closure(
        self, closure: Closure, node: nodes.Call, caller: Closure | None = None
    ) -> None:
        """Note what a call of a macro reads."""
        raise NotImplementedError

    def call_block(self, node: nodes.Call) -> bool:
        """Note what ``super()`` or ``self.name()`` reads, if *node* is such a call."""
        raise NotImplementedError

    def note_pass(self, origins: Origins, at: Location) -> None:
        """Note that something that is not followed gets *origins*."""
        for origin in origins:
            self._read(origin, at, PASSED)

    def _refer(self, node: nodes.Node) -> Origins | None:
        """Return what a chain of names comes from; None for any other expression."""
        step: str | None
        match node:
            case nodes.Name():
                binding = self.scope.find(node.name)
                return binding if isinstance(binding, tuple) else ()
            case nodes.Getattr(node=inner, attr=attribute):
                step = attribute
                binding = self.bound(node)
                if binding and isinstance(binding, tuple):
                    return binding
            case nodes.Getitem(node=inner, arg=nodes.Const(value=value)):
                step = value if isinstance(value, str) else None
            case _:
                return None
        origins = self._refer(inner)
        return None if origins is None else _stepped(origins, step)

    def _note(self, node: nodes.Node, origins: Origins, usage: Usage) -> None:
        if usage.use is None or not origins:
            return
        at = self.text.places.chain(node)
        for origin in origins:
            self._read(origin, at, usage)

    def _read(self, origin: Origin, at: Location, usage: Usage) -> None:
        if usage.use is None:
            return
        provided = usage.has_default or origin.has_default or usage.use is Use.BOUND
        self.draft.read(
            origin.path,
            at,
            usage.use,
            has_default=self._is_lenient or provided,
            through=(*origin.through, *usage.through),
        )

    def _look_up(self, node: nodes.Getattr | nodes.Getitem, usage: Usage) -> Origins:
        step = node.attr if isinstance(node, nodes.Getattr) else None
        if isinstance(node, nodes.Getitem):
            match node.arg:
                case nodes.Slice():
                    self._visit_parts(node.arg, COMPARED)
                    return self.visit(node.node, usage)
                case nodes.Const(value=str(step)):
                    pass
                case _:
                    self.visit(node.arg, COMPARED)
        origins = _stepped(self.visit(node.node, STEP), step)
        self._note(node, origins, usage)
        return origins

    def _either(self, node: nodes.Node, usage: Usage) -> Origins:
        """Visit what has one of two values."""
        tested = usage if usage.use in _KEPT else TESTED
        match node:
            case nodes.And(left=left, right=right):
                self.visit(left, TESTED)
                with self.draft.under(self.guards(left)):
                    return self.visit(right, usage)
            case nodes.Or(left=left, right=right):
                first = self.visit(left, tested)
                with self.draft.under(self.guards(left, holds=False)):
                    return (*first, *self.visit(right, usage))
            case nodes.CondExpr(test=test, expr1=left, expr2=right):
                self.visit(test, TESTED)
                with self.draft.under(self.guards(test)):
                    first = self.visit(left, usage)
                if right is None:
                    return first
                with self.draft.under(self.guards(test, holds=False)):
                    return (*first, *self.visit(right, usage))
            case nodes.BinExpr(left=left, right=right):
                return (*self.visit(left, usage), *self.visit(right, usage))
            case _:
                return ()

    def _visit_parts(self, node: nodes.Node, usage: Usage) -> None:
        """Visit the parts of an expression whose value is made from them."""
        match node:
            case nodes.Not():
                usage = TESTED
            case nodes.Test():
                is_asking = node.name in _ASKING
                use = COMPARED if node.args else TESTED
                self.visit(node.node, replace(use, has_default=is_asking))
                for argument in filters.arguments(node):
                    self.visit(argument, COMPARED)
                return
            case nodes.Compare() | nodes.Operand():
                usage = COMPARED
            case nodes.BinExpr() | nodes.UnaryExpr() | nodes.Slice() | nodes.Concat():
                usage = usage if usage.use is Use.PRINTED else COMPARED
            case _:
                usage = usage if usage.use is Use.PRINTED else PASSED
        for part in node.iter_child_nodes():
            if isinstance(part, nodes.Expr):
                self.visit(part, usage)
            else:
                self._visit_parts(part, usage)

    def _filter(self, node: nodes.Filter, usage: Usage) -> Origins:
        if node.node is None:
            for argument in filters.arguments(node):
                self.visit(argument, PRINTED)
            return ()
        if node.name in filters.DEFAULTS:
            return self._default(node, node.node, usage)
        if node.name == "attr" and node.args:
            return self._get(node.node, node.args, usage, is_provided=False)
        named = filters.attribute(node)
        through = replace(usage, through=(node.name, *usage.through))
        for argument in filters.arguments(node, but=named):
            is_simple = node.name in filters.SIMPLE
            self.visit(argument, COMPARED if is_simple else PASSED)
        if named is not None:
            return self._by_attribute(node, node.node, named, through)
        return self._transform(node.name, node.node, through)

    def _transform(self, name: str, inner: nodes.Node, usage: Usage) -> Origins:
        """Visit what the filter *name* is given, *usage* naming the filter already."""
        if name in filters.ONE_ITEM:
            return _stepped(self.visit(inner, usage), None)
        if name in filters.SAME_ITEMS:
            return _passing(self.visit(inner, usage), name)
        if name not in filters.SIMPLE:
            usage = replace(usage, use=Use.PASSED)
        elif usage.use is None:
            usage = replace(usage, use=Use.COMPARED)
        return _passing(self.visit(inner, usage), name, is_made=True)

    def _default(self, node: nodes.Filter, inner: nodes.Node, usage: Usage) -> Origins:
        through = (node.name, *usage.through)
        provided = replace(usage, has_default=True, through=through)
        origins = tuple(
            replace(origin, has_default=True)
            for origin in _passing(self.visit(inner, provided), node.name)
        )
        others: Origins = ()
        for argument in filters.arguments(node):
            others = (*others, *self.visit(argument, usage))
        return (*origins, *others)

    def _by_attribute(
        self, node: nodes.Filter, inner: nodes.Node, named: nodes.Node, usage: Usage
    ) -> Origins:
        """Visit a filter that looks *named* up in each item of *inner*."""
        if not isinstance(named, nodes.Const):
            self.visit(named, COMPARED)
            self.visit(inner, replace(usage, use=Use.PASSED))
            return ()
        keeps = node.name in filters.SAME_ITEMS | filters.ONE_ITEM
        noted = usage if keeps else replace(usage, use=Use.LOOPED)
        origins = self.visit(inner, noted)
        at = self.text.places.word(named.lineno)
        gives = not keeps and node.name != "groupby"
        looked_up = usage.whole if gives else COMPARED
        if filters.provides(node):
            looked_up = replace(looked_up, has_default=True)
        for origin in origins:
            for path in filters.steps(named):
                self._read(_below(origin, [None, *path]), at, looked_up)
        if node.name == "groupby":
            self.note_pass(origins, at)
        if not keeps:
            return ()
        if node.name in filters.ONE_ITEM:
            return _stepped(origins, None)
        return _passing(origins, node.name)

    def _call(self, node: nodes.Call, usage: Usage) -> Origins:
        callee = node.node
        if isinstance(callee, nodes.EnvironmentAttribute):
            return self.visit(node.args[0], usage)
        bound = self.bound(callee)
        if isinstance(bound, Closure):
            self.call_closure(bound, node)
            return ()
        if self.call_block(node):
            return ()
        if isinstance(callee, nodes.Getattr) and not bound:
            return self._call_method(callee, node, usage)
        self.visit(callee, COMPARED)
        is_range = isinstance(callee, nodes.Name) and callee.name == "range"
        for argument in filters.arguments(node):
            self.visit(argument, COMPARED if is_range else PASSED)
        return ()

    def _call_method(
        self, callee: nodes.Getattr, node: nodes.Call, usage: Usage
    ) -> Origins:
        name, owner = callee.attr, callee.node
        if name == "get" and node.args:
            return self._get(owner, node.args, usage, is_provided=True)
        for argument in filters.arguments(node):
            self.visit(argument, COMPARED if name in METHODS[str] else PASSED)
        if name == "values":
            return self.visit(owner, usage)
        through = replace(usage, through=(name, *usage.through))
        if name == "items":
            through = replace(through, use=Use.PASSED)
        elif usage.use is None:
            through = replace(through, use=Use.COMPARED)
        return _passing(self.visit(owner, through), name, is_made=True)

    def _get(
        self,
        owner: nodes.Node,
        arguments: Sequence[nodes.Node],
        usage: Usage,
        *,
        is_provided: bool,
    ) -> Origins:
        """Visit ``owner.get(key, default)``, or the filter ``attr``."""
        key, *others = arguments
        step = key.value if isinstance(key, nodes.Const) else None
        if step is None:
            self.visit(key, COMPARED)
        origins = tuple(
            replace(origin, has_default=is_provided)
            for origin in _stepped(self.visit(owner, STEP), step)
        )
        at = self.text.places.word(key.lineno)
        for origin in origins:
            self._read(origin, at, usage)
        for other in others:
            origins = (*origins, *self.visit(other, usage))
        return origins

    def bind(self, target: nodes.Node, origins: Origins) -> None:
        """Bind the names of *target* to a value, or to the items of a value."""
        if isinstance(target, nodes.Name):
            self.scope.names[target.name] = merged(origins)
        elif isinstance(target, nodes.Tuple):
            for each in target.items:
                self.bind(each, _stepped(origins, None))

    def visit_bound(self, node: nodes.Node) -> Origins:
        """Visit what is bound to a name."""
        return self.visit(node, BOUND)


def _stepped(origins: Origins, step: str | None) -> Origins:
    return tuple(origin.step(step) for origin in origins if not origin.is_made)


def _passing(origins: Origins, name: str, *, is_made: bool = False) -> Origins:
    return tuple(
        replace(
            origin,
            through=(*origin.through, name)[-MAX_FILTERS:],
            is_made=is_made or origin.is_made,
        )
        for origin in origins
    )


def _below(origin: Origin, steps: list[str | None]) -> Origin:
    for step in steps:
        origin = origin.step(step)
    return origin
