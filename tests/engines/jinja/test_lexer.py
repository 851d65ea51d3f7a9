"""Every character that is no tag comes out as it went in, line ends and all."""

from __future__ import annotations

from typing import Final

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError as JinjaSyntaxError

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.source import Source
from provisionhub_jinja import JinjaEngine
from provisionhub_jinja.lexer import Lexer
from provisionhub_jinja.options import Options

LINES: Final[dict[str, tuple[str, str]]] = {
    "LF": ("a\n{{ x }}\nb\n", "a\n1\nb\n"),
    "CR LF": ("a\r\n{{ x }}\r\nb\r\n", "a\r\n1\r\nb\r\n"),
    "CR": ("a\r{{ x }}\rb\r", "a\r1\rb\r"),
    "mixed": ("a\n{{ x }}\r\nb\r{{ x }}\n\r\n\r", "a\n1\r\nb\r1\n\r\n\r"),
    "no line end at the end": ("a\r\nb", "a\r\nb"),
    "many at the end": ("a\n\n\n", "a\n\n\n"),
    "only line ends": ("\r\n\n\r", "\r\n\n\r"),
    "other separators": (
        "a\u2028b\u2029c\x85d\x0be\x0cf",
        "a\u2028b\u2029c\x85d\x0be\x0cf",
    ),
    "after a block": ("{% if x %}\r\na\r\n{% endif %}\r\n", "\r\na\r\n\r\n"),
    "after a comment": ("{# a\r\nb #}\r\nc", "\r\nc"),
    "in a raw block": ("{% raw %}\r\n{{ x }}\r{% endraw %}\n", "\r\n{{ x }}\r\n"),
    "in text": ("{{ 'a\r\nb\rc\nd' }}", "a\r\nb\rc\nd"),
    "in text, as an escape": (r"{{ 'a\r\nb' }}", "a\r\nb"),
    "in text, escaped": ("{{ 'a\\\r\nb' }}", "ab"),
    "in a set block": ("{% set y %}a\r\nb{% endset %}{{ y }}", "a\r\nb"),
    "in a loop": ("{% for i in [1, 2] %}{{ i }}\r\n{% endfor %}", "1\r\n2\r\n"),
    "in a macro": ("{% macro m() %}a\r\nb{% endmacro %}{{ m() }}", "a\r\nb"),
    "through a filter": ("{{ 'a\r\nb\nc' | indent(2) }}", "a\r\n  b\n  c"),
    "around empty lines": ("{{ 'a\r\n\r\nb' | indent(2) }}", "a\r\n\r\n  b"),
    "inside a tag": ("{{\r\n x\r\n}}\r\n", "1\r\n"),
    "stripped on the left": ("a \r\n\r\n {{- x }}", "a1"),
    "stripped on the right": ("{{ x -}} \r\n\r\n a", "1a"),
    "stripped by a raw block": ("a\r\n{%- raw -%}\r\nb\r\n{%- endraw -%}\r\nc", "abc"),
    "stripped by a comment": ("a\r\n{#- x -#}\r\nb", "ab"),
    "stripped by what looks like one": ("a {#-#} b", "a b"),
}
TRIMMED: Final[dict[str, tuple[str, str]]] = {
    "LF": ("{% if x %}\na\n{% endif %}\nb\n", "a\nb\n"),
    "CR LF": ("{% if x %}\r\na\r\n{% endif %}\r\nb\r\n", "a\r\nb\r\n"),
    "CR": ("{% if x %}\ra\r{% endif %}\rb\r", "a\rb\r"),
    "only the first": ("{% if x %}\r\n\r\na{% endif %}", "\r\na"),
    "comment": ("{# a #}\r\nb", "b"),
    "raw": ("{% raw %}\r\na{% endraw %}\r\nb", "\r\nab"),
    "not after a variable": ("{{ x }}\r\nb", "1\r\nb"),
    "kept with a plus": ("{% if x +%}\r\na{% endif %}", "\r\na"),
    "blanks before it": ("a\r\n  {% if x %}\r\nb\r\n\t{% endif %}c", "a\r\nb\r\nc"),
    "blanks after a CR": ("a\r  {% if x %}\rb{% endif %}", "a\rb"),
    "blanks at the start": ("  {% if x %}a{% endif %}", "a"),
    "blanks after a tag": ("{{ x }}  {% if x %}a{% endif %}", "1  a"),
    "blanks after a trimmed tag": ("{% set y = 1 %}\r\n  {% if x %}a{% endif %}", "a"),
    "blanks before a comment": ("a\r\n  {# b #}\r\nc", "a\r\nc"),
    "blanks before a variable": ("a\r\n  {{ x }}", "a\r\n  1"),
    "blanks kept with a plus": ("  {%+ if x %}a{% endif %}", "  a"),
    "text before it": (" a {% if x %}b{% endif %}", " a b"),
}
PIECES: Final = (
    "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "\r\n", "\r", "  ", "\t",
    "raw", "endraw", "{% raw %}", "{% endraw %}", "{%- raw -%}", "{%- endraw +%}",
    "{# a #}", "{{ x }}", "{{- x -}}", "{% if x %}", "{%- endif -%}", "{%+ if x +%}",
    "x", "1", "1.5", "1e3", ".", "0x1f", "1_000", "'a'", '"b"', "'a\\n'", "'", "(", ")",
    "[", "]", "{", "}", "|", "~", "==", "**", "//", "é", "a.b", "not", "is", "\u2028",
)  # fmt: skip


