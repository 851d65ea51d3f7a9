"""What Mustache templates read, told without values."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings

from provisionhub.errors import LimitExceededError, TemplateError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.outline import NamePath, Outline
from provisionhub_mustache import MustacheEngine
from support.outlines import branches, inclusions, reads, recording, tells_of

from .test_properties import OPTIONS, TEMPLATES, VALUES


def _outline(
    text: str, partials: dict[str, str] | None = None, **options: JsonValue
) -> Outline:
    engine = MustacheEngine(options)
    return engine.outline(text, name="main", partials=partials or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("text {{! a comment }}", [], id="no names"),
        pytest.param("{{Name}}", ["printed Name"], id="a name"),
        pytest.param("{{{Name}}}", ["printed Name"], id="three braces"),
        pytest.param("{{& Name }}", ["printed Name"], id="unescaped"),
        pytest.param("{{=<% %>=}}<% Name %>", ["printed Name"], id="new delimiters"),
        pytest.param("{{Values.a.b}}", ["printed Values.a.b"], id="dots"),
        pytest.param("{{.}}", ["printed $ or nothing"], id="the whole context"),
        pytest.param(
            "{{#a}}x{{/a}}", ["tested a or nothing"], id="a section over text"
        ),
        pytest.param(
            "{{#a}}{{b.c}}{{/a}}",
            [
                "tested a or nothing",
                "printed a.b.c or a.[].b.c or b.c if a",
            ],
            id="a name in a section",
        ),
        pytest.param(
            "{{#a}}{{.}}{{/a}}",
            ["looped a or nothing", "printed a or a.[] or nothing if a"],
            id="the item of a section",
        ),
        pytest.param(
            "{{#a}}{{^b}}{{.}}{{/b}}{{/a}}",
            [
                "looped a or nothing",
                "tested a.b or a.[].b or b or nothing if a",
                "printed a or a.[] or nothing if a, not a.b or a.[].b or b",
            ],
            id="the item below an inverted section",
        ),
        pytest.param(
            "{{^a}}{{b}}{{/a}}",
            ["tested a or nothing", "printed b if not a"],
            id="an inverted section",
        ),
        pytest.param(
            "{{#a}}{{#b}}{{c}}{{/b}}{{/a}}",
            [
                "tested a or nothing",
                "tested a.b or a.[].b or b or nothing if a",
                (
                    "printed a.b.c or a.b.[].c or a.[].b.c or a.[].b.[].c or b.c"
                    " or b.[].c or a.c or a.[].c or c if a, a.b or a.[].b or b"
                ),
            ],
            id="sections inside each other",
        ),
        pytest.param(
            "{{$block}}{{a}}{{/block}}", ["printed a"], id="a block by itself"
        ),
    ],
)
def test_each_tag_says_what_it_reads(text: str, expected: list[str]) -> None:
    """Each name is listed with what becomes of its value, and what it may mean."""
    assert reads(_outline(text)) == expected


_PARTIALS = {
    "greeting.mustache": "Hi {{Name}}",
    "layout": "{{#on}}{{$title}}{{Name}}{{/title}}{{/on}}",
    "tree": "{{label}}{{#children}}{{>tree}}{{/children}}",
    "endless": "{{a}}{{>endless}}",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{{>greeting}}", ["printed Name"], id="a partial"),
        pytest.param(
            "{{#a}}{{>greeting}}{{/a}}",
            ["tested a or nothing", "printed a.Name or a.[].Name or Name if a"],
            id="a partial in a section",
        ),
        pytest.param(
            "{{<layout}}{{/layout}}",
            ["tested on or nothing", "printed on.Name or on.[].Name or Name if on"],
            id="a parent's own block",
        ),
        pytest.param(
            "{{<layout}}{{$title}}{{b}}{{/title}}{{$other}}{{c}}{{/other}}{{/layout}}",
            ["tested on or nothing", "printed on.b or on.[].b or b if on"],
            id="a block that is replaced, and one that does not exist",
        ),
        pytest.param(
            "{{>tree}}",
            [
                "printed label",
                "tested children or nothing",
                "passed children or children.[] or nothing if children",
            ],
            id="a partial that includes itself",
        ),
        pytest.param("{{>endless}}", ["printed a"], id="a partial without an end"),
        pytest.param(
            "{{>*Values.kind}}",
            ["compared Values.kind", "passed $ or nothing"],
            id="a partial that a value names",
        ),
        pytest.param(
            "{{<*kind}}{{$title}}{{b}}{{/title}}{{/*kind}}",
            ["compared kind", "passed $ or nothing", "printed b"],
            id="a parent that a value names",
        ),
    ],
)
def test_partials_are_followed(text: str, expected: list[str]) -> None:
    """A partial reads as if it stood where it is included."""
    assert reads(_outline(text, _PARTIALS)) == expected


def test_inclusions_are_listed_with_their_keys() -> None:
    """An inclusion has the partial's key, and none if a value names the partial."""
    text = "{{>greeting}}{{#a}}{{<layout}}{{/layout}}{{/a}}{{>*b}}"

    assert inclusions(_outline(text, _PARTIALS)) == [
        "greeting.mustache",
        "layout if a",
        "?",
    ]


