"""The sandbox: what generated code may look up, call and include.

The policy is Jinja2's immutable sandbox made narrower: a template reaches keys and
indices of JSON data, the few attributes and methods in ``attributes``, the functions
in ``runtime`` and the filters and tests of this package. Nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from jinja2 import nodes
from jinja2.environment import TemplateModule
from jinja2.ext import ExprStmtExtension, LoopControlExtension
from jinja2.lexer import TokenStream
from jinja2.runtime import BlockReference, Context, Macro, TemplateReference
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Joiner, Namespace

from provisionhub.errors import TemplateRuntimeError
from provisionhub.outline import Outline
from provisionhub.source import Source
from provisionhub_jinja import runtime
from provisionhub_jinja.attributes import METHODS, PROPERTIES
from provisionhub_jinja.compiler import TemplateCompiler
from provisionhub_jinja.failures import explain_compilation
from provisionhub_jinja.filters import FILTERS
from provisionhub_jinja.kinds import Value, describe, plain_key, shallow
from provisionhub_jinja.lexer import Lexer
from provisionhub_jinja.operators import OPERATORS, refuse_operands
from provisionhub_jinja.options import Options
from provisionhub_jinja.outlining import Places, Text, outline_template
from provisionhub_jinja.parser import OffsetStream, TemplateParser
from provisionhub_jinja.predicates import PREDICATES
from provisionhub_jinja.templates import CompiledTemplate, NoTemplate
from provisionhub_jinja.undefined import (
    EmptyMethod,
    EmptyMissing,
    Forbidden,
    Method,
    Missing,
    OffLimitsError,
    PartialNotFoundError,
    StrictMethod,
    StrictMissing,
)

SUFFIX: Final = ".j2"
_ABSENT: Final = object()
_SEQUENCES: Final = (list, tuple, str, range)
_CALLABLE: Final = (runtime.Function, runtime.CountedLoop, Joiner)


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """One set of partials under one set of options.

    Args:
        options: The blueprint's options.
        lexer: The lexical rules that follow from them.
        partials: The templates that others may include, by name.
    """

    intercepted_binops = frozenset(OPERATORS)
    code_generator_class = TemplateCompiler
    template_class = CompiledTemplate
    count_turns = staticmethod(runtime.count_turns)
    plain_key = staticmethod(plain_key)
    shallow = staticmethod(shallow)
    concat = staticmethod(runtime.concat)
    no_template = NoTemplate

    def __init__(
        self, options: Options, lexer: Lexer, partials: Mapping[str, str]
    ) -> None:
        is_strict = options.missing == "error"
        super().__init__(
            extensions=(ExprStmtExtension, LoopControlExtension),
            undefined=StrictMissing if is_strict else EmptyMissing,
            autoescape=options.escape == "html",
            optimized=False,
            cache_size=0,
        )
        self.options = options
        self.partials = dict(partials)
        self.token_rules = lexer
        self._method = StrictMethod if is_strict else EmptyMethod
        self._templates: dict[str, CompiledTemplate] = {}
        self._texts: dict[str, Text] = {}
        self.globals = dict(runtime.GLOBALS)
        self.filters.clear()
        self.filters.update(FILTERS)
        self.tests.clear()
        self.tests.update(PREDICATES)

    def load(self, source: Source) -> CompiledTemplate:
        """Compile *source*.

        Raises:
            TemplateSyntaxError: With the place of what is wrong.
            LimitExceededError: If the template is nested too deeply.
        """
        tree = self.parse_source(source)
        try:
            generator = TemplateCompiler(self, source.file, None, optimized=False)
            generator.visit(tree)
            written: str = generator.stream.getvalue()  # type: ignore[attr-defined]  # a StringIO
            code = compile(written, "<template>", "exec")
        except Exception as error:  # noqa: BLE001 - each becomes an error with a place
            raise explain_compilation(error, self, source) from None
        return CompiledTemplate.build(self, source, code)

    def parse_source(self, source: Source) -> nodes.Template:
        """Return the tree of *source*; its nodes' ``lineno`` are offsets."""
        return TemplateParser(self, source).parse()

    def find_template(self, name: Value) -> CompiledTemplate:
        """Return the partial *name*, or the first that exists of a list of names.

        The suffix may be left out. It is compiled when it is first needed.

        Raises:
            PartialNotFoundError: If there is none.
        """
        names = name if isinstance(name, (list, tuple)) else [name]
        for each in names:
            if isinstance(each, Missing):
                each.fail()
            if not isinstance(each, str):
                raise TemplateRuntimeError(f"{describe(each)} does not name a partial")
            key = self.find(each)
            if key is not None:
                return self._partial(key)
        raise PartialNotFoundError(str(next(iter(names), "")), self.partials)

    def find(self, name: str) -> str | None:
        """Return the key of the partial *name*, whose suffix may be left out."""
        for key in (name, name + SUFFIX, name.removesuffix(SUFFIX)):
            if key in self.partials:
                return key
        return None

    def text(self, key: str) -> Text:
        """Return the partial with this *key*, parsed for an outline.

        Raises:
            TemplateSyntaxError: If it is broken.
        """
        if key not in self._texts:
            self._texts[key] = self._text_of(Source(key, self.partials[key]))
        return self._texts[key]

    def outline(self, source: Source) -> Outline:
        """Return what *source* reads.

        Raises:
            TemplateSyntaxError: With the place of what is wrong.
            LimitExceededError: If it, or what it includes, goes too deep.
        """
        is_lenient = self.options.missing == "empty"
        try:
            text = self._text_of(source)
            return outline_template(text, self, is_lenient=is_lenient)
        except RecursionError as error:
            raise explain_compilation(error, self, source) from None

    def get_template(
        self,
        name: Value,
        parent: str | None = None,
        globals: object = None,  # noqa: A002 - Jinja2's signature
    ) -> CompiledTemplate:
        """Return the partial *name*, for ``import`` and ``extends``."""
        del parent, globals
        return self.find_template(name)

    def getattr(self, obj: Value, attribute: str) -> Value:
        """Return ``obj.attribute``: a key, else what the tables allow."""
        if type(obj) is dict:
            value = obj.get(attribute, _ABSENT)
            if value is not _ABSENT:
                return value
        return self._attribute(obj, attribute)

    def getitem(self, obj: Value, argument: Value) -> Value:
        """Return ``obj[argument]``: a key or an index, else what the tables allow."""
        if isinstance(argument, Missing):
            argument.fail()
        if type(obj) is dict:
            value = obj.get(plain_key(argument), _ABSENT)
            if value is _ABSENT:
                _refuse_internal(obj, argument)
                return self.undefined(obj=obj, name=argument)
            return value
        if isinstance(obj, _SEQUENCES) and isinstance(argument, int):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=obj, name=argument)  # type: ignore[arg-type]  # an index
        if isinstance(argument, str) or isinstance(obj, Missing):
            return self._attribute(obj, argument)
        return self.undefined(obj=obj, name=argument)

    def getslice(self, obj: Value, *bounds: Value) -> Value:
        """Return ``obj[start:stop:step]``."""
        if isinstance(obj, EmptyMissing):
            return obj
        if isinstance(obj, Missing):
            obj.fail()
        if not isinstance(obj, _SEQUENCES):
            raise TemplateRuntimeError(f"can't take a slice of {describe(obj)}")
        return obj[slice(*bounds)]

    def call(
        self,
        context: Context,
        callee: Value,
        /,
        *arguments: Value,
        **options: Value,
    ) -> Value:
        """Call *callee* if templates may."""
        if isinstance(callee, Macro):
            return callee(context.eval_ctx, *arguments, **options)
        if isinstance(callee, Method):
            return runtime.Function(callee.name, callee.function)(*arguments, **options)
        if isinstance(callee, _CALLABLE):
            return callee(*arguments, **options)
        if isinstance(callee, BlockReference):
            return runtime.call_block(callee)
        if isinstance(callee, Forbidden):
            raise OffLimitsError(callee.owner, callee.name)
        if isinstance(callee, Missing):
            callee.fail()
        raise TemplateRuntimeError(f"{describe(callee)} can't be called")

    def call_binop(
        self,
        context: Context,
        operator: str,
        left: Value,
        right: Value,
    ) -> Value:
        """Return ``left operator right``, of bounded size."""
        del context
        try:
            return OPERATORS[operator](left, right)
        except TypeError:
            raise refuse_operands(operator, left, right) from None

    def _attribute(self, obj: Value, name: str) -> Value:
        if isinstance(obj, EmptyMissing):
            return obj
        if isinstance(obj, Missing) and not isinstance(obj, Method):
            obj.fail()
        _refuse_internal(obj, name)
        if isinstance(obj, Method):
            obj.fail()
        kind = type(obj)
        if name in PROPERTIES.get(kind, ()):
            return getattr(obj, name)
        method = METHODS.get(kind, {}).get(name)
        if method is not None:
            make = self._method if kind is dict else StrictMethod
            return make(partial(method, obj), obj, name)
        value = _member(obj, name)
        if value is not _ABSENT:
            return value
        is_python = hasattr(kind, name) or name in getattr(obj, "__dict__", ())
        make_missing = Forbidden if is_python else self.undefined
        return make_missing(obj=obj, name=name)

    def _tokenize(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> TokenStream:
        del filename, state
        return OffsetStream(self.token_rules, Source(name or "", source))

    def _text_of(self, source: Source) -> Text:
        return Text(Places(self.token_rules, source), self.parse_source(source))

    def _partial(self, key: str) -> CompiledTemplate:
        if key not in self._templates:
            self._templates[key] = self.load(Source(key, self.partials[key]))
        return self._templates[key]


def _refuse_internal(obj: object, name: object) -> None:
    """Refuse names that are Python's own, before anything is looked up."""
    if not isinstance(name, str) or not name.startswith("_"):
        return
    if name.startswith("__") or type(obj) is not dict:
        raise OffLimitsError(obj, name)


def _member(obj: object, name: str) -> Value:
    """Return what a namespace, an imported template or ``self`` has by *name*."""
    try:
        if isinstance(obj, Namespace):
            return Namespace.__getattribute__(obj, name)
        if isinstance(obj, TemplateModule):
            return vars(obj)[name]
        if isinstance(obj, TemplateReference):
            return obj[name]
    except (AttributeError, KeyError):
        pass
    return _ABSENT