@settings(deadline=None)
@given(st.text().filter(lambda text: "{" not in text))
def test_text_without_tags_is_itself(text: str) -> None:
    """Text without tags renders to itself, whatever its characters and line ends."""
    assert text == _render(text)


@settings(deadline=None)
@given(st.text())
def test_raw_text_is_itself(text: str) -> None:
    """Text in a raw block renders to itself."""
    text = text.replace("{%", "")

    assert text == _render("{% raw %}" + text + "{% endraw %}")


@settings(deadline=None)
@given(st.text())
def test_values_are_printed_as_they_are(text: str) -> None:
    """A value that is text is printed as it is."""
    assert text == _render("{{ x }}", context={"x": text})


@settings(deadline=None)
@given(st.text())
def test_text_in_tags_means_itself(text: str) -> None:
    """Text in quotes inside a tag stands for itself, once its escapes are written."""
    written = text.replace("\\", "\\\\").replace("'", "\\'")

    assert text == _render("{{ '" + written + "' }}")


@pytest.mark.parametrize(("template", "expected"), LINES.values(), ids=LINES)
def test_line_ends_are_kept(template: str, expected: str) -> None:
    """Line ends and blanks are kept as they stand, but where a tag strips them."""
    assert expected == _render(template)


@pytest.mark.parametrize(("template", "expected"), TRIMMED.values(), ids=TRIMMED)
def test_line_ends_are_trimmed_on_demand(template: str, expected: str) -> None:
    """With `trim_blocks` and `lstrip_blocks` block tags leave no empty lines behind."""
    options: JsonObject = {"trim_blocks": True, "lstrip_blocks": True}

    assert expected == _render(template, options)


@pytest.mark.parametrize("trim", [False, True])
@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_reads_what_jinja2_reads(trim: bool, text: str) -> None:
    """Where all line ends are LF, the tokens are those of Jinja2's own lexer.

    A template that this lexer refuses, Jinja2 refuses as well, if only in its parser,
    and if only when something follows what is not closed.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    stock = jinja2.Environment(  # noqa: S701 - nothing is rendered with it
        trim_blocks=trim, lstrip_blocks=trim, keep_trailing_newline=True
    )
    ours = Lexer(Options(trim_blocks=trim, lstrip_blocks=trim))

    tokens = _tokens(ours, text)

    if tokens is None:
        with pytest.raises(JinjaSyntaxError):
            stock.parse(f"{text}x")
    else:
        assert _stock_tokens(stock, text) == tokens


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_tokens_know_their_offsets(text: str) -> None:
    """A token's text stands at its offset."""
    for offset, kind, value in _tokens_with_offsets(Lexer(Options()), text) or []:
        if kind in ("data", "name", "variable_begin", "block_begin"):
            assert text.startswith(value, offset)


def test_delimiters_can_be_chosen() -> None:
    """With other delimiters, the usual ones are plain text."""
    options: JsonObject = {
        "delimiters": {
            "block": ["<%", "%>"],
            "variable": ["<<", ">>"],
            "comment": ["<#", "#>"],
        }
    }
    template = "<# c #><% if x %>{{ << x >> }}{% raw %}<% endif %>"

    assert _render(template, options) == "{{ 1 }}{% raw %}"


def test_longer_delimiters_win() -> None:
    """Where one delimiter begins another, the longer one is seen."""
    options: JsonObject = {
        "delimiters": {"block": ["<%", "%>"], "variable": ["<%=", "%>"]}
    }

    assert _render("<%= x %><% if x %>yes<% endif %>", options) == "1yes"


def _render(
    text: str, options: JsonObject | None = None, *, context: JsonObject | None = None
) -> str:
    template = JinjaEngine(options or {}).compile(text, name="t", partials={})
    return template.render({"x": 1} if context is None else context)


def _stock_tokens(environment: jinja2.Environment, text: str) -> list[tuple[str, str]]:
    tokens = environment.lexer.tokenize(text)
    return [(token.type, _plain(token.type, token.value)) for token in tokens]


def _tokens(lexer: Lexer, text: str) -> list[tuple[str, str]] | None:
    tokens = _tokens_with_offsets(lexer, text)
    if tokens is None:
        return None
    return [(kind, _plain(kind, value)) for _, kind, value in tokens]


def _tokens_with_offsets(lexer: Lexer, text: str) -> list[tuple[int, str, str]] | None:
    try:
        tokens = list(lexer.tokens(Source("t", text), []))
    except ProvisionError:
        return None
    return [(token.lineno, token.type, token.value) for token in tokens]


def _plain(kind: str, value: str) -> str:
    return "" if kind.endswith(("_begin", "_end")) else value
