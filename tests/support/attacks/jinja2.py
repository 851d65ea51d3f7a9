"""Attacks on the Jinja2 engine: escapes that once worked somewhere, and bombs."""

from __future__ import annotations

from typing import Final

from provisionhub.jsontypes import JsonObject
from support.attacks.attack import Attack, End

_VALUES: Final[JsonObject] = {
    "text": "abc",
    "number": 5,
    "list": [1, 2, 3],
    "object": {"a": 1, "items": 2, "__class__": "mine"},
    "true": True,
    "none": None,
    "half": 0.5,
}

_RECEIVERS: Final = (
    "''", "[]", "{}", "1.5", "range", "namespace()", "dict", "cycler('a')", "Values",
    "Values.text", "Values.list", "self", "loop", "''.join", "{}.items",
)  # fmt: skip
_ATTRIBUTES: Final = (
    "__class__.__mro__[1].__subclasses__()", "__init__.__globals__",
    "__dict__", "__reduce_ex__(2)", "__getattribute__", "gi_frame.f_globals", "mro()",
)  # fmt: skip
_CHAINS: Final = {
    "cycler globals": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "joiner globals": "{{ joiner.__init__.__globals__ }}",
    "lipsum globals": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "self template": "{{ self._TemplateReference__context.cycler }}",
    "config": "{{ config.items() }}",
    "request": "{{ request.application.__globals__ }}",
    "get_flashed_messages": "{{ get_flashed_messages.__globals__ }}",
    "attr filter": "{{ ''|attr('__class__')|attr('__mro__') }}",
    "attr by join": "{{ ''|attr(['__cl','ass__']|join) }}",
    "attr by format": "{{ ''|attr('%s%s'|format('__cla','ss__')) }}",
    "attr by hex": "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "attr by reverse": "{{ ''|attr('__ssalc__'|reverse) }}",
    "map attribute": "{{ ['']|map(attribute='__class__')|list }}",
    "map attr": "{{ ['']|map('attr', '__class__')|list }}",
    "groupby attribute": "{{ ['']|groupby('__class__') }}",
    "sort attribute": "{{ ['a','b']|sort(attribute='__class__.__name__') }}",
    "sum attribute": "{{ ['']|sum(attribute='__class__') }}",
    "selectattr": "{{ ['']|selectattr('__class__')|list }}",
    "rejectattr": "{{ ['']|rejectattr('__doc__')|list }}",
    "unique attribute": "{{ ['']|unique(attribute='__class__')|list }}",
    "min attribute": "{{ ['a']|min(attribute='__class__') }}",
    "str.format": "{{ '{0.__class__}'.format('') }}",
    "str.format item": "{{ '{0[__class__]}'.format({}) }}",
    "str.format_map": "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "format method kept": "{% set f = '{0.__class__.__mro__}'.format %}{{ f(1) }}",
    "format by map": "{{ ['{0.__class__}']|map('format', 1)|list }}",
    "xmlattr": "{{ {'a b': 1}|xmlattr }}",
    "generator frame": "{{ (1 for x in [1]).gi_frame }}",
    "import": "{% import 'os' as os %}{{ os.environ }}",
    "from import": "{% from 'os' import environ %}",
    "include passwd": "{% include '/etc/passwd' %}",
    "include parent": "{% include '../../../etc/passwd' %}",
    "extends passwd": "{% extends '/etc/passwd' %}",
    "include undefined": "{% include Values.text %}",
    "macro globals": "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "macro func": "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "caller": "{% macro m() %}{{ caller.__class__ }}{% endmacro %}"
    "{% call m() %}{% endcall %}",
    "loop internals": "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "loop class": "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "item dunder": "{{ ''['__class__'] }}",
    "list item dunder": "{{ []['__class__']['__base__'] }}",
    "undefined class": "{{ nothing.__class__ }}",
    "undefined hook": "{{ nothing|default(nothing.__init__.__globals__, true) }}",
    "environment": "{{ environment }}",
    "do": "{% do Values.list.append(1) %}",
    "debug": "{% debug %}",
    "mutates a list": "{{ Values.list.append(4) }}",
    "mutates an object": "{{ Values.object.update({'a': 2}) }}",
    "clears an object": "{{ Values.object.clear() }}",
}  # fmt: skip
_HARMLESS: Final = {
    "method is not shown": "{{ Values.text }}",
    "user's own key": "{{ Values.object['items'] }}",
    "int of text": "{{ ('9' * 100000)|int }}",
    "namespace's class": "{% set n = namespace() %}{% set n.__class__ = 1 %}",
    "constant folding": "{% if false %}{{ 9 ** (9 ** 9) }}{% endif %}",
}
_BOMBS: Final = {
    "nested loops": "{% for a in range(1000) %}{% for b in range(1000) %}"
    "{% for c in range(1000) %}{% endfor %}{% endfor %}{% endfor %}",
    "range": "{{ range(10 ** 12)|list }}",
    "range length": "{{ range(10 ** 9)|length }}"
    "{% for x in range(10**9) %}x{% endfor %}",
    "power": "{{ 10 ** (10 ** 10) }}",
    "power of a name": "{{ Values.number ** 999999999 }}",
    "shift by power": "{{ 2 ** 100000000 }}",
    "repeat text": "{{ 'a' * 10 ** 10 }}",
    "repeat list": "{{ [0] * 10 ** 10 }}",
    "repeat by count": "{{ 10 ** 9 * 'a' }}",
    "doubling": "{% set n = namespace(t='aaaaaaaa') %}{% for i in range(60) %}"
    "{% set n.t = n.t ~ n.t %}{% endfor %}{{ n.t }}",
    "doubling lists": "{% set n = namespace(t=[1]) %}{% for i in range(60) %}"
    "{% set n.t = n.t + n.t %}{% endfor %}{{ n.t|length }}",
    "percent width": "{{ '%1000000000d' % 1 }}",
    "percent precision": "{{ '%.1000000000f' % 1.0 }}",
    "percent star": "{{ '%*d' % (1000000000, 1) }}",
    "format width": "{{ '{:1000000000}'.format(1) }}",
    "format filter width": "{{ '%1000000000d'|format(1) }}",
    "center": "{{ 'a'|center(10 ** 10) }}",
    "center method": "{{ 'a'.center(10 ** 10) }}",
    "ljust": "{{ 'a'.ljust(10 ** 10) }}",
    "zfill": "{{ 'a'.zfill(10 ** 10) }}",
    "expandtabs": "{{ '\\t'.expandtabs(10 ** 10) }}",
    "indent": "{{ ('a\\n' * 1000)|indent(10 ** 8) }}",
    "join": "{{ (['a'] * 100000)|join('b' * 100000) }}",
    "replace": "{{ ('a' * 100000)|replace('a', 'b' * 100000) }}",
    "replace method": "{{ ('a' * 100000).replace('a', 'b' * 100000) }}",
    "slice": "{{ [1]|slice(10 ** 9)|list }}",
    "batch fill": "{{ [1]|batch(10 ** 9, 0)|list }}",
    "wordwrap": "{{ ('a' * 1000000)|wordwrap(1, wrapstring='b' * 10000) }}",
    "huge integer literal": "{{ " + "9" * 100_000 + " }}",
    "huge integer as text": "{{ (10 ** 4000) ~ '' }}",
    "deep brackets": "{{ " + "[" * 3_000 + "]" * 3_000 + " }}",
    "deep parentheses": "{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}",
    "deep not": "{{ " + "not " * 5_000 + "1 }}",
    "deep minus": "{{ " + "-" * 5_000 + "1 }}",
    "deep if": "{% if 1 %}" * 2_000 + "{% endif %}" * 2_000,
    "deep for": "{% for a in [1] %}" * 500 + "{% endfor %}" * 500,
    "long chain of filters": "{{ 'a'" + "|upper" * 20_000 + " }}",
    "long chain of additions": "{{ 1" + " + 1" * 30_000 + " }}",
    "long chain of attributes": "{{ Values" + ".a" * 20_000 + " }}",
    "long chain of else": "{% if 0 %}" + "{% elif 0 %}" * 5_000 + "{% endif %}",
    "macro recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macro doubling": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}"
    "{% endif %}{% endmacro %}{{ m(60) }}",
    "mutual macros": "{% macro a() %}{{ b() }}{% endmacro %}"
    "{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "recursive loop": "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "call recursion": "{% macro m() %}{{ caller() }}{% endmacro %}"
    "{% macro r() %}{% call m() %}{{ r() }}{% endcall %}{% endmacro %}{{ r() }}",
    "many blocks": "".join(f"{{% block b{i} %}}{{% endblock %}}" for i in range(3000)),
    "sort of a product": "{% for a in range(99999) %}"
    "{{ range(99999)|sort }}{% endfor %}",
    "dict product": "{% set n = namespace(o={}) %}{% for a in range(99999) %}"
    "{% set n.o = {'a': n.o, 'b': n.o} %}{% endfor %}{{ n.o }}",
}  # fmt: skip

