"""Partials: where they are found, and what they are given."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from provisionhub.errors import TemplateError
from provisionhub.jsontypes import JsonValue
from provisionhub_mustache import MustacheEngine

from .conftest import Render


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        pytest.param("p", "p", id="as named"),
        pytest.param("p", "p.mustache", id="suffix left out"),
        pytest.param("p.mustache", "p.mustache", id="suffix given"),
        pytest.param("p.mustache", "p", id="suffix added"),
        pytest.param("a/b.c", "a/b.c.mustache", id="path"),
    ],
)
@pytest.mark.parametrize("tag", ["{{>%s}}", "{{> %s }}", "{{<%s}}{{/%s}}"])
def test_suffix_may_be_left_out(
    render: Render, tag: str, reference: str, name: str
) -> None:
    """A reference means the file's name, with or without the engine's suffix."""
    template = tag.replace("%s", reference)

    assert render(template, {}, {name: "found"}) == "found"


def test_exact_name_comes_first(render: Render) -> None:
    """With both names at hand, the reference means the one it spells."""
    partials = {"p": "plain", "p.mustache": "suffixed"}

    assert render("{{>p}} {{>p.mustache}}", {}, partials) == "plain suffixed"


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "/etc/passwd", "a\x00b", "~", "%2e%2e", "C:\\x", "http://x"],
)
@pytest.mark.parametrize("missing", ["error", "empty"])
def test_paths_are_names_like_any_other(
    render: Render, name: str, missing: str
) -> None:
    """A path that climbs out is no known name, and becomes one only as a key."""
    assert render(f"{{{{>{name}}}}}", {}, {name: "key"}, missing=missing) == "key"
    assert render("{{>*x}}", {"x": name}, {name: "key"}, missing=missing) == "key"
    if missing == "empty":
        assert render(f"{{{{>{name}}}}}", {}, {}, missing=missing) == ""
        return
    with pytest.raises(TemplateError):
        render(f"{{{{>{name}}}}}", {}, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("p", "partial", id="text"),
        pytest.param(None, "", id="null"),
        pytest.param("", "", id="empty"),
        pytest.param(1, "one", id="number"),
        pytest.param(True, "yes", id="boolean"),
    ],
)
def test_dynamic_name_is_the_value_as_text(
    render: Render, value: JsonValue, text: str
) -> None:
    """What would be printed is the name; nothing names nothing."""
    partials = {"p": "partial", "1": "one", "true": "yes"}

    assert text == render("{{>*x}}", {"x": value}, partials)


def test_dynamic_name_may_be_the_item(render: Render) -> None:
    """``{{>*.}}`` includes the partials that a list names."""
    text = render("{{#x}}{{>*.}}{{/x}}", {"x": ["a", "b"]}, {"a": "1", "b": "2"})

    assert text == "12"


def test_engine_keeps_partials_of_different_calls_apart() -> None:
    """A template sees the partials that it was compiled with, whatever came later."""
    engine = MustacheEngine({})
    partials = {"p": "one"}
    first = engine.compile("{{>p}}", name="a", partials=partials)
    partials["p"] = "changed"
    second = engine.compile("{{>p}}", name="b", partials={"p": "two"})

    assert (
        first.render({}),
        second.render({}),
        first.render({}),
    ) == ("one", "two", "one")


def test_template_renders_alike_in_many_threads() -> None:
    """A template holds nothing of a rendering, so threads may share it."""
    template = MustacheEngine({}).compile(
        "{{#items}}\n  {{>item}}\n{{/items}}\n",
        name="main",
        partials={"item": "{{.}}: {{#all}}{{name}}{{/all}}\n"},
    )
    contexts: list[JsonValue] = [
        {"items": list(range(number)), "all": {"name": f"n{number}"}}
        for number in range(40)
    ]
    expected = [template.render(context) for context in contexts]

    with ThreadPoolExecutor(8) as pool:
        rendered = list(pool.map(template.render, contexts * 5))

    assert expected * 5 == rendered
