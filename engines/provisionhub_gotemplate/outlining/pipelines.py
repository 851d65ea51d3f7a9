"""What a pipeline reads, and what its value comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from provisionhub.outline import Draft, Guard, NamePath, Use
from provisionhub.source import Location
from provisionhub_gotemplate.executor import Program
from provisionhub_gotemplate.nodes import (
    Bool,
    Chain,
    Dot,
    Field,
    Pipeline,
    Term,
    Variable,
)
from provisionhub_gotemplate.outlining import conditions
from provisionhub_gotemplate.outlining.functions import (
    COMPARING,
    ONE_ITEM,
    SAME_ITEMS,
    looks_into,
)
from provisionhub_gotemplate.outlining.origins import (
    BOUND,
    COMPARED,
    PASSED,
    STEP,
    TESTED,
    Absence,
    Origin,
    Origins,
    Scope,
    Shape,
    Usage,
    merged,
    passing,
    provided,
    stepped,
)
from provisionhub_gotemplate.outlining.places import Places
from provisionhub_gotemplate.outlining.terms import (
    Argument,
    Call,
    Stage,
    constant,
    key,
    plain,
)

_CALM: Final = (Use.TESTED, Use.COMPARED, Use.BOUND, Use.LOOPED)
"""Uses to which nil is as good as any value."""
_MAKING: Final = frozenset({"dict", "list", "tuple"})
_LEAST_TO_DIG: Final = 3
_LEAST_TO_STEP: Final = 2


class Pipelines:
    """Walks through pipelines.

    Attributes:
        draft: What is found.
        places: Where the words of the template stand that is walked through.
        scope: What dot and the variables are.
    """

    def __init__(self, program: Program, places: Places, scope: Scope) -> None:
        self.draft = Draft()
        self.places = places
        self.scope = scope
        self.program = program
        is_strict = program.missing_key == "error"
        self._field = Absence.ERROR if is_strict else Absence.NIL

    def visit_pipeline(self, pipeline: Pipeline, usage: Usage) -> Origins:
        """Note what *pipeline* reads, and bind the variables that it sets."""
        is_set = bool(pipeline.variables) and usage.use is not Use.LOOPED
        stage = Stage(pipeline.commands, len(pipeline.commands))
        if is_set and pipeline.is_assignment and self.scope.repeats:
            # What stands before may read it in the next turn.
            usage = replace(usage, use=Use.PASSED)
        origins = self.visit(stage, usage)
        if is_set:
            name = pipeline.variables[0].names[0]
            if pipeline.is_assignment:
                self.scope.assign(name, origins)
            else:
                self.scope.names[name] = origins
        return origins

    def visit(self, term: Argument, usage: Usage) -> Origins:
        """Note what *term* reads, its value being used for *usage*.

        Returns:
            What the value comes from.
        """
        self.draft.spend(1, None)
        if isinstance(term, Pipeline) and term.variables:
            return self.visit_pipeline(term, usage)
        named = plain(term)
        if isinstance(named, Call):
            return self._call(named, usage)
        if isinstance(named, Stage):
            return self._odd(named)
        if isinstance(named, Chain):
            origins = self._stepped(self.visit(named.term, STEP), named.names)
        else:
            known = self._refer(named)
            if known is None:
                return ()
            origins = known
        self.note(origins, self.places.term(named), usage)
        return origins

    def note(self, origins: Origins, at: Location, usage: Usage) -> None:
        """Note that *origins* are used for *usage* at a place."""
        if usage.use is None:
            return
        for origin in origins:
            self.draft.spend(1, at)
            if isinstance(origin, Shape):
                if usage.use in (Use.PASSED, Use.PRINTED):
                    self._note_shape(origin, at, usage)
                continue
            is_calm = usage.use in _CALM or usage.is_provided
            has_default = origin.absence is Absence.PROVIDED or (
                origin.absence is Absence.NIL and is_calm
            )
            self.draft.read(
                origin.path,
                at,
                usage.use,
                has_default=has_default,
                through=(*origin.through, *usage.through),
            )

    def guards(self, term: Argument, *, holds: bool = True) -> tuple[Guard, ...]:
        """Return what has to hold for *term* to be true, or false if not *holds*."""
        return conditions.guards(term, self, holds=holds)

    def resolve(self, term: Argument) -> tuple[NamePath, Location] | None:
        """Return which one value of the data *term* is, and its place."""
        named = plain(term)
        if isinstance(named, Call):
            is_member = named.name in ("get", "index")
            return self.member(named) if is_member else None
        if isinstance(named, Stage):
            return None
        origins = self._refer(named)
        return None if origins is None else _single(origins, self.places.term(named))

    def member(self, call: Call) -> tuple[NamePath, Location] | None:
        """Return which one value ``hasKey``, ``get`` or ``index`` asks for."""
        if len(call.arguments) < _LEAST_TO_STEP:
            return None
        first, *keys = call.arguments
        holder = plain(first)
        if isinstance(holder, (Call, Stage)):
            return None
        origins = self._refer(holder)
        if origins is None or any(constant(each) is None for each in keys):
            return None
        for each in keys:
            origins = stepped(origins, key(each), Absence.NIL)
        return _single(origins, self._span(call))

    def place(self, term: Bool) -> Location:
        """Return the place of a constant."""
        return self.places.term(term)

    def include(self, call: Call) -> None:
        """Note what a call of ``include`` or ``tpl`` reads."""
        raise NotImplementedError

    def _refer(self, term: Term) -> Origins | None:
        """Return what dot, a variable or a chain of names comes from."""
        match term:
            case Dot():
                return self.scope.dot
            case Field(names=names):
                return self._stepped(self.scope.dot, names)
            case Variable(names=names):
                return self._stepped(self.scope.find(names[0]), names[1:])
            case Chain(term=inner, names=names):
                named = plain(inner)
                if isinstance(named, (Call, Stage)):
                    return None
                origins = self._refer(named)
                return None if origins is None else self._stepped(origins, names)
            case _:
                return None

    def _stepped(self, origins: Origins, names: tuple[str, ...]) -> Origins:
        for name in names:
            origins = stepped(origins, name, self._field)
        return origins

    def _note_shape(self, shape: Shape, at: Location, usage: Usage) -> None:
        for origins in shape.members.values():
            plain_ones = tuple(each for each in origins if isinstance(each, Origin))
            self.note(plain_ones, at, usage)
            for inner in origins:
                if isinstance(inner, Shape) and inner is not shape:
                    self.draft.spend(1, at)
                    self._note_shape(inner, at, usage)

    def _odd(self, stage: Stage) -> Origins:
        """Visit a command that calls no function, and yet has arguments."""
        if stage.count > 1:
            self.visit(Stage(stage.commands, stage.count - 1), PASSED)
        for argument in stage.commands[stage.count - 1].arguments:
            self.visit(argument, PASSED)
        return ()

    def _span(self, call: Call) -> Location:
        """Return the place of a call's arguments, as far as they have one."""
        terms = [each for each in call.arguments if not isinstance(each, Stage)]
        return self.places.term(*terms) if terms else self.places.term(call.at)

    def _call(self, call: Call, usage: Usage) -> Origins:
        special = _SPECIAL.get(call.name)
        if special is not None and (call.arguments or call.name in _MAKING):
            return special(self, call, usage)
        name = call.name
        if name in COMPARING:
            for argument in call.arguments:
                self.visit(argument, COMPARED)
            return ()
        if name in ONE_ITEM | SAME_ITEMS:
            return self._items(call, usage)
        made: Origins = ()
        function = self.program.functions.get(name)
        is_asked = usage.use is Use.TESTED
        for index, argument in enumerate(call.arguments):
            use = Use.COMPARED if is_asked else None
            if looks_into(name, function, index):
                use = Use.PASSED
            origins = self.visit(argument, usage.via(name, use=use))
            made = merged(made, passing(origins, name))
        return made

    def _items(self, call: Call, usage: Usage) -> Origins:
        found: Origins = ()
        for argument in call.arguments:
            is_last = argument is call.arguments[-1]
            through = replace(usage, through=(call.name, *usage.through))
            found = self.visit(argument, through if is_last else COMPARED)
        if call.name in ONE_ITEM:
            return stepped(found, None, Absence.NIL)
        return found

    def either(self, call: Call, usage: Usage) -> Origins:
        """Visit ``and`` and ``or``, which look no further than they have to."""
        is_and = call.name == "and"
        tested = usage if usage.use not in (None, Use.BOUND) else TESTED
        found: Origins = ()
        guards: tuple[Guard, ...] = ()
        *others, last = call.arguments
        if isinstance(last, Stage):
            # What comes through the pipe has been worked out before.
            found = self.visit(last, usage)
            call_last = None
        else:
            call_last = last
        for argument in others:
            with self.draft.under(guards):
                origins = self.visit(argument, TESTED if is_and else tested)
            found = found if is_and else merged(found, origins)
            guards = (*guards, *self.guards(argument, holds=is_and))
        if call_last is not None:
            with self.draft.under(guards):
                found = merged(found, self.visit(call_last, usage))
        return found

    def negated(self, call: Call, usage: Usage) -> Origins:
        """Visit ``not`` and ``empty``."""
        del usage
        for argument in call.arguments:
            self.visit(argument, TESTED)
        return ()

    def default(self, call: Call, usage: Usage) -> Origins:
        """Visit ``default``, whose last argument is what may be empty."""
        *fallbacks, value = call.arguments
        found: Origins = ()
        for fallback in fallbacks:
            found = merged(found, self.visit(fallback, usage))
        through = replace(usage, is_provided=True, through=(call.name, *usage.through))
        origins = provided(self.visit(value, through))
        return merged(
            found, passing(origins, call.name, is_made=False), _shapes(origins)
        )

    def coalesce(self, call: Call, usage: Usage) -> Origins:
        """Visit ``coalesce``, which gives the first argument that is not empty."""
        through = replace(usage, is_provided=True, through=(call.name, *usage.through))
        several = [self.visit(argument, through) for argument in call.arguments]
        return merged(*[provided(each) for each in several])

    def ternary(self, call: Call, usage: Usage) -> Origins:
        """Visit ``ternary``, all of whose arguments are worked out beforehand."""
        *values, condition = call.arguments
        self.visit(condition, TESTED)
        return merged(*[self.visit(value, usage) for value in values])

    def required(self, call: Call, usage: Usage) -> Origins:
        """Visit ``required``, which gives its last argument."""
        *messages, value = call.arguments
        for message in messages:
            self.visit(message, COMPARED)
        return self.visit(value, replace(usage, through=("required", *usage.through)))

    def look_up(self, call: Call, usage: Usage) -> Origins:
        """Visit ``index`` and ``get``, whose first argument holds the value."""
        absence = Absence.NIL if call.name == "index" else Absence.PROVIDED
        holder, *keys = call.arguments
        origins = self.visit(holder, STEP if keys else usage)
        if keys:
            origins = self._by_keys(origins, keys, absence)
            self.note(origins, self._span(call), usage)
        return origins

    def dig(self, call: Call, usage: Usage) -> Origins:
        """Visit ``dig``: keys, what to return without them, and what holds them."""
        if len(call.arguments) < _LEAST_TO_DIG:
            return self._odd_call(call)
        *keys, fallback, holder = call.arguments
        origins = self.visit(holder, STEP)
        origins = self._by_keys(origins, keys, Absence.PROVIDED)
        terms = [each for each in keys if not isinstance(each, Stage)]
        through = replace(usage, through=("dig", *usage.through))
        self.note(origins, self.places.term(*terms), through)
        return merged(origins, self.visit(fallback, usage))

    def has_key(self, call: Call, usage: Usage) -> Origins:
        """Visit ``hasKey``."""
        del usage
        holder, *keys = call.arguments
        origins = self._by_keys(self.visit(holder, STEP), keys, Absence.NIL)
        self.note(origins, self._span(call), TESTED)
        return ()

    def pluck(self, call: Call, usage: Usage) -> Origins:
        """Visit ``pluck``: a key, and what may hold it."""
        name, *holders = call.arguments
        found = Shape()
        for holder in holders:
            origins = self.visit(holder, STEP)
            origins = self._by_keys(origins, [name], Absence.PROVIDED)
            self.note(origins, self._span(call), usage.via("pluck"))
            found.add(None, origins)
        return (found,)

    def make_dict(self, call: Call, usage: Usage) -> Origins:
        """Visit ``dict``, which is followed into what it is given to."""
        shape = Shape()
        inner = usage if usage.use in (Use.PRINTED, Use.PASSED) else BOUND
        arguments = call.arguments
        for index in range(0, len(arguments), 2):
            name = key(arguments[index])
            if name is None:
                self.visit(arguments[index], COMPARED)
            if index + 1 < len(arguments):
                shape.add(name, self.visit(arguments[index + 1], inner))
        return (shape,)

    def make_list(self, call: Call, usage: Usage) -> Origins:
        """Visit ``list``, whose items are followed."""
        shape = Shape()
        inner = usage if usage.use in (Use.PRINTED, Use.PASSED) else BOUND
        for argument in call.arguments:
            shape.add(None, self.visit(argument, inner))
        return (shape,)

    def set_member(self, call: Call, usage: Usage) -> Origins:
        """Visit ``set``, which changes the dictionary that it is given."""
        del usage
        if len(call.arguments) != _LEAST_TO_DIG:
            return self._odd_call(call)
        holder, name, value = call.arguments
        origins = self.visit(holder, STEP)
        added = self.visit(value, BOUND if _shapes(origins) else PASSED)
        for shape in _shapes(origins):
            if isinstance(shape, Shape):
                shape.add(key(name), added)
        return origins

    def include_template(self, call: Call, usage: Usage) -> Origins:
        """Visit ``include`` and ``tpl``."""
        del usage
        self.include(call)
        return ()

    def _odd_call(self, call: Call) -> Origins:
        for argument in call.arguments:
            self.visit(argument, PASSED)
        return ()

    def _by_keys(
        self, origins: Origins, keys: list[Argument], absence: Absence
    ) -> Origins:
        for each in keys:
            if constant(each) is None:
                self.visit(each, COMPARED)
            origins = stepped(origins, key(each), absence)
        return origins


def _single(origins: Origins, at: Location) -> tuple[NamePath, Location] | None:
    if len(origins) != 1:
        return None
    origin = origins[0]
    if isinstance(origin, Shape) or origin.is_made or not origin.path:
        return None
    return origin.path, at


def _shapes(origins: Origins) -> Origins:
    return tuple(origin for origin in origins if isinstance(origin, Shape))


_SPECIAL: Final[Mapping[str, Callable[[Pipelines, Call, Usage], Origins]]] = {
    "and": Pipelines.either,
    "coalesce": Pipelines.coalesce,
    "default": Pipelines.default,
    "dict": Pipelines.make_dict,
    "dig": Pipelines.dig,
    "empty": Pipelines.negated,
    "get": Pipelines.look_up,
    "hasKey": Pipelines.has_key,
    "include": Pipelines.include_template,
    "index": Pipelines.look_up,
    "list": Pipelines.make_list,
    "not": Pipelines.negated,
    "or": Pipelines.either,
    "pluck": Pipelines.pluck,
    "required": Pipelines.required,
    "set": Pipelines.set_member,
    "ternary": Pipelines.ternary,
    "tpl": Pipelines.include_template,
    "tuple": Pipelines.make_list,
}
