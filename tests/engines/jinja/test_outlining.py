"""What Jinja2 templates read, told without values."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from random import Random

import pytest

from provisionhub.errors import LimitExceededError, ProvisionError, TemplateSyntaxError
from provisionhub.jsontypes import JsonValue
from provisionhub.outline import Outline
from provisionhub_jinja import JinjaEngine
from support.jinja_author import CONTEXT, PARTIALS, Author
from support.outlines import branches, inclusions, influential, reads, tells_of

from .test_cases import CASES, Case


def _outline(
    text: str, partials: dict[str, str] | None = None, **options: JsonValue
) -> Outline:
    engine = JinjaEngine(options)
    return engine.outline(text, name="main", partials=partials or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("text {# a comment #}", [], id="no names"),
        pytest.param("{{ Name }}", ["printed Name"], id="a name"),
        pytest.param("{{ Values.a.b }}", ["printed Values.a.b"], id="dots"),
        pytest.param(
            "{{ Values['a']['b-c'] }}", ["printed Values.a.b-c"], id="subscripts"
        ),
        pytest.param(
            "{{ Values.a[0].b }}", ["printed Values.a.[].b"], id="a constant index"
        ),
        pytest.param(
            "{{ Values.a[Values.i] }}",
            ["compared Values.i", "printed Values.a.[]"],
            id="an index that a value gives",
        ),
        pytest.param("{{ Values.a[1:] }}", ["printed Values.a"], id="a slice"),
        pytest.param(
            "{{ Values.a.get('b', Values.c) }}",
            ["printed Values.a.b or nothing", "printed Values.c"],
            id="get",
        ),
        pytest.param(
            "{{ Values.a | attr('b') }}", ["printed Values.a.b"], id="the filter attr"
        ),
        pytest.param(
            "{{ Name ~ Values.a ~ 1 }}",
            ["printed Name", "printed Values.a"],
            id="joined texts",
        ),
        pytest.param(
            "{{ Values.a + 1 }}", ["printed Values.a"], id="a sum that is printed"
        ),
        pytest.param("{{ range(Values.n) }}", ["compared Values.n"], id="a range"),
        pytest.param("{{ [Values.a] }}", ["printed Values.a"], id="a list"),
        pytest.param("{{ {'k': Values.a} }}", ["printed Values.a"], id="a mapping"),
        pytest.param(
            "{{ Values.a | upper | replace('x', Name) }}",
            ["compared Name", "printed Values.a | upper | replace"],
            id="filters",
        ),
        pytest.param(
            "{{ Values.a.strip() }}", ["printed Values.a | strip"], id="a method"
        ),
        pytest.param(
            "{{ Values | to_yaml }}", ["passed Values | to_yaml"], id="a whole"
        ),
        pytest.param(
            "{{ Values.a | default('x') | upper }}",
            ["printed Values.a | default | upper or nothing"],
            id="a default",
        ),
        pytest.param(
            "{{ (Values.a | d({})).b }}", ["printed Values.a.b"], id="below a default"
        ),
        pytest.param(
            "{{ Values.a | map(attribute='b.c') | join(', ') }}",
            ["looped Values.a | map | join", "printed Values.a.[].b.c | map | join"],
            id="an attribute of each",
        ),
        pytest.param(
            "{{ Values.a | map('upper') }}",
            ["passed Values.a | map"],
            id="a filter for each",
        ),
        pytest.param(
            "{{ (Values.a | sort(attribute='b') | first).c }}",
            ["compared Values.a.[].b", "printed Values.a.[].c"],
            id="the first of them sorted",
        ),
        pytest.param(
            "{{ Values.a or Values.b }}",
            ["printed Values.a", "printed Values.b if not Values.a"],
            id="one or the other",
        ),
        pytest.param(
            "{{ Values.a if Values.b else Values.c }}",
            [
                "tested Values.b",
                "printed Values.a if Values.b",
                "printed Values.c if not Values.b",
            ],
            id="an inline condition",
        ),
        pytest.param(
            "{{ (Values.a if Values.b else Values.c).d }}",
            ["tested Values.b", "printed Values.a.d", "printed Values.c.d"],
            id="below an inline condition",
        ),
    ],
)
def test_each_expression_says_what_it_reads(text: str, expected: list[str]) -> None:
    """Each name is listed with what becomes of its value."""
    assert reads(_outline(text)) == expected


@pytest.mark.parametrize(
    ("condition", "guard"),
    [
        ("Values.a", "Values.a"),
        ("not Values.a", "not Values.a"),
        ("not not Values.a", "Values.a"),
        ("Values.a and Values.b", "Values.a, Values.b"),
        ("not (Values.a or Values.b)", "not Values.a, not Values.b"),
        ("Values.a == 'x'", "Values.a is 'x'"),
        ("'x' == Values.a", "Values.a is 'x'"),
        ("Values.a != 1", "not Values.a is 1"),
        ("not Values.a == 'x'", "not Values.a is 'x'"),
        ("Values.a in ['x']", "Values.a is 'x'"),
        ("Values.a not in ('x',)", "not Values.a is 'x'"),
        ("Values.a is defined", "Values.a is there"),
        ("Values.a is not defined", "not Values.a is there"),
        ("Values.a is undefined", "not Values.a is there"),
        ("Values.a is none", "Values.a is None"),
        ("Values.a is not none", "not Values.a is None"),
        ("Values.a is true", "Values.a is True"),
        ("Values.a is eq('x')", "Values.a is 'x'"),
        ("Values.a is ne('x')", "not Values.a is 'x'"),
        ("Values.a | length", "Values.a"),
        ("true", "True"),
        ("not false", "not False"),
    ],
)
def test_conditions_guard_what_they_stand_around(condition: str, guard: str) -> None:
    """A condition that can be said of single values is a guard."""
    assert branches(_outline(f"{{% if {condition} %}}x{{% endif %}}")) == [
        f"1:4 if {guard}"
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "Values.a or Values.b",
        "not (Values.a and Values.b)",
        "Values.a == Values.b",
        "Values.a > 1",
        "Values.a in ['x', 'y']",
        "'x' in Values.a",
        "Values.a | default(true)",
        "Values.a is divisibleby 2",
        "1 < Values.a < 3",
    ],
)
def test_other_conditions_guard_nothing(condition: str) -> None:
    """Guards are necessary, so what can't be said in their terms gives none."""
    assert branches(_outline(f"{{% if {condition} %}}x{{% endif %}}")) == ["1:4"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{% if Values.a is defined and Values.a == 'x' %}{{ Values.a }}{% endif %}",
            [
                "tested Values.a or nothing",
                "compared Values.a if Values.a is there",
                "printed Values.a if Values.a is there, Values.a is 'x'",
            ],
            id="asked before it is used",
        ),
        pytest.param(
            "{% if Values.a %}1{% elif Values.b %}{{ Name }}{% else %}{{ Meta.x }}"
            "{% endif %}",
            [
                "tested Values.a",
                "tested Values.b if not Values.a",
                "printed Name if not Values.a, Values.b",
                "printed Meta.x if not Values.a, not Values.b",
            ],
            id="elif and else",
        ),
        pytest.param(
            "{% for x in Values.a %}{{ x.b }}{{ loop.index }}{% else %}{{ Name }}"
            "{% endfor %}",
            [
                "looped Values.a",
                "printed Values.a.[].b if Values.a",
                "printed Name if not Values.a",
            ],
            id="a loop and its else",
        ),
        pytest.param(
            "{% for k, v in Values.a.items() %}{{ k }}{{ v.b }}{% endfor %}",
            ["looped Values.a", "printed Values.a.[].b if Values.a"],
            id="names and values",
        ),
        pytest.param(
            "{% for k, v in Values.a | dictsort %}{{ v }}{% endfor %}",
            ["looped Values.a", "printed Values.a.[] if Values.a"],
            id="names and values, sorted",
        ),
        pytest.param(
            "{% for x in Values.a if x.on %}{{ x.b }}{% endfor %}",
            [
                "looped Values.a",
                "tested Values.a.[].on if Values.a",
                "printed Values.a.[].b if Values.a, Values.a.[].on",
            ],
            id="a loop with a condition",
        ),
        pytest.param(
            "{% for a, b in Values.a %}{{ b }}{% endfor %}",
            ["looped Values.a", "printed Values.a.[].[] if Values.a"],
            id="items taken apart",
        ),
        pytest.param(
            "{% for x in [Values.a, Values.b] %}{{ x.c }}{% endfor %}",
            [
                "bound Values.a or nothing",
                "bound Values.b or nothing",
                "printed Values.a.c",
                "printed Values.b.c",
            ],
            id="a list that is written out",
        ),
        pytest.param(
            "{% for x in Values.a %}{{ loop.previtem.b }}{% endfor %}",
            ["looped Values.a", "printed Values.a.[].b if Values.a"],
            id="the item before",
        ),
        pytest.param(
            "{% set x = Values.a %}{{ x.b }}",
            ["bound Values.a or nothing", "printed Values.a.b"],
            id="set",
        ),
        pytest.param(
            "{% set x, y = Values.a, Values.b %}{{ y }}",
            [
                "bound Values.a or nothing",
                "bound Values.b or nothing",
                "printed Values.b",
            ],
            id="set two",
        ),
        pytest.param(
            "{% set x = Values.a | default('') | upper %}{{ x | lower }}",
            [
                "bound Values.a | default | upper or nothing",
                "printed Values.a | default | upper | lower or nothing",
            ],
            id="set to a default",
        ),
        pytest.param(
            "{% set x %}{{ Name }}{% endset %}{{ x }}",
            ["printed Name"],
            id="set to a block",
        ),
        pytest.param(
            "{% if Values.on %}{% set x = Values.a %}{% else %}{% set x = Values.b %}"
            "{% endif %}{{ x.c }}",
            [
                "tested Values.on",
                "bound Values.a or nothing if Values.on",
                "bound Values.b or nothing if not Values.on",
                "printed Values.a.c",
                "printed Values.b.c",
            ],
            id="set in two branches",
        ),
        pytest.param(
            "{% for x in Values.a %}{% set y = x %}{% endfor %}{{ y }}",
            [
                "looped Values.a",
                "bound Values.a.[] or nothing if Values.a",
                "printed y",
            ],
            id="a loop's own names end with it",
        ),
        pytest.param(
            "{% set ns = namespace(n=Values.a) %}{% set ns.n = Values.b %}{{ ns.n }}",
            ["passed Values.a", "passed Values.b"],
            id="a namespace",
        ),
        pytest.param(
            "{% with x = Values.a %}{{ x.b }}{% endwith %}{{ x }}",
            ["bound Values.a or nothing", "printed Values.a.b", "printed x"],
            id="with",
        ),
        pytest.param(
            "{% filter upper %}{{ Name }}{% endfilter %}", ["printed Name"], id="filter"
        ),
        pytest.param("{% do Values.a %}", ["compared Values.a"], id="do"),
        pytest.param("{% raw %}{{ Name }}{% endraw %}", [], id="raw"),
        pytest.param(
            "{% autoescape true %}{{ Name }}{% endautoescape %}",
            ["printed Name"],
            id="autoescape",
        ),
    ],
)
def test_each_tag_says_what_it_reads(text: str, expected: list[str]) -> None:
    """Names mean what they are bound to, and stand under the guards around them."""
    assert reads(_outline(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "{% macro m(p, q=Values.c) %}{{ p.a }}{{ q }}{% endmacro %}"
            "{{ m(Values.b) }}",
            [
                "bound Values.b or nothing",
                "bound Values.c or nothing",
                "printed Values.b.a",
                "printed Values.c",
            ],
            id="a macro",
        ),
        pytest.param(
            "{% macro m(p) %}{{ p.a }}{% endmacro %}", [], id="a macro nobody calls"
        ),
        pytest.param(
            "{% macro m(p) %}{{ p.a }}{{ m(p.b) }}{% endmacro %}{{ m(Values) }}",
            ["bound Values or nothing", "printed Values.a", "passed Values.b"],
            id="a macro that calls itself",
        ),
        pytest.param(
            "{% macro m(p) %}{{ caller(p.a) }}{% endmacro %}"
            "{% call(x) m(Values.b) %}{{ x.c }}{{ Name }}{% endcall %}",
            [
                "bound Values.b or nothing",
                "bound Values.b.a or nothing",
                "printed Values.b.a.c",
                "printed Name",
            ],
            id="a call block",
        ),
        pytest.param("{% include 'part' %}", ["printed Values.a"], id="include"),
        pytest.param(
            "{% set Values = Meta %}{% include 'part.j2' %}",
            ["bound Meta or nothing", "printed Meta.a"],
            id="include with names of its own",
        ),
        pytest.param(
            "{% include 'part' without context %}", [], id="include without context"
        ),
        pytest.param(
            "{% include ['absent', 'part'] %}", ["printed Values.a"], id="include one"
        ),
        pytest.param(
            "{% include Values.kind %}",
            ["compared Values.kind", "passed $"],
            id="include what a value names",
        ),
        pytest.param(
            "{% include 'tree' %}",
            [
                "printed node",
                "looped children",
                "passed children.[] if children",
            ],
            id="include what includes itself",
        ),
        pytest.param(
            "{% import 'macros' as m %}{{ m.show(Values.b) }}",
            ["bound Values.b or nothing", "printed Values.b.name"],
            id="import",
        ),
        pytest.param(
            "{% from 'macros' import show as s with context %}{{ s(Name) }}",
            ["bound Name or nothing", "printed Name.name", "printed Meta.run_id"],
            id="from import with context",
        ),
        pytest.param(
            "{% extends 'layout' %}ignored {{ Name }}"
            "{% block body %}{{ super() }}{{ Values.b }}{% endblock %}",
            ["printed Values.title", "printed Values.body", "printed Values.b"],
            id="extends",
        ),
        pytest.param(
            "{% extends 'layout' %}",
            ["printed Values.title", "printed Values.body"],
            id="extends and replaces nothing",
        ),
        pytest.param(
            "{% block a %}{{ Name }}{% endblock %}{{ self.a() }}",
            ["printed Name", "printed Name"],
            id="a block twice",
        ),
    ],
)
def test_templates_are_followed(text: str, expected: list[str]) -> None:
    """Macros and partials read what they are given, where they are used."""
    assert reads(_outline(text, _PARTIALS)) == expected