def test_each_section_is_a_branch() -> None:
    """A branch begins at its section's name, under all the guards around it."""
    text = "{{#a}}\n {{^b}}x{{/b}}{{/a}}"

    assert branches(_outline(text)) == [
        "1:4 if a",
        "2:5 if a, not a.b or a.[].b or b",
    ]


def test_places_are_the_names() -> None:
    """A read's place is its whole name, in the file in which it stands."""
    text = "é\r\n{{{ Values.port }}}{{> greeting }}"
    places = [read.at for read in _outline(text, _PARTIALS).reads]
    found = [(at.file, at.line, at.column, at.width) for at in places]

    assert found == [("main", 2, 5, 11), ("greeting.mustache", 1, 6, 4)]
    assert [at.excerpt is not None for at in places] == [True, True]


def test_a_block_has_its_own_file() -> None:
    """What replaces a block has its places where it was written."""
    text = "{{<layout}}{{$title}}{{b}}{{/title}}{{/layout}}"
    files = [read.at.file for read in _outline(text, _PARTIALS).reads]

    assert files == ["layout", "main"]


def test_options_are_obeyed() -> None:
    """Delimiters count, and so does that what is missing may be nothing."""
    outline = _outline("<%a%>{{b}}", delimiters=["<%", "%>"], missing="empty")

    assert reads(outline) == ["printed a or nothing"]


@pytest.mark.parametrize("text", ["{{#open}}", "{{>absent}}", "{{>broken}}"])
def test_what_does_not_compile_has_no_outline(text: str) -> None:
    """A broken template, or partial, is the error that compiling gives."""
    with pytest.raises(TemplateSyntaxError) as caught:
        _outline(text, {"broken": "{{/x}}"})

    assert caught.value.at is not None


def test_a_partial_may_be_missing_where_nothing_need_be_there() -> None:
    """Such an inclusion is listed by the name that is written."""
    outline = _outline("{{>absent}}", missing="empty")

    assert (reads(outline), inclusions(outline)) == ([], ["absent"])


def test_long_templates_take_time_in_proportion() -> None:
    """Ten thousand tags on as many lines are outlined in seconds."""
    text = "{{#a}}\n{{b}}\n{{/a}}\n{{c}}\n" * 2_500
    start = time.process_time()

    outline = _outline(text)

    assert len(outline.reads) == 7_500
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("text", "partials"),
    [
        pytest.param(
            "{{>p0}}",
            {f"p{n}": f"{{{{>p{n + 1}}}}}" * 2 for n in range(40)} | {"p40": "{{a}}"},
            id="partials that double each other",
        ),
        pytest.param(
            "{{>p0}}",
            {f"p{n}": f"{{{{#a}}}}{{{{>p{n + 1}}}}}{{{{/a}}}}" for n in range(200)}
            | {"p200": ""},
            id="partials that nest sections without an end",
        ),
        pytest.param("{{#a}}" * 300 + "{{/a}}" * 300, {}, id="deep sections"),
        pytest.param(
            "{{#a}}" * 150 + "{{b}}" * 2_000 + "{{/a}}" * 150,
            {},
            id="names that may mean too much",
        ),
    ],
)
def test_hostile_templates_reach_a_limit(
    text: str, partials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would take for ever, or too much of the stack, is refused soon."""
    monkeypatch.setattr("provisionhub.outline.MAX_STEPS", 20_000)

    with pytest.raises(LimitExceededError):
        _outline(text, partials)


def test_deep_sections_keep_their_names_bounded() -> None:
    """Where a name may mean too many values, the last meaning is anything."""
    depth = 12
    outline = _outline("{{#a}}" * depth + "{{b}}" + "{{/a}}" * depth)
    last = outline.reads[-1]

    assert len(last.otherwise) < 32
    assert last.otherwise[-1] == (None,)


@settings(deadline=None, max_examples=150)
@given(TEMPLATES, VALUES, TEMPLATES, TEMPLATES, OPTIONS)
def test_what_is_read_is_told(
    text: str, context: JsonValue, one: str, other: str, options: JsonObject
) -> None:
    """Whatever a rendering reads is among the reads, and outlines never crash."""
    engine = MustacheEngine(options)
    partials = {"p": one, "q.mustache": other}
    found: set[NamePath] = set()

    try:
        outline = engine.outline(text, name="main", partials=partials)
    except (TemplateError, LimitExceededError):
        return
    try:
        template = engine.compile(text, name="main", partials=partials)
        template.render(recording(context, found))
    except (TemplateError, LimitExceededError):
        pass

    assert [path for path in found if not tells_of(outline, path)] == []
