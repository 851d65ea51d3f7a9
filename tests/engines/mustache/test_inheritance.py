"""Inheritance beyond the spec's examples: scopes, indentation and line ends.

The rules of indentation are those of the spec's discussion
(https://github.com/mustache/spec/issues/130 and pull/131); some rows render what the
test suites of other implementations expect.
"""

from __future__ import annotations

import pytest

from .conftest import Render


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param(
            "{{<p}}{{$a}}1{{/a}}{{$a}}2{{/a}}{{/p}}", "[2]", id="last one wins"
        ),
        pytest.param("{{<p}}{{$a}}{{/a}}{{/p}}", "[]", id="empty argument"),
        pytest.param("{{<p}}{{$z}}1{{/z}}{{/p}}", "[default]", id="unknown block"),
        pytest.param("{{<p}}x{{! y }}z{{=| |=}}|/p|", "[default]", id="remarks"),
        pytest.param("{{<p}}{{$ a }}1{{/ a }}{{/ p }}", "[1]", id="blanks in tags"),
        pytest.param(
            "{{<p}}{{$a}}{{#y}}{{v}}{{/y}}{{/a}}{{/p}}", "[1]", id="section in argument"
        ),
        pytest.param(
            "{{<p}}{{$a}}<{{<p}}{{$a}}in{{/a}}{{/p}}>{{/a}}{{/p}}",
            "[<[in]>]",
            id="parent in argument",
        ),
        pytest.param(
            "{{<p}}{{$a}}one {{$a}}two{{/a}}{{/a}}{{/p}}",
            "[one two]",
            id="block of the same name",
        ),
        pytest.param(
            "{{<p}}{{$a}}{{$b}}b{{/b}}{{/a}}{{$b}}other{{/b}}{{/p}}",
            "[b]",
            id="block in argument is the template's own",
        ),
        pytest.param(
            "{{#y}}{{<p}}{{$a}}1{{/a}}{{/p}}{{/y}} {{>p}}", "[1] [default]", id="ends"
        ),
        pytest.param("{{<q}}{{$a}}1{{/a}}{{/q}}", "([1])", id="through a partial"),
        pytest.param("{{$a}}{{>p}}{{/a}}", "[default]", id="partial in default"),
    ],
)
def test_arguments_replace_blocks(render: Render, template: str, text: str) -> None:
    """A block shows what the outermost inheriting template puts into it."""
    partials = {"p": "[{{$a}}default{{/a}}]", "q": "({{>p}})"}

    assert text == render(template, {"y": True, "v": 1}, partials)


@pytest.mark.parametrize(
    ("argument", "block", "text"),
    [
        pytest.param("\n    x\n", "  {{$b}}\n    d\n  {{/b}}\n", "    x\n", id="lines"),
        pytest.param("\n    x\n", "  {{$b}}\n  {{/b}}\n", "  x\n", id="no default"),
        pytest.param("\n    x\n", "  {{$b}}{{/b}}\n", "  x\n", id="pair on a line"),
        pytest.param("\n    x\n", "  {{$b}}d{{/b}}\n", "  x\n", id="default on a line"),
        pytest.param("\n    x", "  {{$b}}{{/b}}\n", "  x\n", id="open-ended lines"),
        pytest.param("x", "  {{$b}}{{/b}}\n", "  x\n", id="word for a line"),
        pytest.param("x\n    y", "  {{$b}}{{/b}}\n", "  x\n      y\n", id="word, line"),
        pytest.param("", "  {{$b}}{{/b}}\n", "\n", id="nothing for a line"),
        pytest.param("\n", "  {{$b}}{{/b}}\n", "", id="no lines for a line"),
        pytest.param("x", "  {{$b}}\n    d\n  {{/b}}\n", "    x", id="word for lines"),
        pytest.param("\n  x\n", "({{$b}}d{{/b}})\n", "(x\n)\n", id="lines amid text"),
        pytest.param("\n  x\n", " {{$b}}d{{/b}} e\n", " x\n e\n", id="text after"),
        pytest.param(
            "\n    x\n\n      y\n   \n    z\n",
            " {{$b}}{{/b}}\n",
            " x\n\n   y\n    \n z\n",
            id="deeper and empty lines",
        ),
        pytest.param("\n\t x\n\t  y\n", " {{$b}}{{/b}}\n", " x\n  y\n", id="tabs"),
        pytest.param(
            "\n\tx\n  y\n", " {{$b}}{{/b}}\n", " \tx\n   y\n", id="tab, blank"
        ),
        pytest.param(
            "\r\n    x\r\n  ", "  {{$b}}{{/b}}\r\n", "  x\r\n", id="crlf throughout"
        ),
        pytest.param(
            "\n    {{#y}}\n    x\n    {{/y}}\n",
            "  {{$b}}{{/b}}\n",
            "  x\n",
            id="section",
        ),
        pytest.param(
            "\n    {{#y}}\n  x\n    {{/y}}\n", " {{$b}}{{/b}}\n", " x\n", id="outdented"
        ),
        pytest.param("\n    {{v}}\n", "  {{$b}}{{/b}}\n", "  1\n2\n", id="values"),
        pytest.param("\n    {{>q}}\n", "  {{$b}}{{/b}}\n", "  q\n  r\n", id="partial"),
        pytest.param(
            "\n    a\n      {{>q}}\n",
            "  {{$b}}{{/b}}\n",
            "  a\n    q\n    r\n",
            id="deeper partial",
        ),
        pytest.param(
            "\n    {{<q}}{{/q}}\n", "  {{$b}}{{/b}}\n", "  q\n  r\n", id="parent"
        ),
        pytest.param(
            "\n    a\n      {{$c}}\n      c\n      {{/c}}\n",
            "  {{$b}}{{/b}}\n",
            "  a\n    c\n",
            id="block in argument",
        ),
        pytest.param(
            "\n    a\n      {{$c}}c{{/c}}\n",
            "  {{$b}}{{/b}}\n",
            "  a\n    c\n",
            id="block on a line in argument",
        ),
        pytest.param(
            "\n  x\n", "  {{$b}}\n  d{{/b}} e\n", "  x\n e\n", id="ends amid text"
        ),
        pytest.param("\n  x\n", " {{$b}}d\n  {{/b}}\n", " x\n", id="closed on a line"),
        pytest.param("\n  x\n", " {{$b}}d\n  {{/b}} e\n", " x\n e\n", id="two lines"),
    ],
)
def test_argument_takes_the_indentation_of_its_block(
    render: Render, argument: str, block: str, text: str
) -> None:
    """What an argument's lines share is removed, and the block's put in its place."""
    template = "{{<p}}\n  {{$b}}" + argument + "{{/b}}\n{{/p}}\n"

    rendered = render(template, {"y": True, "v": "1\n2"}, {"p": block, "q": "q\nr\n"})

    assert text == rendered