_PARTIALS = {
    "part.j2": "{{ Values.a }}",
    "tree": "{{ node }}{% for node in children %}{% include 'tree' %}{% endfor %}",
    "macros": "{% macro show(it) %}{{ it.name }}{{ Meta.run_id }}{% endmacro %}",
    "layout": "{{ Values.title }}{% block body %}{{ Values.body }}{% endblock %}",
}


def test_inclusions_are_listed_with_their_keys() -> None:
    """An inclusion has a partial's key, its name as written, or none if computed."""
    text = (
        "{% extends 'layout' %}{% import 'macros' as m %}"
        "{% if Values.a %}{% include 'part' %}{% endif %}"
        "{% include 'absent' %}{% include 'gone' ignore missing %}{% include Name %}"
        "{% include 'part' if Values.b else 'tree' %}"
    )

    assert inclusions(_outline(text, _PARTIALS)) == [
        "layout",
        "macros",
        "part.j2 if Values.a",
        "absent",
        "?",
        "part.j2",
        "tree",
        "tree if children",
    ]


def test_each_part_under_a_condition_is_a_branch() -> None:
    """A branch begins at its ``if``, its condition after ``elif``, or ``else``."""
    text = (
        "{% if Values.a %}\n"
        "{%- elif Values.b == 'x' %}\n"
        "{% else %}{% for x in Values.c %}x{% else %}{% endfor %}{% endif %}\n"
    )

    assert branches(_outline(text)) == [
        "1:4 if Values.a",
        "2:10 if not Values.a, Values.b is 'x'",
        "3:4 if not Values.a, not Values.b is 'x'",
        "3:14 if not Values.a, not Values.b is 'x', Values.c",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("é\r\n {{ Values.port }}", ("main", 2, 5, 11)),
        ("{{ Values['a']['b'] }}", ("main", 1, 4, 16)),
        ("{{ Values . a [ 'b' ] }}", ("main", 1, 4, 18)),
        ("{{ Values.a[0].b | upper }}", ("main", 1, 4, 13)),
        ("{{ Values.a.0 }}", ("main", 1, 4, 10)),
        ("{{ (Values.a).b }}", ("main", 1, 5, 11)),
        ("{{ -Values.a }}", ("main", 1, 5, 8)),
        ("{{ Values\n.a }}", ("main", 1, 4, 6)),
        ("{{ Values.get('a') }}", ("main", 1, 16, 1)),
        ("{% include 'part' %}", ("part.j2", 1, 4, 8)),
    ],
)
def test_places_are_the_names(text: str, place: tuple[str, int, int, int]) -> None:
    """A read's place is its whole chain of names, in the file where it stands."""
    at = _outline(text, _PARTIALS).reads[-1].at

    assert (at.file, at.line, at.column, at.width) == place
    assert at.excerpt is not None


