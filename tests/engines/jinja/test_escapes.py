"""Break-out attempts from the public record: none may reach anything.

Gathered from the lists of PayloadsAllTheThings and HackTricks on Jinja2, from the
advisories CVE-2016-10745, CVE-2019-8341, CVE-2019-10906, CVE-2024-56201,
CVE-2024-56326 and CVE-2025-27516, and from what Python's own objects offer.
"""

from __future__ import annotations

from typing import Final

import pytest

from provisionhub.errors import (
    SandboxViolationError,
    TemplateError,
    TemplateRuntimeError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine

CONTEXT: Final[JsonObject] = {
    "Name": "shop",
    "Values": {"name": "x", "port": 80, "tags": ["a"], "labels": {"a": "b"}},
}
PARTIALS: Final = {"m": "{% macro m() %}{{ caller() if caller else 1 }}{% endmacro %}"}
REFUSED: Final = (
    # Python's own attributes of data
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.mro()[1].__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ [].__class__.__base__.__subclasses__() }}",
    "{{ ().__class__.__bases__[0].__subclasses__() }}",
    "{{ {}.__class__.__mro__ }}",
    "{{ (1).__class__ }}",
    "{{ 1.5.__class__ }}",
    "{{ true.__class__ }}",
    "{{ none.__class__ }}",
    "{{ Values.__class__ }}",
    "{{ Values.__init__ }}",
    "{{ Values.name.__class__ }}",
    "{{ Values.name.__add__('x') }}",
    "{{ Values.tags.__class__ }}",
    "{{ Values.tags.__getitem__(0) }}",
    "{{ Values.port.__class__ }}",
    "{{ Values.labels.__class__.__init__.__globals__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''['__cla' ~ 'ss__'] }}",
    "{{ ''['__cla' + 'ss__'] }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ ''['\\u005f\\u005fclass\\u005f\\u005f'] }}",
    "{{ ''['\\137\\137class\\137\\137'] }}",
    "{{ ''[['__cla', 'ss__']|join] }}",
    "{{ ''['%s%s'|format('__cla', 'ss__')] }}",
    "{{ ''['__ssalc__'[::-1]] }}",
    "{{ ''['__CLASS__'.lower()] }}",
    "{{ ''['__CLASS__'|lower] }}",
    "{{ []['__class__'] }}",
    "{{ Values['__class__'] }}",
    "{{ {}['__class__'] }}",
    "{{ Values['__init__']['__globals__'] }}",
    "{% set c = '__class__' %}{{ ''[c] }}",
    "{% set a, b = '__cl', 'ass__' %}{{ Values.name[a ~ b] }}",
    # by filter
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ ''|attr(['_'*2, 'class', '_'*2]|join) }}",
    "{{ ''|attr('__class__')|attr('__base__') }}",
    "{{ Values|attr('__init__')|attr('__globals__') }}",
    "{{ 'a'|attr('__CLASS__'|lower) }}",
    "{{ ['']|map(attribute='__class__')|list }}",
    "{{ ['']|map('attr', '__class__')|list }}",
    "{{ ['']|map(attribute='__class__.__mro__')|join }}",
    "{{ [[]]|map(attribute='__class__.__base__')|first }}",
    "{{ ['']|selectattr('__class__')|list }}",
    "{{ ['']|rejectattr('__class__')|list }}",
    "{{ ['', 'b']|sort(attribute='__class__') }}",
    "{{ ['', 'b']|groupby('__class__') }}",
    "{{ ['', 'b']|unique(attribute='__doc__') }}",
    "{{ ['', 'b']|min(attribute='__doc__') }}",
    "{{ ['', 'b']|max(attribute='__doc__') }}",
    "{{ ['']|sum(attribute='__class__') }}",
    "{{ ['']|join(attribute='__class__') }}",
    # str.format: CVE-2016-10745, CVE-2019-10906, CVE-2024-56326
    "{{ '{0.__class__}'.format(1) }}",
    "{{ '{a.__class__}'.format(a=1) }}",
    "{{ '{0.__class__}'.format_map({'0': 1}) }}",
    "{{ '{a.__class__}'.format_map({'a': 42}) }}",
    "{{ ('{0.__class__}'|attr('format'))(1) }}",
    "{% set f = '{0.__class__}'.format %}{{ f(1) }}",
    "{% set f = '{0.__class__}'|attr('format') %}{{ f(42) }}",
    "{{ '{0.__call__.__builtins__[__import__]}'.format(range) }}",
    "{{ ('{0.__class__}'|e).format(1) }}",
    "{{ ('{0.__class__}'|safe).format_map({}) }}",
    "{{ Values.name.format() }}",
    "{{ 'x'.encode() }}",
    "{{ 'x'.translate({}) }}",
    "{{ 'x'.maketrans({}) }}",
    # functions, macros, loops and other things of the engine
    "{{ range.__globals__ }}",
    "{{ range.__class__ }}",
    "{{ range.function }}",
    "{{ range.function.__globals__ }}",
    "{{ dict.__init__ }}",
    "{{ dict.mro() }}",
    "{{ cycler.__init__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__.__globals__.os }}",
    "{{ namespace.__init__.__globals__.os }}",
    "{{ cycler('a').__class__ }}",
    "{{ cycler('a').items }}",
    "{{ cycler('a').next.__func__ }}",
    "{{ joiner().__class__ }}",
    "{{ joiner().sep }}",
    "{{ namespace().__class__ }}",
    "{{ namespace(a=1)._Namespace__attrs }}",
    "{{ namespace().__init__ }}",
    "{{ self.__class__ }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ self.__dict__ }}",
    "{{ self|attr('_TemplateReference__context') }}",
    "{{ self['_TemplateReference__context'] }}",
    "{{ self.x.__init__.__globals__ }}{% block x %}{% endblock %}",
    "{{ self.x._context }}{% block x %}{% endblock %}",
    "{{ self.x._stack }}{% block x %}{% endblock %}",
    "{% macro m() %}{% endmacro %}{{ m.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._environment }}",
    "{% macro m() %}{% endmacro %}{{ m._invoke }}",
    "{% macro m() %}{% endmacro %}{{ m|attr('_func') }}",
    "{% for x in [1] %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop._iterator }}{% endfor %}",
    "{% for x in [1] %}{{ loop._undefined }}{% endfor %}",
    "{% for x in [1] %}{{ loop._recurse }}{% endfor %}",
    "{% for x in [1] %}{{ loop.__init__.__globals__ }}{% endfor %}",
    "{% for x in [1] %}{{ loop|attr('__init__') }}{% endfor %}",
    "{% import 'm' as m %}{{ m.__name__ }}",
    "{% import 'm' as m %}{{ m._body_stream }}",
    "{% import 'm' as m %}{{ m.__dict__ }}",
    "{% import 'm' as m %}{{ m.m.__globals__ }}",
    "{% import 'm' as m %}{{ m['_body_stream'] }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{% call m() %}{% endcall %}",
    "{% macro m() %}{{ caller._func }}{% endmacro %}{% call m() %}{% endcall %}",
    "{{ Values.labels.items.__self__ }}",
    "{{ Values.labels.items().__class__ }}",
    "{{ Values.name.upper.__class__ }}",
    "{{ (Values.tags|map('upper')).__class__ }}",
    # changing what others see
    "{{ Values.update({'a': 1}) }}",
    "{{ Values.pop('name') }}",
    "{{ Values.clear() }}",
    "{{ Values.setdefault('a', 1) }}",
    "{{ Values.popitem() }}",
    "{{ Values.copy() }}",
    "{{ Values.tags.append(1) }}",
    "{{ Values.tags.pop() }}",
    "{{ Values.tags.insert(0, 1) }}",
    "{{ Values.tags.sort() }}",
    "{{ Values.tags.extend([1]) }}",
    "{{ [].append }}",
    "{% do Values.labels.update(a=1) %}",
    "{% do Values.tags.append('x') %}",
    # inside the things that escapes are made of
    "{% if ''.__class__ %}{% endif %}",
    "{% for x in ''.__class__.__mro__ %}{% endfor %}",
    "{% set x = ''.__class__ %}",
    "{% with x = ''.__class__ %}{% endwith %}",
    "{% filter attr('__class__') %}x{% endfilter %}",
    "{% include ''.__class__ %}",
    "{{ ''.__class__ is defined }}",
    "{{ ''.__class__ | default('x') }}",
    "{{ x if ''.__class__ else y }}",
    "{{ ''.__class__ ~ 'x' }}",
    "{{ {''.__class__: 1} }}",
    "{{ [''.__class__] }}",
    "{{ range(''.__class__) }}",
    "{% autoescape ''.__class__ %}{% endautoescape %}",
)
DEAD_ENDS: Final = (
    # names of other frameworks, which do not exist here
    "{{ config }}",
    "{{ config.items() }}",
    "{{ config.__class__.__init__.__globals__['os'].popen('ls').read() }}",
    "{{ request.application.__globals__ }}",
    "{{ request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f') }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__.__builtins__ }}",
    "{{ g.pop.__globals__ }}",
    "{{ lipsum.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ environment }}",
    "{{ context }}",
    "{{ undefined }}",
    "{{ resolve }}",
    "{{ concat }}",
    "{{ missing }}",
    "{{ Markup }}",
    "{{ __builtins__ }}",
    "{{ __import__('os') }}",
    "{{ __name__ }}",
    "{{ __jinja_template__ }}",
    "{{ open('/etc/passwd').read() }}",
    "{{ eval('1') }}",
    "{{ exec('1') }}",
    "{{ getattr('', 'x') }}",
    "{{ type('') }}",
    "{{ object() }}",
    "{{ loop }}",
    "{{ caller() }}",
    "{{ super() }}",
    "{{ varargs }}",
    "{{ dict }}",
    "{{ range }}",
    "{{ self }}",
    "{{ [range] }}",
    "{{ {'a': range} }}",
    "{{ [[namespace()]] }}",
    "{{ joiner() }}",
    "{{ cycler('a') }}",
    "{{ cycler('a').next }}",
    "{{ Values.name.upper }}",
    "{{ [Values.labels.items] }}",
    "{% macro m() %}{% endmacro %}{{ m }}",
    "{% macro m() %}{% endmacro %}{{ [m] }}",
    "{% macro m() %}{% endmacro %}{{ m ~ '' }}",
    "{% macro m() %}{% endmacro %}{{ '%s'|format(m) }}",
    "{% macro m() %}{% endmacro %}{{ '%r' % (m,) }}",
    "{% macro m() %}{% endmacro %}{{ m|string }}",
    "{% macro m() %}{% endmacro %}{{ m|to_json }}",
    "{% macro m() %}{% endmacro %}{{ m|to_yaml }}",
    "{% macro m() %}{% endmacro %}{{ [m]|join }}",
    "{% macro m() %}{% endmacro %}{{ m|upper }}",
    "{% macro m() %}{% endmacro %}{{ m|urlencode }}",
    "{% macro m() %}{% endmacro %}{{ [m]|tojson }}",
    "{% import 'm' as m %}{{ m }}",
    "{% for x in [1] %}{{ loop }}{% endfor %}",
    "{% block x %}{{ self.x }}{% endblock %}",
    "{{ dict.fromkeys }}",
    "{% block x %}{{ self.x.super._context }}{% endblock %}",
    "{{ (Values.tags|map('upper')).gi_frame }}",
    "{{ (Values.tags|select).gi_code }}",
    # files, not partials
    "{% include '/etc/passwd' %}",
    "{% include '../../etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends '/etc/passwd' %}",
    "{% include ['/etc/passwd', 'file:///etc/passwd'] %}",
    # filters and tags that this engine does not have
    "{{ ''|pprint }}",
    "{{ [1, 2]|random }}",
    "{{ 'http://a'|urlize }}",
    "{{ 'a'|regex_replace('(a+)+$', '') }}",
    "{% debug %}",
    "{% trans %}a{% endtrans %}",
    "{% set range.x = 1 %}",
    "{% set self.x = 1 %}",
    "{% set Values.name = 1 %}",
    "{% from 'm' import _body_stream %}",
    "{% from 'm' import __name__ %}",
    "{% from 'm' import render %}{{ render() }}",
    "{{ range(__self=1) }}",
    "{{ Values.labels.get(__obj=1) }}",
    # CVE-2024-56201: the file's name became code
    "{% from '{x.__class__}' import y %}",
)


