"""What a malicious template may try, and what becomes of it."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable

import pytest

from provisionhub.errors import LimitExceededError, TemplateError
from provisionhub.jsontypes import JsonValue
from provisionhub_mustache import MustacheEngine

from .conftest import Render

_CONTEXT: JsonValue = {
    "text": "word",
    "number": 7,
    "list": ["a"],
    "Values": {"port": 1},
}
_LONG: JsonValue = {"l": list(range(100_000)), "v": "y" * 1_000_000}


@pytest.mark.parametrize(
    "name",
    [
        "text.__class__",
        "text.__class__.__mro__",
        "text.upper",
        "text.format",
        "text.0",
        "number.real",
        "number.__add__",
        "list.0",
        "list.-1",
        "list.append",
        "list.__len__",
        "Values.items",
        "Values.keys",
        "Values.__class__",
        "Values.get",
        "__class__",
        "__init__.__globals__",
        "self",
        "state",
        "render",
    ],
)
def test_names_reach_no_python(render: Render, name: str) -> None:
    """Only members of objects are names: an attribute or index is missing."""
    with pytest.raises(TemplateError):
        render(f"{{{{{name}}}}}", _CONTEXT)

    with pytest.raises(TemplateError):
        render(f"{{{{>*{name}}}}}", _CONTEXT)

    assert render(f"{{{{{name}}}}}", _CONTEXT, missing="empty") == ""
    section = f"{{{{#{name}}}}}x{{{{/{name}}}}}{{{{^{name}}}}}none{{{{/{name}}}}}"
    assert render(section, _CONTEXT) == "none"


def _doubling(levels: int, leaf: str, *, tag: str = "{{>%s}}") -> dict[str, str]:
    """Return partials of which each includes the next twice, down to *leaf*."""
    partials = {
        f"p{level}": tag.replace("%s", f"p{level + 1}") * 2 for level in range(levels)
    }
    return partials | {f"p{levels}": leaf}


@pytest.mark.parametrize(
    ("template", "context", "partials", "limit"),
    [
        pytest.param("{{>p0}}", {}, _doubling(60, "lol"), "MAX_STEPS", id="laughs"),
        pytest.param("{{>p0}}", {}, _doubling(60, ""), "MAX_STEPS", id="silent laughs"),
        pytest.param(
            "{{<p0}}{{$a}}{{/a}}{{/p0}}",
            {},
            _doubling(60, "{{$a}}x{{/a}}", tag="{{<%s}}{{/%s}}"),
            "MAX_STEPS",
            id="inherited laughs",
        ),
        pytest.param("{{>p}}", {}, {"p": "{{>p}}"}, "MAX_PARTIAL_DEPTH", id="itself"),
        pytest.param(
            "{{>a}}",
            {},
            {"a": "{{>b}}{{>b}}", "b": "{{>a}}{{>a}}"},
            "MAX_PARTIAL_DEPTH",
            id="each other",
        ),
        pytest.param(
            "{{>*a}}", {"a": "p"}, {"p": "{{>*a}}"}, "MAX_PARTIAL_DEPTH", id="dynamic"
        ),
        pytest.param(
            "{{<p}}{{/p}}",
            {},
            {"p": "{{$a}}{{<p}}{{$b}}{{/b}}{{/p}}{{/a}}"},
            "MAX_PARTIAL_DEPTH",
            id="inherits itself",
        ),
        pytest.param(
            "{{>p}}",
            {"a": 1},
            {"p": "{{#a}}" * 150 + "{{>p}}" + "{{/a}}" * 150},
            "MAX_RENDER_DEPTH",
            id="deep sections in recursion",
        ),
        pytest.param(
            "{{#l}}{{#l}}{{#l}}x{{/l}}{{/l}}{{/l}}", _LONG, {}, "MAX_STEPS", id="thrice"
        ),
        pytest.param(
            "{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}", _LONG, {}, "MAX_STEPS", id="silent"
        ),
        pytest.param(
            "{{#l}}{{#l}}{{^z}}{{/z}}{{/l}}{{/l}}",
            _LONG,
            {},
            "MAX_STEPS",
            id="inverted",
        ),
        pytest.param(
            "{{#l}}{{#l}}{{$b}}{{/b}}{{/l}}{{/l}}", _LONG, {}, "MAX_STEPS", id="blocks"
        ),
        pytest.param(
            "{{#l}}" + "{{#a" + ".a" * 9_000 + "}}{{/a" + ".a" * 9_000 + "}}{{/l}}",
            _LONG,
            {},
            "MAX_STEPS",
            id="long names",
        ),
        pytest.param("{{#l}}{{v}}{{/l}}", _LONG, {}, "MAX_OUTPUT", id="big value"),
        pytest.param(
            "{{#l}}" + "y" * 1_000_000 + "{{/l}}",
            _LONG,
            {},
            "MAX_OUTPUT",
            id="big text",
        ),
        pytest.param(
            " " * 9_000 + "{{>p}}",
            {},
            {"p": "x\n" * 10_000},
            "MAX_OUTPUT",
            id="indented lines",
        ),
        pytest.param(
            "{{#l}}\n{{$b}}b{{/b}}" + " " * 1_000_000 + "\n{{/l}}\n",
            _LONG,
            {},
            "MAX_OUTPUT",
            id="blanks after a block",
        ),
        pytest.param(
            "{{>p}}",
            {},
            {"p": " " * 9_000 + "{{>p}}\n"},
            "MAX_INDENT",
            id="indentation",
        ),
    ],
)
def test_bomb_is_defused_in_time(
    render: Render,
    template: str,
    context: JsonValue,
    partials: dict[str, str],
    limit: str,
) -> None:
    """What would take ages or fill memory ends soon, with a place."""
    started = time.perf_counter()

    with pytest.raises(LimitExceededError) as caught:
        render(template, context, partials)

    assert limit == caught.value.limit
    assert caught.value.at is not None
    assert time.perf_counter() - started < 60


@pytest.mark.parametrize("opening", ["{{#a}}", "{{^a}}", "{{$a}}", "{{<p}}{{$a}}"])
def test_nesting_is_bounded(render: Render, opening: str) -> None:
    """Tags nested without end are refused at the first that goes too far."""
    with pytest.raises(LimitExceededError) as caught:
        render(opening * 100_000, {}, {"p": ""})

    assert (caught.value.limit, caught.value.allowed) == ("MAX_NESTING", 200)


def test_two_hundred_sections_nest(render: Render) -> None:
    """Nesting up to the bound works."""
    template = "{{#a}}" * 200 + "x" + "{{/a}}" * 200

    assert render(template, {"a": True}) == "x"


def test_tree_of_a_hundred_levels_renders(render: Render) -> None:
    """A partial that includes itself goes as deep as the bound allows."""
    tree: JsonValue = {"children": []}
    for _ in range(99):
        tree = {"children": [tree]}

    text = render("{{>node}}", tree, {"node": "x{{#children}}{{>node}}{{/children}}"})

    assert text == "x" * 100


@pytest.mark.parametrize("frames", [700, 900, 940, 960])
def test_short_stack_is_a_limit_not_a_crash(frames: int) -> None:
    """Called from deep down, a deep template fails with an error of ours, or works."""
    engine = MustacheEngine({})
    deep = "{{#a}}" * 200 + "x" + "{{/a}}" * 200
    compiled = engine.compile(deep, name="deep", partials={})
    outcomes: list[str] = []

    def attempt() -> None:
        works: tuple[Callable[[], str], ...] = (
            lambda: engine.compile(deep, name="deep", partials={}).render({"a": 1}),
            lambda: compiled.render({"a": 1}),
        )
        for work in works:
            try:
                work()
            except LimitExceededError as error:
                outcomes.append(error.limit)
            else:
                outcomes.append("rendered")

    def descend(left: int) -> None:
        if left:
            descend(left - 1)
        else:
            attempt()

    descend(frames - len(inspect.stack(0)))

    assert {"rendered", "MAX_NESTING", "MAX_RENDER_DEPTH"} >= set(outcomes)
    assert len(outcomes) == 2


_MANY = 100_000


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{" * 500_000, id="opening delimiters"),
        pytest.param("{{{" * 333_000, id="triple openings"),
        pytest.param("{{a\n" * 250_000, id="lines of openings"),
        pytest.param("{{=<% %>=}}<%={{ }}=%>" * 50_000, id="delimiter changes"),
        pytest.param("{{!}}  " * _MANY, id="comments on one line"),
        pytest.param("{{!}}a" * _MANY, id="comments in text"),
        pytest.param("  {{!}}  \n" * _MANY, id="comments on lines"),
        pytest.param("{{a}}\n" * _MANY + "{{/x}}", id="error at the end"),
        pytest.param("\n" * 1_000_000, id="line ends"),
        pytest.param(" " * 1_000_000 + "{{", id="blanks"),
        pytest.param("{{" + "a." * 500_000 + "}}", id="dots"),
        pytest.param("{{#a}}" * 199 + "\n" * 500_000, id="lines in sections"),
        pytest.param(
            "{{<p}}{{$a}}\n" + " x\n" * 200_000 + "{{/a}}{{/p}}", id="lines in argument"
        ),
        pytest.param(
            "{{$a}}\n" * 199 + " x\n" * 200_000 + "{{/a}}\n" * 199, id="nested blocks"
        ),
    ],
)
def test_compiling_takes_linear_time(template: str) -> None:
    """A megabyte of anything compiles, or fails and explains why, in seconds."""
    started = time.perf_counter()

    shown = "error: "
    try:
        MustacheEngine({}).compile(template, name="main", partials={"p": ""})
    except (TemplateError, LimitExceededError) as error:
        shown = error.explain()

    assert shown.startswith("error: ")
    assert time.perf_counter() - started < 30


def test_misspelled_name_among_very_many_is_told_quickly(render: Render) -> None:
    """Looking for the nearest name is bounded."""
    context: JsonValue = {f"name{number}": 1 for number in range(200_000)}
    started = time.perf_counter()

    with pytest.raises(TemplateError):
        render("{{naem}}", context)

    assert time.perf_counter() - started < 10
