"""Small templates that would take all time or all memory end as ordinary errors."""

from __future__ import annotations

from typing import Final

import pytest

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    TemplateError,
    TemplateSyntaxError,
)
from provisionhub_jinja import JinjaEngine

DEEP: Final = 10_000
GROW: Final = "{% set ns = namespace(x='x' * 1000) %}{% for i in range(100) %}"
GROW_LIST: Final = "{% set ns = namespace(x=[1] * 100) %}{% for i in range(100) %}"
NEST: Final = "{% for i in range(99999) %}{% set ns.x = STEP %}{% endfor %}"
NEST_TUPLE: Final = "{% set ns = namespace(x=()) %}" + NEST.replace("STEP", "(ns.x,)")
NEST_LIST: Final = "{% set ns = namespace(x=[]) %}" + NEST.replace("STEP", "[ns.x]")
NEST_DICT: Final = "{% set ns = namespace(x={}) %}" + NEST.replace("STEP", "{1: ns.x}")
DOUBLE: Final = (
    "{% set ns = namespace(x=[1]) %}"
    "{% for i in range(60) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}"
)
RECURSION: Final = (
    "{% macro m(n) %}{{ n }}{% if n %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(9) }}"
)
WHILE_RENDERED: Final = {
    "text by number": "{{ 'a' * 10**10 }}",
    "number by text": "{{ 10**10 * 'a' }}",
    "list by number": "{{ [0] * 10**10 }}",
    "tuple by number": "{{ (0,) * 10**10 }}",
    "markup by number": "{{ ('a'|safe) * 10**10 }}",
    "power": "{{ 9**(9**9) }}",
    "power of power": "{{ 9**9**9**9**9 }}",
    "negative power": "{{ (-9)**(9**9) }}",
    "product": "{% set x = 9**999 %}{{ x*x*x*x*x*x }}",
    "sum of big": "{% set x = 9**1000 %}{{ x+x+x+x+x+x+x+x+x+x+x+x*9999**99 }}",
    "text doubled": GROW + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "text concatenated": GROW + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "text formatted": GROW + "{% set ns.x = '%s%s' % (ns.x, ns.x) %}{% endfor %}",
    "text named": GROW + "{% set ns.x = '%(a)s%(a)s'|format(a=ns.x) %}{% endfor %}",
    "text replaced": GROW + "{% set ns.x = ns.x|replace('x', 'xx') %}{% endfor %}",
    "text method": GROW + "{% set ns.x = ns.x.replace('x', 'xx') %}{% endfor %}",
    "text joined": GROW + "{% set ns.x = [ns.x, ns.x]|join %}{% endfor %}",
    "text joined by": GROW + "{% set ns.x = ns.x.join(['', '', '']) %}{% endfor %}",
    "text captured": GROW + "{% set c %}{{ ns.x }}{{ ns.x }}{% endset %}"
    "{% set ns.x = c %}{% endfor %}",
    "text escaped": "{{ ('&' * 10**7 * 2)|e }}",
    "text escaped by force": "{{ ('&' * 10**7 * 2)|forceescape }}",
    "text encoded": GROW + "{% set ns.x = ns.x|b64encode %}{% endfor %}",
    "text quoted": GROW + "{% set ns.x = (ns.x ~ '\"')|quote %}{% endfor %}"
    "{{ ns.x|replace('\\\\', '\\\\' * 50000) }}",
    "text in url": "{{ ('%' * 10**7)|urlencode }}",
    "text as attribute": "{{ {'a': '&' * 10**7}|xmlattr }}",
    "list doubled": GROW_LIST + "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "list summed": GROW_LIST + "{% set ns.x = [ns.x,ns.x]|sum(start=[]) %}{% endfor %}",
    "replace nothing": "{{ ('x' * 100000)|replace('', 'y' * 100000) }}",
    "center": "{{ 'x'|center(10**9) }}",
    "center method": "{{ 'x'.center(10**9) }}",
    "ljust": "{{ 'x'.ljust(10**9) }}",
    "rjust": "{{ 'x'.rjust(10**9, '-') }}",
    "zfill": "{{ '1'.zfill(10**9) }}",
    "indent": "{{ 'x\ny'|indent(10**9) }}",
    "indent by text": "{{ ('x\n' * 9999)|indent('y' * 99999) }}",
    "nindent": "{{ 'x'|nindent(10**9) }}",
    "comment": "{{ ('x\n' * 9999)|comment('y' * 99999) }}",
    "width": "{{ '%1000000000d'|format(1) }}",
    "width of operator": "{{ '%1000000000d' % 1 }}",
    "width of text": "{{ '%1000000000s' % 'x' }}",
    "precision": "{{ '%.1000000000f'|format(1) }}",
    "many wide fields": "{{ ('%9999d' * 9999) % ((1,) * 9999) }}",
    "batch": "{{ [1]|batch(10**9, 0) }}",
    "slice": "{{ [1]|slice(10**9) }}",
    "wordwrap": "{{ ('x' * 10**6)|wordwrap(1) }}",
    "wrapstring": "{{ ('x ' * 9999)|wordwrap(1, true, 'y' * 99999) }}",
    "striptags": "{{ ('<!---->' * 10**5)|striptags }}",
    "round": "{{ 1.5|round(10**9) }}",
    "round up": "{{ 1.5|round(10**9, 'ceil') }}",
    "round down": "{{ 1|round(-10**9, 'floor') }}",
    "range": "{{ range(10**9) }}",
    "range of more": "{{ range(10**30) }}",
    "range in loop": "{% for i in range(10**6) %}{% endfor %}",
    "json": "{{ [1]|to_json(indent=10**9) }}",
    "json in html": "{{ [1]|tojson(indent=10**9) }}",
    "yaml": "{{ [1]|to_yaml(10**9) }}",
    "yaml bomb": "{{ ('[' * 9999)|from_yaml }}",
    "json bomb": "{{ ('[' * 40000)|from_json }}",
    "nested loops": "{% for i in range(99999) %}{% for j in range(99999) %}"
    "{% for k in range(99999) %}x{% endfor %}{% endfor %}{% endfor %}",
    "loops over text": "{% set x = 'x' * 10**6 %}"
    "{% for i in x %}{% for j in x %}{% endfor %}{% endfor %}",
    "filters in loops": "{% for i in range(99999) %}"
    "{{ range(99999)|map('string')|join }}{% endfor %}",
    "output": "{% set x = 'x' * 10**6 %}{% for i in range(1000) %}{{ x }}{% endfor %}",
    "captured output": "{% set x = 'x' * 10**6 %}{% set y %}"
    "{% for i in range(1000) %}{{ x }}{% endfor %}{% endset %}",
    "output of macro": "{% macro m(x) %}{% for i in range(1000) %}{{ x }}{% endfor %}"
    "{% endmacro %}{{ m('x' * 10**6) }}",
    "joined list": "{{ (['x' * 10**6] * 1000)|join }}",
    "printed list": "{{ ['x' * 10**6] * 1000 }}",
    "macro calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "macros call each other": "{% macro a() %}{{ b() }}{% endmacro %}"
    "{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macros fork": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
    "{% endmacro %}{{ m(40) }}",
    "caller calls": "{% macro m() %}{{ caller() }}{{ caller() }}{% endmacro %}"
    "{% macro n(k) %}{% call m() %}{{ n(k + 1) }}{% endcall %}{% endmacro %}{{ n(0) }}",
    "block calls itself": "{% block a %}{{ self.a() }}{% endblock %}",
    "loop calls itself": "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
    "loop forks": "{% for i in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
    "include itself": "{% include 'itself' %}",
    "import itself": "{% import 'importing' as x %}",
    "extend itself": "{% extends 'extending' %}",
    "include each other": "{% include 'ping' %}",
    "includes fork": "{% include 'fork' %}",
    "deep tuple as key": NEST_TUPLE + "{{ {ns.x: 1} }}",
    "deep tuple looked for": NEST_TUPLE + "{{ ns.x in {} }}",
    "deep tuple tested": NEST_TUPLE + "{{ ns.x is in {} }}",
    "deep tuple looked up": NEST_TUPLE + "{{ {}[ns.x] }}",
    "deep tuple got": NEST_TUPLE + "{{ {}.get(ns.x) }}",
    "deep tuple in dict": NEST_TUPLE + "{{ dict([[ns.x, 1]]) }}",
    "deep tuple unique": NEST_TUPLE + "{{ [ns.x, ns.x]|unique }}",
    "deep tuple grouped": NEST_TUPLE + "{{ [{'a': ns.x}]|groupby('a') }}",
    "deep list printed": NEST_LIST + "{{ ns.x }}",
    "deep list as json": NEST_LIST + "{{ ns.x|to_json }}",
    "deep list as yaml": NEST_LIST + "{{ ns.x|to_yaml }}",
    "deep list compared": NEST_LIST
    + "{% set y = ns.x %}"
    + NEST_LIST
    + "{{ ns.x == y }}",
    "deep mapping printed": NEST_DICT + "{{ ns.x }}",
    "wide list printed": DOUBLE + "{{ ns.x }}",
    "wide list as json": DOUBLE + "{{ ns.x|to_json }}",
    "wide list as yaml": DOUBLE + "{{ ns.x|to_yaml }}",
}
WHILE_COMPILED: Final = {
    "parentheses": "{{ " + "(" * DEEP + "1" + ")" * DEEP + " }}",
    "open parentheses": "{{ " + "(" * DEEP,
    "lists": "{{ " + "[" * DEEP + "]" * DEEP + " }}",
    "mappings": "{{ " + "{1:" * DEEP + "1" + "}" * DEEP + " }}",
    "calls": "{{ " + "f(" * DEEP + ")" * DEEP + " }}",
    "items": "{{ " + "a[" * DEEP + "1" + "]" * DEEP + " }}",
    "signs": "{{ " + "-" * DEEP + "1 }}",
    "plus signs": "{{ " + "+" * DEEP + "1 }}",
    "nots": "{{ " + "not " * DEEP + "1 }}",
    "conditions": "{{ " + "1 if 1 else " * DEEP + "1 }}",
    "unfinished conditions": "{{ 1 " + "if 1 " * DEEP + " }}",
    "dots": "{{ a" + ".b" * 100_000 + " }}",
    "keys": "{{ a" + "['b']" * DEEP + " }}",
    "call results": "{{ a" + "()" * DEEP + " }}",
    "filters": "{{ a" + "|upper" * 100_000 + " }}",
    "tests": "{{ a" + " is defined" * DEEP + " }}",
    "sums": "{{ 1" + "+1" * DEEP + " }}",
    "products": "{{ 1" + "*1" * DEEP + " }}",
    "powers": "{{ 1" + "**1" * DEEP + " }}",
    "ands": "{{ 1" + " and 1" * DEEP + " }}",
    "ors": "{{ 1" + " or 1" * DEEP + " }}",
    "ifs": "{% if 1 %}" * 5000 + "{% endif %}" * 5000,
    "open ifs": "{% if 1 %}" * 5000,
    "fors": "{% for a in b %}" * 5000 + "{% endfor %}" * 5000,
    "twenty fors": "{% for a in b %}" * 20 + "{% endfor %}" * 20,
    "with blocks": "{% with %}" * 5000 + "{% endwith %}" * 5000,
    "macros": "".join(f"{{% macro m{i}() %}}" for i in range(5000)),
    "filter blocks": "{% filter upper %}" * 5000 + "{% endfilter %}" * 5000,
    "filter block of many": "{% filter upper" + "|upper" * DEEP + " %}{% endfilter %}",
    "elifs": "{% if 1 %}" + "{% elif 1 %}" * 5000 + "{% endif %}",
    "digits": "{{ " + "9" * 100_000 + " }}",
    "hexadecimal digits": "{{ 0x" + "f" * 100_000 + " }}",
    "binary digits": "{{ 0b" + "1" * 100_000 + " }}",
    "targets": "{% set " + "(" * DEEP + "a" + ")" * DEEP + " = 1 %}",
    "loop targets": "{% for " + "(" * DEEP + "a" + ")" * DEEP + " in b %}{% endfor %}",
}
HARMLESS: Final = {
    "dead branch": ("{% if false %}{{ 9**(9**9) }}{{ 'x' * 10**10 }}{% endif %}", ""),
    "dead filter": ("{% if false %}{{ 'x'|center(10**10) }}{% endif %}", ""),
    "dead alternative": ("{{ 1 if true else 9**(9**9) }}", "1"),
    "uncalled macro": ("{% macro m(a=9**(9**9)) %}{% endmacro %}", ""),
    "float power": ("{{ 2.0 ** 10 }} {{ 2 ** -1 }} {{ 1 ** (9 ** 99) }}", None),
    "many words": ("{{ 1" + " ~ 1" * DEEP + " }}", "1" * (DEEP + 1)),
    "long list": ("{{ [" + "1," * DEEP + "]|length }}", str(DEEP)),
    "long mapping": ("{{ {" + "1:1," * DEEP + "}|length }}", "1"),
    "long comparison": ("{{ 1" + " == 1" * DEEP + " }}", "True"),
    "long text": ("{{ '" + "x" * 100_000 + "'|length }}", "100000"),
    "many tags": ("{{ 1 }}" * DEEP, "1" * DEEP),
    "not a tag": ("{ " * DEEP + "% }" * DEEP, "{ " * DEEP + "% }" * DEEP),
    "some depth": ("{{ " + "(" * 20 + "1" + ")" * 20 + " }}", "1"),
    "some chain": ("{{ 'a'" + "|upper" * 60 + " }}", "A"),
    "some blocks": ("{% if 1 %}" * 30 + "x" + "{% endif %}" * 30, "x"),
    "some loops": ("{% for a in [1] %}" * 12 + "x" + "{% endfor %}" * 12, "x"),
    "some branches": ("{% if 0 %}" + "{% elif 0 %}" * 200 + "{% endif %}", ""),
    "some recursion": (RECURSION, "9876543210"),
    "wide comparison": (DOUBLE + "{{ 1 if ns.x is sequence }}", "1"),
}
PARTIALS: Final = {
    "itself": "{% include 'itself' %}",
    "importing": "{% import 'importing' as x %}",
    "extending": "{% extends 'extending' %}",
    "ping": "{% include 'pong' %}",
    "pong": "{% include 'ping' %}",
    "fork": "{% set n = n|default(0) + 1 %}{% if n < 40 %}"
    "{% include 'fork' %}{% include 'fork' %}{% endif %}",
}