@pytest.mark.parametrize("template", REFUSED)
def test_reaching_out_is_a_violation(template: str) -> None:
    """Whoever reaches for what no template may have gets an error that says so."""
    with pytest.raises(SandboxViolationError) as caught:
        _render(template)

    assert caught.value.at is not None


@pytest.mark.parametrize("template", DEAD_ENDS)
def test_there_is_nothing_to_reach(template: str) -> None:
    """What other set-ups leak does not exist here, or can't be printed."""
    with pytest.raises(TemplateError) as caught:
        _render(template)

    assert caught.value.at is not None
    assert "0x" not in caught.value.explain()


@pytest.mark.parametrize("template", REFUSED)
def test_empty_names_are_no_way_out(template: str) -> None:
    """With `missing: empty` an attempt is refused as well, or finds nothing."""
    try:
        text = _render(template, missing="empty")
    except TemplateError:
        return

    assert "class" not in text


def test_violation_shows_the_word() -> None:
    """A violation stands at the word that was reached for."""
    with pytest.raises(SandboxViolationError) as caught:
        _render("{{ Values.name ~ Values.name.__class__ }}")

    assert caught.value.explain() == (
        "error: `__class__` of text is off limits for templates\n"
        "  --> evil.j2:1:30\n"
        "    1 > {{ Values.name ~ Values.name.__class__ }}\n"
        "                                     ^^^^^^^^^"
    )


@pytest.mark.parametrize("key", ["items", "get", "update", "_id", "__class__", "mro"])
def test_keys_of_data_are_data(key: str) -> None:
    """A key of the data is found whatever it is called."""
    text = _render(f"{{{{ Values.{key} }}}}", values={key: "mine"})

    assert text == "mine"


@pytest.mark.parametrize("name", ["keys", "values", "copy", "update"])
def test_missing_keys_are_missing_whatever_their_name(name: str) -> None:
    """A key that is not there is not defined, even if Python has such a method."""
    text = _render(
        f"{{{{ Values.{name} is defined }}}} {{{{ Values.{name} | default('no') }}}}"
    )

    assert text == "False no"

    with pytest.raises(TemplateRuntimeError, match=f"`Values.{name}` is not defined"):
        _render(f"{{{{ Values.{name} }}}}")


def _render(
    template: str, *, missing: str = "error", values: JsonObject | None = None
) -> str:
    context = CONTEXT if values is None else CONTEXT | {"Values": values}
    engine = JinjaEngine({"missing": missing})
    return engine.compile(template, name="evil.j2", partials=PARTIALS).render(context)
