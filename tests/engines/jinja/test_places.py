"""Where errors point: at the very word, in the very file.

In the tables, the word that an error must point at stands between « and »; they are
taken out before the template is compiled.
"""

from __future__ import annotations

from typing import Final

import pytest

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.source import Location
from provisionhub_jinja import JinjaEngine

CONTEXT: Final[JsonObject] = {
    "Name": "shop",
    "Values": {
        "port": 80,
        "name": "x",
        "tags": ["a", "b"],
        "labels": {"a": "b"},
        "nested": {"deep": {"er": [1, 2]}},
        "nothing": None,
    },
}
MISSING: Final = {
    "name": "{{ «Valluez» }}",
    "name among equals": "{{ Values }}{{ «Valluez».port + Valluez.port }}",
    "first of two": "{{ «nope» }} {{ nope }}",
    "second of two": "{{ nope is defined }} {{ «nope» }}",
    "third on the line": "{{ port|default(1) }}{{ port|default(2) }}{{ «port» }}",
    "attribute": "{{ Values.«prot» }}",
    "attribute among equals": "{{ Values.port }}{{ Values.«prot» }}{{ Values.port }}",
    "attribute after blanks": "{{ Values . «prot» }}",
    "attribute deep down": "{{ Values.nested.deep.«err» }}",
    "attribute in the middle": "{{ Values.«nsted».deep.er }}",
    "attribute of a number": "{{ Values.port.«real_part» }}",
    "attribute of none": "{{ Values.nothing.«foo» }}",
    "attribute of a call": "{{ namespace(a=1).«b» }}",
    "attribute of a list": "{{ [1].«b» }}",
    "attribute of brackets": "{{ (Values).«b» }}",
    "key": "{{ Values['«prot»'] }}",
    "key in double quotes": '{{ Values["«prot»"] }}',
    "key among equals": "{{ Values['name'] ~ Values['«prot»'] ~ Values['name'] }}",
    "key by a name": "{% set k = 'prot' %}{{ Values[«k»] }}",
    "key by an expression": "{{ Values['pr' «~» 'ot'] }}",
    "key of a key": "{{ Values['nested']['«dep»']['er'] }}",
    "index": "{{ Values.tags[«7»] }}",
    "index with a dot": "{{ Values.tags.«7» }}",
    "index by a name": "{% for i in range(3) %}{{ Values.tags[«i»] }}{% endfor %}",
    "unknown index": "{{ Values.tags[«nope»] }}",
    "slice": "{{ Values.tags[«nope»:] }}",
    "second line": "a\n{{ Values.«prot» }}\nb",
    "after a long text": "a\n\n" * 500 + "{{ Values.«prot» }}",
    "multi-line tag": "{{\n  Values\n  .«prot»\n}}",
    "multi-line expression": "{{ Values.port +\n   Values.port +\n   Values.«prot» }}",
    "after CR LF": "a\r\nb\r\n{{ Values.«prot» }}\r\nc",
    "tag over CR LF": "{{ Values.port\r\n+ Values.«prot» }}\r\n",
    "after a tab": "\t\t{{\tValues.«prot» }}",
    "after accents": "é ü {{ Values.name }} ñ {{ Values.«prot» }}",
    "after astral characters": "😀😀 {{ '😀' }} 😀 {{ Values.«prot» }}",
    "after wide text": "日本語 {{ '日本語' ~ Values.«prot» }}",
    "of accents": "{{ Values.«größe» }}",
    "of a name with accents": "{{ «größe» }}",
    "after a comment": "{# a\nb #}{{ Values.«prot» }}",
    "after a raw block": "{% raw %}{{ Values.prot }}\n{% endraw %}{{ Values.«prot» }}",
    "after stripped blanks": "a   \n  {{- Values.name -}}  \n  {{ Values.«prot» }}",
    "with signs": "{%- if true -%} {{- Values.«prot» -}} {%- endif -%}",
    "in a set": "{% set x = Values.«prot» %}{{ x }}",
    "in a set, used later": "{% set x = Values.«prot» %}\n\n{{ x }} {{ x }}",
    "in a set of several": "{% set a, b = 1, Values.«prot» %}{{ a }}{{ b }}",
    "in a set block": "{% set x %}a{{ Values.«prot» }}{% endset %}",
    "in a set block's filter": "{% set x | replace('a', «nope») %}a{% endset %}",
    "in a with": "{% with x = Values.«prot» %}{{ x }}{% endwith %}",
    "in a filter's argument": "{{ 'a' | replace('a', Values.«prot») }}",
    "in a filter's keyword": "{{ 'a' | indent(width=Values.«prot») }}",
    "before a filter": "{{ Values.«prot» | upper }}",
    "before filters": "{{ Values.«prot» | upper | lower | trim }}",
    "in a list": "{{ [1, Values.«prot»] | join }}",
    "in a mapping": "{{ {'a': Values.«prot»}.a }}",
    "as a key": "{{ {Values.«prot»: 1} }}",
    "in a comparison": "{{ 1 < Values.«prot» }}",
    "in a chain of comparisons": "{{ 1 < 2 < Values.«prot» }}",
    "looked for": "{{ Values.«prot» in Values.tags }}",
    "looked into": "{{ 1 in Values.«prot» }}",
    "negated": "{{ not Values.«prot» }}",
    "with a sign": "{{ -Values.«prot» }}",
    "in an and": "{{ true and Values.«prot» }}",
    "joined": "{{ 'a' ~ Values.«prot» ~ 'b' }}",
    "formatted": "{{ '%s' % «nope» }}",
    "formatted with others": "{{ '%s%s' % (1, «nope») }}",
    "as text": "{{ 'a' + Values.«prot» }}",
    "in a test": "{{ Values.«prot» is even }}",
    "in a test's argument": "{{ 1 is divisibleby(Values.«prot») }}",
    "in an if": "{% if Values.«prot» %}{% endif %}",
    "in an elif": "{% if false %}\n{% elif Values.«prot» %}{% endif %}",
    "in an inline if": "{{ 1 if Values.«prot» else 2 }}",
    "in an else": "{{ 1 if false else Values.«prot» }}",
    "looped over": "{% for x in Values.«prot» %}{% endfor %}",
    "in a loop's condition": "{% for x in [1] if Values.«prot» %}{% endfor %}",
    "in a loop": "{% for x in Values.tags %}\n{{ x }}{{ x.«y» }}{% endfor %}",
    "in a loop's else": "{% for x in [] %}{% else %}{{ Values.«prot» }}{% endfor %}",
    "in a nested loop": "{% for x in [1] %}{% for y in [1] %}{{ «z» }}{% endfor %}"
    "{% endfor %}",
    "in a recursive loop": "{% for x in [1] recursive %}{{ loop(x.«y») }}{% endfor %}",
    "of a loop": "{% for x in [1] %}{{ loop.«indexx» }}{% endfor %}",
    "previous item": "{% for x in [1] %}{{ loop.«previtem» }}{% endfor %}",
    "in a macro": "{% macro m() %}\n{{ Values.«prot» }}{% endmacro %}\n{{ m() }}",
    "in a macro's default": "{% macro m(a=Values.«b») %}{{ a }}{% endmacro %}{{ m() }}",
    "given to a macro": "{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(Values.«prot») }}",
    "not given to a macro": "{% macro m(a, b) %}{{ b }}{% endmacro %}\n{{ «m»(1) }}",
    "in a call block": "{% macro m() %}{{ caller() }}{% endmacro %}"
    "{% call m() %}\n{{ Values.«prot» }}{% endcall %}",
    "called by a block": "{% call «nope»() %}{% endcall %}",
    "called": "{{ «nope»(1) }}",
    "called attribute": "{{ Values.«nope»(1) }}",
    "given to a function": "{{ range(«nope») }}",
    "in a filter block": "{% filter upper %}{{ Values.«prot» }}{% endfilter %}",
    "in a filter block's filter": "{% filter indent(«nope») %}a\nb{% endfilter %}",
    "in a do": "{% do Values.«prot».x() %}",
    "in a block": "{% block a %}\n{{ Values.«prot» }}{% endblock %}",
    "parent of a block": "{% block a %}{{ «super»() }}{% endblock %}",
    "block by name": "{{ self.«nope»() }}{% block a %}{% endblock %}",
    "of a namespace": "{% set ns = namespace(a=1) %}{{ ns.«b» }}",
    "stored in a namespace": "{% set ns = namespace() %}{% set ns.a = Values.«prot» %}"
    "{{ ns.a }}",
    "mapped": "{{ [Values] | map(attribute='«prot»') | join }}",
    "mapped deep": "{{ [Values] | map(attribute='nested.«dep»') | join }}",
    "selected": "{{ [Values] | selectattr('«prot»') | list }}",
    "sorted": "{{ [Values, Values] | sort(attribute='«prot»') }}",
    "grouped": "{{ [Values] | groupby('«prot»') }}",
    "joined by attribute": "{{ [Values] | join(',', attribute='«prot»') }}",
    "first of nothing": "{{ [] | «first» }}",
    "smallest of nothing": "{{ Values.name ~ ([] | «min») }}",
    "included": "{% include «nope» %}",
    "within a print tag": "{% print Values.«prot» %}",
    "escaped": "{% autoescape true %}{{ Values.«prot» }}{% endautoescape %}",
    "escaped by a value": "{% autoescape Name %}{{ Values.«prot» }}{% endautoescape %}",
    "behind braces": "{{ '}}' }}{{ '{{' }}{{ Values.«prot» }}",
    "behind text like code": "environment.getattr(Values, 'prot') {{ Values.«prot» }}",
}
WRONG: Final = {
    "sum": "{{ 1 «+» 'a' }}",
    "second sum": "{{ 1 + 1 «+» 'a' }}",
    "sum in brackets": "{{ 1 «+» ('a') }}",
    "difference": "{{ 1 «-» 'a' }}",
    "product": "{{ 'a' «*» 'b' }}",
    "division": "{{ 1 «/» 0 }}",
    "whole division": "{{ 1 «//» 0 }}",
    "remainder": "{{ 1 «%» 0 }}",
    "power": "{{ 0 «**» -1 }}",
    "format": "{{ '%d' «%» 'a' }}",
    "comparison": "{{ 1 «<» 'a' }}",
    "containment": "{{ 1 «in» 2 }}",
    "negation": "{{ «-»'a' }}",
    "multi-line operator": "{{ 1\n  «+»\n  'a' }}",
    "filter": "{{ '{' | «from_json» }}",
    "second filter": "{{ '{' | upper | «from_json» }}",
    "filter's arguments": "{{ 'a' | «indent»(widdth=3) }}",
    "filter by name": "{{ ['a'] | map('«uppr»') }}",
    "test by name": "{{ ['a'] | select('«strg»') }}",
    "test": "{{ 'a' is «even» }}",
    "negated test": "{{ 'a' is not «even» }}",
    "call of data": "{{ Values.«port»() }}",
    "call of a function": "{{ «range»('a') }}",
    "call of a method": "{{ Values.name.«startswith»(1) }}",
    "macro's arguments": "{% macro m() %}{% endmacro %}{{ «m»(1) }}",
    "method without a call": "{{ Values.name.«upper» }}",
    "macro printed": "{% macro m() %}{% endmacro %}{{ «m» }}",
    "second of printed": "{% macro m() %}{% endmacro %}{{ Name }}{{ «m» }}{{ Name }}",
    "loop over a number": "{% for x in Values.«port» %}{% endfor %}",
    "loop variables": "{% for «a», b in [1] %}{% endfor %}",
    "assignment to data": "{% set «Values».x = 1 %}",
    "key of a mapping": "{{ {«range»: 1} }}",
    "item of a number": "{{ 5[«0»] }}",
    "item by a list": "{{ 'a'[«[»0]] }}",
    "partial": "{% include '«nope»' %}",
    "one of several partials": "{% include ['«nope»', 'neither'] %}",
    "imported partial": "{% import '«nope»' as x %}",
    "partial to import from": "{% from '«nope»' import x %}",
    "extended partial": "{% extends '«nope»' %}",
    "partial by a name": "{% set p = 'nope' %}{% include «p» %}",
    "partial that is a number": "{% include «80» %}",
    "imported name": "{% from 'macros' import row, «rwo» %}{{ rwo() }}",
    "attribute of an import": "{% import 'macros' as m %}{{ m.«rwo»() }}",
    "forbidden": "{{ Values.name.«__class__» }}",
    "forbidden by filter": "{{ Values|attr('«__class__»') }}",
    "too wide": "{{ 'a' | «center»(10**10) }}",
    "too large": "{{ 'a' «*» 10**10 }}",
    "too long a loop": "{% for i in «range»(10**6) %}{% endfor %}",
    "required block": "{% «block» a required %}{% endblock %}",
    "slice of a number": "{{ Values.port[«1»:2] }}",
    "slice of a literal": "{{ 5[«1»:2] }}",
    "slice of a mapping": "{{ {}[«:»] }}",
    "slice with no step": "{{ 'abc'[«::»0] }}".replace("«::»", "«:»:"),
}
SYNTAX: Final = {
    "filter": "{{ a | «uppr» }}",
    "filter among equals": "{{ a | upper | «uppr» | upper }}",
    "filter in a dead branch": "{% if false %}{{ a | «uppr» }}{% endif %}",
    "filter of a block": "{% filter «uppr» %}{% endfilter %}",
    "filter of a set": "{% set x | «uppr» %}{% endset %}",
    "first of filters": "{{ a | «uppr» }}\n{{ a | uppr }}",
    "filter with a dot": "{{ a | «to».yaml }}",
    "test": "{{ a is «evn» }}",
    "negated test": "{{ a is not «evn» }}",
    "token": "{{ a «b» }}",
    "operator": "{{ a + «}}»",
    "end of block": "{% if «%}»",
    "bracket": "{{ a«)» }}",
    "open bracket": "{{ «(»a }}",
    "other bracket": "{{ «(»a] }}",
    "never closed bracket": "{{ «[»a",
    "character": "{{ a «?» b }}",
    "open text": "{{ «'»abc }}",
    "escape": '{{ "a«\\x»g" }}',
    "escape by name": '{{ "a«\\N{nope}»" }}',
    "surrogate": '{{ "«\\ud83d»\\ude00" }}',
    "beyond Unicode": '{{ "«\\Uffffffff»" }}',
    "float": "{{ «1e999» }}",
    "digits": "{{ «" + "9" * 2000 + "» }}",
    "open variable": "a\n«{{» b",
    "open block": "a\n«{%» if b",
    "open comment": "a\n«{#» b",
    "open raw": "«{% raw %}»{{ a }}",
    "open if": "{% «if» a %}\nb\n",
    "innermost open tag": "{% if a %}{% «for» b in c %}\n",
    "open else": "{% «if» a %}{% else %}\n",
    "open macro": "{% «macro» m() %}",
    "unknown tag": "{% «foreach» a in b %}",
    "wrong end": "{% if a %}{% «endfor» %}",
    "end without start": "a{% «endif» %}",
    "else without start": "a{% «else» %}",
    "tag without a name": "{% «%}»",
    "assignment": "{% set «1» = 2 %}",
    "missing value": "{% set a = «%}»",
    "name of a macro": "{% macro «1»() %}{% endmacro %}",
    "two parameters": "{% macro m(a, «a») %}{% endmacro %}",
    "default before none": "{% macro m(a=1, b«)» %}{% endmacro %}",
    "two arguments": "{{ f(a=1, a=«2») }}",
    "break": "{% «break» %}",
    "continue": "{% if true %}{% «continue» %}{% endif %}",
    "extends inside": "{% if true %}{% for x in y %}{% «extends» 'a' %}{% endfor %}"
    "{% endif %}",
    "two blocks": "{% block a %}{% endblock %}{% «block» a %}{% endblock %}",
    "loop as target": "{% for «loop» in [1] %}{{ loop }}{% endfor %}",
    "call of no call": "{% «call» a %}{% endcall %}",
    "private import": "{% from 'a' import «_b» %}",
    "after CR LF": "a\r\nb {{ é | «uppr» }}",
}
IN_PARTIALS: Final = {
    "included": ("{% include 'p' %}", "a\n{{ Values.«prot» }}"),
    "included by suffix": ("{% include 'p.j2' %}", "a\n{{ Values.«prot» }}"),
    "included in a loop": (
        "{% for x in [1] %}{% include 'p' %}{% endfor %}",
        "{{ x }}{{ Values.«prot» }}",
    ),
    "included without context": (
        "{% include 'p' without context %}",
        "{{ «Values».port }}",
    ),
    "imported": ("{% import 'p' as p %}", "{{ 1 «+» 'a' }}"),
    "macro": (
        "{% from 'p' import m %}{{ m() }}",
        "{% macro m() %}\n  {{ «nope» }}{% endmacro %}",
    ),
    "extended": ("{% extends 'p' %}", "a{{ Values.«prot» }}"),
    "block of parent": (
        "{% extends 'p' %}{% block a %}{{ super() }}{% endblock %}",
        "{% block a %}{{ Values.«prot» }}{% endblock %}",
    ),
    "syntax": ("{% include 'p' %}", "a\n{% «foreach» %}"),
    "unknown filter": ("{% include 'p' %}", "a\n{{ a | «uppr» }}"),
    "unclosed": ("{% include 'p' %}", "a\n{% «if» a %}"),
}
PARTIALS: Final = {"macros": "{% macro row() %}{% endmacro %}"}


