"""The filters and operators that Jinja2 has too give what Jinja2 gives."""

from __future__ import annotations

from typing import Final

import pytest
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine

CONTEXT: Final[JsonObject] = {
    "x": [{"c": "X", "n": 1}, {"c": "x", "n": 2, "d": "b"}, {"c": "a", "d": "A"}]
}
TEMPLATES: Final = (
    "{{ 'a\nb\n'|indent }}|",
    "{{ 'a\n\nb'|indent(2,true,true) }}",
    "{{ ''|indent }}",
    "{{ 'foo bar baz qux'|truncate(9) }}",
    "{{ 'foo bar baz qux'|truncate(9,true) }}",
    "{{ 'foo bar baz qux'|truncate(11) }}",
    "{{ 'foo bar baz qux'|truncate(11,false,'...',0) }}",
    "{{ range(10)|batch(3)|list }}",
    "{{ range(10)|slice(3)|list }}",
    "{{ range(10)|slice(3,'x')|list }}",
    "{{ range(3)|batch(5,'x')|list }}",
    "{{ []|batch(2)|list }}",
    "{{ []|slice(3)|list }}",
    "{{ 42.7|round }}",
    "{{ 42.55|round(1,'floor') }}",
    "{{ 42|round }}",
    "{{ 42|round(1,'ceil') }}",
    "{{ 'x'|int }}",
    "{{ '42.2'|int }}",
    "{{ '0x4d'|int(0,16) }}",
    "{{ none|int }}",
    "{{ 'a'|float }}",
    "{{ ['b','A','c']|sort(reverse=true) }}",
    "{{ ['b','A','c']|sort(case_sensitive=true) }}",
    "{{ [{'a':{'b':2}},{'a':{'b':1}}]|sort(attribute='a.b') }}",
    "{{ [{'a':1,'b':2},{'a':1,'b':1}]|sort(attribute='a,b') }}",
    "{{ ['a','B','b']|unique|list }}{{ ['a','B','b']|unique(true)|list }}",
    "{{ [{'a':'x'},{'a':'X'}]|unique(attribute='a')|list }}",
    "{{ [{'c':'X','n':1},{'c':'x','n':2}]|groupby('c',case_sensitive=true) }}",
    "{{ {'b':1,'A':2}|dictsort }}",
    "{{ {'b':1,'A':2}|dictsort(true) }}",
    "{{ {'b':1,'A':2}|dictsort(false,'value') }}",
    "{{ {'b':1,'A':2}|dictsort(reverse=true) }}",
    "{{ [[1],[2]]|sum(start=[]) }}",
    "{{ [{'a':1}]|sum(attribute='a') }}",
    "{{ 'abc'|reverse }} {{ [1,2]|reverse|list }}",
    "{{ 'abc'|first }}{{ 'abc'|last }}",
    "{{ {'a':1}|list }}{{ {'a':1}|first }}",
    "{{ 'hello world'|title }}",
    "{{ 'foo\tbar'|title }}",
    '{{ "it\'s"|title }}',
    "{{ 'f-a b(c'|title }}",
    "{{ 'a b'|wordcount }}",
    "{{ 1|filesizeformat }}",
    "{{ 100|filesizeformat }}",
    "{{ 1024|filesizeformat(true) }}",
    "{{ '3000'|filesizeformat }}",
    "{{ ['<',1]|join(',') }}",
    "{{ ['<'|safe,'>']|join('&') }}",
    "{{ {'a':'<','b':none,'c':1}|xmlattr }}",
    "{{ {'a':1}|xmlattr(false) }}",
    "{{ {'a':'b c','d':'é'}|urlencode }}",
    "{{ [('a',1)]|urlencode }}",
    "{{ 'é/ &'|urlencode }}",
    "{{ '<p>a <b>b</b> &amp; c</p><!-- x -->'|striptags }}",
    "{{ 'aaa'|replace('a','b') }} {{ 'aaa'|replace('a','b',2) }}",
    "{{ '<'|replace('<','>') }}",
    "{{ 5|string|upper }}",
    "{{ '<a>'|safe|replace('a','<') }}",
    "{{ '%s<'|format('<') }}",
    "{{ ('%s<'|safe)|format('<') }}",
    "{{ ('%s<'|safe) % '<' }}",
    "{{ '%s' % ('<'|safe) }}",
    "{{ '%d%%' % 3 }}",
    "{{ '%5.1f' % 2.25 }}",
    "{{ '%s' % [1] }}",
    "{{ '%s %s' % ('a', none) }}",
    "{{ '%r' % 'a' }}",
    "{{ '%c' % 65 }}",
    "{{ '%x %X %o %e' % (255,255,8,1.5) }}",
    "{{ '%+d' % 3 }}",
    "{{ '%-5s|' % 'a' }}",
    "{{ 'a b c d e'|wordwrap(3) }}",
    "{{ 'a\n\nb'|wordwrap(3) }}",
    "{{ 'abcdefgh'|wordwrap(3) }}",
    "{{ 'abc-def'|wordwrap(4) }}",
    "{{ 'abcdefgh'|wordwrap(3,false) }}",
    "{{ [1,2]|map('string')|join }}",
    "{{ [{'a':1},{}]|map(attribute='a',default=9)|join(',') }}",
    "{{ [1,2,3,4]|select('divisibleby',2)|list }}",
    "{{ [[1,2],[3]]|map('first')|list }}",
    "{{ [[1,2],[3,4]]|map(attribute=1)|list }}",
    "{{ ['a','b']|map('replace','a','z')|list }}",
    "{{ 'x'|center(5) }}|",
    "{{ {'a':1}|tojson }} {{ '<x>'|tojson }} {{ [1]|tojson(indent=2) }}",
    "{{ 'ab'|trim('a') }}{{ '  x '|trim }}",
    "{{ -1|abs }}",
    "{{ 'a'|default('b') }}{{ ''|default('b',true) }}{{ x|d('c') }}",
    "{{ [1,2]|min }}",
    "{{ ['b','A']|min }}",
    "{{ ['b','A']|max }}",
    "{{ ['b','A']|min(true) }}",
    "{{ [{'a':3},{'a':1}]|max(attribute='a') }}",
    "{{ 'A'|lower is lower }}",
    "{{ 3 is odd }}",
    "{{ 4 is divisibleby 2 }}",
    "{{ 1 is eq 1 }}",
    "{{ 'a' is in 'abc' }}",
    "{{ [1,2][0] }}{{ {'a':1}.a }}{{ 'abc'[1:] }}{{ [1,2,3][::-1] }}",
    "{{ 1 if 0 }}",
    "{{ (1,2) }}",
    "{{ (1,) }}",
    "{{ {} }}",
    "{{ 1.0 }}",
    "{{ 1e3 }}",
    "{{ 10**20 }}",
    "{{ 7//2 }}",
    "{{ -7//2 }}",
    "{{ 2**-1 }}",
    "{{ 'a' 'b' }}{{ \"a\\tb\\x41\\u00e9\\\\\" }}",
    "{{ '<' }}{{ ['<'] }}{{ {'a':'<'} }}",
    "{{ x is defined }}",
    "{% filter upper|replace('A','b') %}a<{% endfilter %}",
    "{% macro m(x) %}<{{ x }}{% endmacro %}{{ m('<') }}{{ m('<')|upper }}",
    "{% macro m(x) %}{{ caller() }}{% endmacro %}{% call m('<') %}>{% endcall %}",
    "{% for g in x|groupby('c') %}{{ g.grouper }}{{ g.list }}{% endfor %}",
    "{% for g, all in x|groupby('d', default='z') %}{{ g }}{{ all }}{% endfor %}",
)


@pytest.mark.parametrize("escape", ["none", "html"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_renders_like_jinja2(template: str, escape: str) -> None:
    """A template renders as with Jinja2, whether HTML is escaped or not."""
    stock = SandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=escape == "html",
        keep_trailing_newline=True,
    )
    engine = JinjaEngine({"escape": escape})

    text = engine.compile(template, name="t", partials={}).render(CONTEXT)

    assert stock.from_string(template).render(CONTEXT) == text
