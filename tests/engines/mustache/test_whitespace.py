"""Standalone tags, line ends and the indentation of partials."""

from __future__ import annotations

import pytest

from provisionhub.jsontypes import JsonValue

from .conftest import Render


@pytest.mark.parametrize(
    ("template", "text"),
    [
        pytest.param("a\r\nb\rc\nd\r", "a\r\nb\rc\nd\r", id="line ends kept"),
        pytest.param("{{#y}}\r\na\r\n{{/y}}\r\n", "a\r\n", id="crlf"),
        pytest.param("{{#y}}\na\r\n{{/y}}\r\nb", "a\r\nb", id="mixed"),
        pytest.param("{{#y}}\ra\r{{/y}}", "\ra\r", id="lone cr ends no line"),
        pytest.param("  {{#y}} \t\n x\n\t{{/y}}\n", " x\n", id="blanks around"),
        pytest.param("{{#y}} \na{{/y}} \nb", "a \nb", id="only one alone"),
        pytest.param("{{#y}}{{/y}}\n", "\n", id="two tags on a line"),
        pytest.param("{{!a}}{{!b}}\n", "\n", id="two comments on a line"),
        pytest.param(" {{y}}\n", " yes\n", id="a variable never"),
        pytest.param("  {{{y}}}  \n", "  yes  \n", id="nor a triple"),
        pytest.param("a\n  {{!x}}", "a\n", id="last line without end"),
        pytest.param("  {{!x}}\n  {{!y}}\n  a", "  a", id="several"),
        pytest.param("\f{{!x}}\n", "\f\n", id="form feed is text"),
        pytest.param(
            "a\n\n\n{{#y}}\n\n\n{{/y}}\n\n", "a\n\n\n\n\n\n", id="empty lines"
        ),
        pytest.param("{{^n}}\n  a\n{{/n}}\n", "  a\n", id="inverted"),
        pytest.param("a {{#y}}\nb\n{{/y}} c", "a \nb\n c", id="neither alone"),
        pytest.param("  ", "  ", id="blanks only"),
        pytest.param("a\n  ", "a\n  ", id="blanks at the end"),
    ],
)
def test_only_lines_of_one_tag_are_taken_away(
    render: Render, template: str, text: str
) -> None:
    """A line goes if a tag and blanks are all of it; every other byte stays."""
    assert text == render(template, {"y": "yes", "n": False})


@pytest.mark.parametrize(
    ("template", "partial", "text"),
    [
        pytest.param("  {{>p}}\n", "a\nb\n", "  a\n  b\n", id="each line"),
        pytest.param("  {{>p}}", "a\nb", "  a\n  b", id="no line end"),
        pytest.param("\t{{>p}}\n", "a\n\nb\n", "\ta\n\n\tb\n", id="empty line stays"),
        pytest.param("  {{>p}}\n", "a\r\n\r\nb", "  a\r\n\r\n  b", id="crlf"),
        pytest.param("  {{>p}}\n", "{{v}}\n", "  1\n2\n", id="values are not"),
        pytest.param("  {{>p}}\n", "x {{v}}\n", "  x 1\n2\n", id="values amid a line"),
        pytest.param("  {{>p}} x\n", "a\nb", "  a\nb x\n", id="not amid a line"),
        pytest.param("x {{>p}}\n", "a\nb\n", "x a\nb\n\n", id="not after text"),
        pytest.param("  {{>p}}\n", "{{#y}}\na\n{{/y}}\n", "  a\n", id="section lines"),
        pytest.param("  {{>p}}\n", "{{#y}}a{{/y}}\n", "  a\n", id="inline section"),
        pytest.param(" {{>p}}\n", " {{>q}}\n", "  q1\n  q2\n", id="adds up"),
        pytest.param(" {{>p}}\n", "a {{>q}}\n", " a q1\nq2\n\n", id="inline resets"),
        pytest.param("  {{>p}}\n", "{{!c}}\nb", "  b", id="comments"),
    ],
)
def test_standalone_partials_are_indented(
    render: Render, template: str, partial: str, text: str
) -> None:
    """Each line of the partial's own text is indented, and nothing else."""
    context: JsonValue = {"v": "1\n2", "y": True}

    rendered = render(template, context, {"p": partial, "q": "q1\nq2\n"})

    assert text == rendered