_NAMED: Final = [
    *(Attack(f"escape: {name}", text, End.ANY_ERROR, _VALUES)
      for name, text in _CHAINS.items()),
    *(Attack(f"bomb: {name}", text, End.ANY_ERROR, _VALUES)
      for name, text in _BOMBS.items()),
    *(Attack(f"harmless: {name}", text, End.HARMLESS, _VALUES)
      for name, text in _HARMLESS.items()),
]  # fmt: skip

ATTACKS: Final = [
    *(
        Attack(
            f"attribute: {receiver}.{name}",
            f"{{{{ {receiver}.{name} }}}}",
            End.REFUSED,
            _VALUES,
        )
        for receiver in _RECEIVERS
        for name in _ATTRIBUTES
    ),
    *_NAMED,
    Attack(
        "bomb: includes itself",
        "{% include 'p.j2' %}",
        End.ANY_ERROR,
        partials={"p.j2": "{% include 'p.j2' %}{% include 'p.j2' %}"},
    ),
    Attack(
        "bomb: extends itself",
        "{% extends 'p.j2' %}",
        End.ANY_ERROR,
        partials={"p.j2": "{% extends 'p.j2' %}"},
    ),
    Attack(
        "bomb: imports itself",
        "{% import 'p.j2' as p %}",
        End.ANY_ERROR,
        partials={"p.j2": "{% import 'p.j2' as p %}"},
    ),
]