@pytest.mark.parametrize("marked", MISSING.values(), ids=MISSING)
def test_points_at_the_word_that_is_not_there(marked: str) -> None:
    """Whatever is done with a value that is not there, the error is at its name."""
    _check(marked)


@pytest.mark.parametrize("marked", WRONG.values(), ids=WRONG)
def test_points_at_what_goes_wrong(marked: str) -> None:
    """What fails while it is rendered is shown at its operator, filter or name."""
    _check(marked)


@pytest.mark.parametrize("marked", SYNTAX.values(), ids=SYNTAX)
def test_points_at_what_is_not_in_the_language(marked: str) -> None:
    """What can't be compiled is shown at the token that does not fit."""
    _check(marked)


@pytest.mark.parametrize(("template", "marked"), IN_PARTIALS.values(), ids=IN_PARTIALS)
def test_points_into_partials(template: str, marked: str) -> None:
    """What fails inside a partial is shown there, under the partial's own name."""
    text, expected = _unmark("p.j2", marked)

    assert expected == _place_of_failure(template, {"p.j2": text})


def test_points_at_the_caller_of_a_block() -> None:
    """What fails in a child's block is shown in the child."""
    text, expected = _unmark(
        "t.j2", "{% extends 'p' %}{% block a %}{{ Values.«prot» }}{% endblock %}"
    )

    assert expected == _place_of_failure(text, {"p": "{% block a %}{% endblock %}"})


def _check(marked: str) -> None:
    text, expected = _unmark("t.j2", marked)

    assert expected == _place_of_failure(text, PARTIALS)


def _unmark(file: str, marked: str) -> tuple[str, tuple[str, int, int, int]]:
    """Return the template, and file, line, column and width of what is marked."""
    before, rest = marked.split("«")
    word, after = rest.split("»")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return before + word + after, (file, line, column, len(word))


def _place_of_failure(
    template: str, partials: dict[str, str]
) -> tuple[str, int, int, int]:
    with pytest.raises(ProvisionError) as caught:
        JinjaEngine({}).compile(template, name="t.j2", partials=partials).render(
            CONTEXT
        )
    at = getattr(caught.value, "at", None)
    assert isinstance(at, Location), caught.value
    return at.file, at.line, at.column, at.width