def test_options_are_obeyed() -> None:
    """Delimiters count, and so does that what is missing may be nothing."""
    outline = _outline(
        "<< Name >>{{ x }}", delimiters={"variable": ["<<", ">>"]}, missing="empty"
    )

    assert reads(outline) == ["printed Name or nothing"]


@pytest.mark.parametrize("text", ["{% if %}", "{% include 'broken' %}"])
def test_what_is_broken_has_no_outline(text: str) -> None:
    """A broken template, or partial, is the error that compiling gives."""
    with pytest.raises(TemplateSyntaxError) as caught:
        _outline(text, {"broken": "{{ a"})

    assert caught.value.at is not None


def test_long_templates_take_time_in_proportion() -> None:
    """Ten thousand tags on as many lines are outlined in seconds."""
    text = "{% if Values.a %}\n{{ Values.b }}\n{% endif %}\n{{ Values.c }}\n" * 2_500
    start = time.process_time()

    outline = _outline(text)

    assert len(outline.reads) == 7_500
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "partials"),
    [
        pytest.param(
            "{% include 'p0' %}",
            {f"p{n}": f"{{% include 'p{n + 1}' %}}" * 2 for n in range(40)}
            | {"p40": "{{ a }}"},
            id="partials that double each other",
        ),
        pytest.param(
            "".join(
                f"{{% macro m{n}() %}}{{{{ m{n + 1}() ~ m{n + 1}() }}}}{{% endmacro %}}"
                for n in range(40)
            )
            + "{% macro m40() %}{{ Name }}{% endmacro %}{{ m0() }}",
            {},
            id="macros that double each other",
        ),
        pytest.param(
            "{% include 'p0' %}",
            {f"p{n}": f"{{% include 'p{n + 1}' %}}" for n in range(500)} | {"p500": ""},
            id="partials inside each other without an end",
        ),
        pytest.param("{{ " + "(" * 30 + "a" + ")" * 30 + " }}", {}, id="brackets"),
    ],
)
def test_hostile_templates_reach_a_limit(
    text: str, partials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take for ever, or too much of the stack, is refused soon."""
    monkeypatch.setattr("provisionhub.outline.MAX_STEPS", 20_000)

    with pytest.raises(LimitExceededError):
        _outline(text, partials)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{% set x = x.a if y else x.b %}" * 40, id="many values"),
        pytest.param("{% set x = x.a %}" * 2_000, id="a deep value"),
        pytest.param("{% set x = x | upper %}" * 2_000, id="many filters"),
    ],
)
def test_names_that_may_mean_too_much_mean_anything(text: str) -> None:
    """What a name may mean is bounded, and so is the time that takes."""
    start = time.process_time()

    last = _outline(text + "{{ x }}").reads[-1]

    assert last.path in [(None,), ("x",)]
    assert len(last.through) < 50
    assert time.process_time() - start < 10


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_matters_is_told(path: Path) -> None:
    """A value without which a template renders otherwise is among its reads."""
    case = Case.read(path)
    try:
        outline = JinjaEngine(case.options).outline(
            case.template, name="case.j2", partials=case.partials
        )
    except ProvisionError:
        pytest.skip("the case is about a template that has no outline")

    found = set(influential(case.render_with, case.context))

    assert [each for each in found if not tells_of(outline, each)] == []


@pytest.mark.parametrize("seed", range(12))
def test_what_matters_in_random_templates_is_told(seed: int) -> None:
    """The same holds of templates that nobody has thought of."""
    text = Author(Random(seed)).write()  # noqa: S311 - random cases keep no secret
    engine = JinjaEngine({})
    outline = engine.outline(text, name="main", partials=PARTIALS)
    template = engine.compile(text, name="main", partials=PARTIALS)

    found = set(influential(template.render, copy.deepcopy(CONTEXT)))

    assert [each for each in found if not tells_of(outline, each)] == [], text