@pytest.mark.parametrize(
    ("block", "text"),
    [
        pytest.param("  {{$b}}\n    d\n  {{/b}}\nx", "    d\nx", id="lines"),
        pytest.param("  {{$b}}d{{/b}}\nx", "  d\nx", id="on a line"),
        pytest.param("  {{$b}}{{/b}}\nx", "\nx", id="empty"),
        pytest.param("  {{$b}}d{{/b}} e\nx", "  d e\nx", id="with text after"),
        pytest.param("a {{$b}}d{{/b}}\nx", "a d\nx", id="with text before"),
        pytest.param("a {{$b}}\nd\n{{/b}}\nx", "a \nd\nx", id="begins amid text"),
        pytest.param("  {{$b}}d\n  {{/b}}\nx", "  d\nx", id="closed on a line"),
        pytest.param("  {{$b}}d\n  {{/b}} e\nx", "  d\n   e\nx", id="closed amid text"),
        pytest.param("{{$b}}d{{/b}}", "d", id="all of it"),
        pytest.param("  {{$b}}d{{/b}}  ", "  d  ", id="all of a line"),
    ],
)
def test_default_content_stays_as_it_is(render: Render, block: str, text: str) -> None:
    """A block that nothing replaces leaves its text; only tags go."""
    assert text == render(block)
    assert text == render("{{>p}}", {}, {"p": block})
    assert text == render("{{<p}}{{/p}}", {}, {"p": block})


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("  {{<p}}{{/p}}\nx", "  a\n  d\nx", id="pair on a line"),
        pytest.param("  {{<p}}\n\n  {{/p}}\nx", "  a\n  d\nx", id="pair on lines"),
        pytest.param("  {{<p}}{{/p}} x", "  a\nd\n x", id="text after"),
        pytest.param("x {{<p}}\n{{/p}}\n", "x a\nd\n\n", id="text before"),
        pytest.param("  {{<p}}{{$b}}e{{/b}}{{/p}}\n", "  a\n  e\n", id="argument"),
        pytest.param(
            "  {{<p}}{{$b}}\n    e\n     f\n{{/b}}{{/p}}\n",
            "  a\n  e\n   f\n",
            id="lines",
        ),
    ],
)
def test_standalone_parents_are_indented(
    render: Render, template: str, text: str
) -> None:
    """A parent that stands alone on its lines indents its partial as a partial does."""
    assert text == render(template, {}, {"p": "a\n{{$b}}d{{/b}}\n"})


def test_blocks_keep_the_indentation_of_their_partial(render: Render) -> None:
    """Indentations add up: the partial's, the block's and the argument's own."""
    partials = {
        "outer": "outer:\n  {{<inner}}\n  {{$b}}\n    x:\n      y\n  {{/b}}\n"
        "  {{/inner}}\n",
        "inner": "inner:\n  {{$b}}{{/b}}\nend\n",
    }

    text = render("root:\n  {{>outer}}\n", {}, partials)

    assert text == ("root:\n  outer:\n    inner:\n      x:\n        y\n    end\n")