@pytest.mark.parametrize("template", WHILE_RENDERED.values(), ids=WHILE_RENDERED)
def test_bomb_ends_as_an_error(template: str) -> None:
    """A bomb compiles, and ends as an error with its place when it is rendered."""
    compiled = JinjaEngine({}).compile(template, name="bomb", partials=PARTIALS)

    with pytest.raises((LimitExceededError, TemplateError)) as caught:
        compiled.render({})

    assert caught.value.at is not None


@pytest.mark.parametrize("template", WHILE_COMPILED.values(), ids=WHILE_COMPILED)
def test_too_deep_a_template_does_not_compile(template: str) -> None:
    """A template that is nested too deeply is refused, with the place."""
    with pytest.raises((LimitExceededError, TemplateSyntaxError)) as caught:
        JinjaEngine({}).compile(template, name="bomb", partials={})

    assert caught.value.at is not None


@pytest.mark.parametrize(("template", "text"), HARMLESS.values(), ids=HARMLESS)
def test_what_only_looks_dangerous_renders(template: str, text: str | None) -> None:
    """Dead branches are never evaluated, and what is long but flat is no bomb."""
    rendered = JinjaEngine({}).compile(template, name="t", partials={}).render({})

    assert text is None or rendered == text


def test_limits_say_their_name_and_what_is_allowed() -> None:
    """An exceeded limit tells which one it was and what it allows."""
    template = JinjaEngine({}).compile("a\n{{ range(10**6) }}", name="t", partials={})

    with pytest.raises(LimitExceededError) as caught:
        template.render({})

    error = caught.value
    assert (error.limit, error.allowed) == ("jinja2.range", 100_000)
    assert str(error.at) == "t:2:4"


def test_an_exhausted_render_leaves_nothing_behind() -> None:
    """Each render has a budget of its own: one that failed takes nothing away."""
    source = "{% for i in range(n) %}{% for j in range(n) %}{% endfor %}{% endfor %}ok"
    template = JinjaEngine({}).compile(source, name="t", partials={})

    for _ in range(3):
        with pytest.raises(ProvisionError):
            template.render({"n": 10_000})
        assert template.render({"n": 10}) == "ok"
