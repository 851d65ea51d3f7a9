"""Tokens to trees: how they print, and what is refused where."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub_gotemplate.errors import LimitError, ParseError
from provisionhub_gotemplate.limits import MAX_BLOCKS, MAX_PARENTHESES
from provisionhub_gotemplate.nodes import Tree
from provisionhub_gotemplate.parser import parse

_FUNCTIONS = frozenset({"printf", "len", "and", "eq"})


def _parse(text: str, delimiters: tuple[str, str] = ("{{", "}}")) -> dict[str, Tree]:
    return parse("t", text, delimiters=delimiters, functions=_FUNCTIONS)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("a b", "a b", id="text"),
        pytest.param("{{ .a.b }}", "{{.a.b}}", id="fields"),
        pytest.param("{{ $.a }}", "{{$.a}}", id="fields of the data"),
        pytest.param("{{printf  `%d`  0x1F}}", "{{printf `%d` 0x1F}}", id="spelling"),
        pytest.param(
            "{{.a|len|printf `x`}}", "{{.a | len | printf `x`}}", id="pipeline"
        ),
        pytest.param("{{(len .a).b.c}}", "{{(len .a).b.c}}", id="chain"),
        pytest.param("{{$x:=1}}{{$x =2}}", "{{$x := 1}}{{$x = 2}}", id="variables"),
        pytest.param(
            "{{if .a}}b{{else if .c}}d{{else}}e{{end}}",
            "{{if .a}}b{{else}}{{if .c}}d{{else}}e{{end}}{{end}}",
            id="else if is an if inside an else",
        ),
        pytest.param(
            "{{with $x := .a}}b{{else with .c}}d{{end}}",
            "{{with $x := .a}}b{{else}}{{with .c}}d{{end}}{{end}}",
            id="else with",
        ),
        pytest.param(
            "{{range $i, $e := .a}}{{break}}{{continue}}{{else}}n{{end}}",
            "{{range $i, $e := .a}}{{break}}{{continue}}{{else}}n{{end}}",
            id="range",
        ),
        pytest.param('{{template `a"b` .}}', '{{template "a\\"b" .}}', id="template"),
        pytest.param('{{block "b" .}}x{{end}}', '{{template "b" .}}', id="block"),
        pytest.param("{{nil | printf true}}", "{{nil | printf true}}", id="constants"),
    ],
)
def test_trees_print_as_go_prints_them(text: str, printed: str) -> None:
    """A tree's text is its source in Go's normal form."""
    assert printed == str(_parse(text)["t"])


def test_trees_print_with_their_own_delimiters() -> None:
    """Actions are printed between the delimiters that they were read with."""
    tree = _parse("<<if .a>>b<<end>>", ("<<", ">>"))["t"]

    assert str(tree) == "<<if .a>>b<<end>>"


def test_definitions_are_trees_of_their_own() -> None:
    """``define`` and ``block`` add templates, and only ``block`` leaves a trace."""
    trees = _parse('{{define "a"}}A{{end}}{{block "b" .}}B{{end}}')

    assert {name: str(tree) for name, tree in trees.items()} == {
        "a": "A",
        "b": "B",
        "t": '{{template "b" .}}',
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("{{", "1: unclosed action", id="nothing after the delimiter"),
        pytest.param("a\n{{.a", "2: unclosed action", id="no closing delimiter"),
        pytest.param(
            "{{if\n.a", "2: unclosed action started at t:1", id="action over lines"
        ),
        pytest.param("{{}}", "1: missing value for command", id="empty"),
        pytest.param("{{end}}", "1: unexpected {{end}}", id="end of nothing"),
        pytest.param("{{if .a}}\n", "2: unexpected EOF", id="no end"),
        pytest.param("{{upper .a}}", '1: function "upper" not defined', id="function"),
        pytest.param("{{$x}}", '1: undefined variable "$x"', id="variable"),
        pytest.param("{{break}}", "1: {{break}} outside {{range}}", id="break"),
        pytest.param(
            "{{.a | 1}}", "1: non executable command in pipeline stage 2", id="stage"
        ),
        pytest.param("{{1.x}}", '1: bad number syntax: "1.x"', id="number"),
        pytest.param("{{08}}", '1: integer overflow: "08"', id="not octal"),
        pytest.param(
            "{{if .a}}{{define `x`}}{{end}}{{end}}",
            "1: unexpected <define> in command",
            id="define inside",
        ),
        pytest.param(
            "{{range $a, $b, $c := .x}}{{end}}",
            "1: too many declarations in range",
            id="three variables",
        ),
        pytest.param(
            "{{if a}}", '1: function "a" not defined', id="the first fault counts"
        ),
        pytest.param(
            "{{template .a}}", '1: unexpected ".a" in template clause', id="no name"
        ),
        pytest.param(
            "{{define `a`}}1{{end}}{{define `a`}}2{{end}}",
            '1: template: multiple definition of template "a"',
            id="two definitions",
        ),
        pytest.param(
            "{{range .a}}\n{{block `b` .}}{{break}}{{end}}{{end}}",
            "2: {{break}} outside {{range}}",
            id="a block is a template of its own",
        ),
        pytest.param(
            '{{"a".b}}',
            '1: unexpected . after term "\\"a\\""',
            id="field of a constant",
        ),
        pytest.param(
            "{{.a identifierthatislong$}}",
            "1: bad character U+0024 '$'",
            id="bad character",
        ),
        pytest.param("{{(1)(2)}}", '1: unexpected "(" in operand', id="no space"),
        pytest.param("{{'ab'}}", "1: malformed character constant: 'ab'", id="runes"),
        pytest.param('{{"\\z"}}', "1: invalid syntax", id="escape"),
    ],
)
def test_refuses_with_gos_text(text: str, message: str) -> None:
    """The error names the line and what Go says of it."""
    with pytest.raises(ParseError) as caught:
        _parse(text)

    assert f"template: t:{message}" == str(caught.value)


def test_parentheses_are_bounded_with_gos_text() -> None:
    """Too many parentheses are an ordinary error, long before Python's own."""
    deep = "{{" + "(" * MAX_PARENTHESES + "1" + ")" * MAX_PARENTHESES + "}}"
    deeper = deep.replace("(1)", "((1))")

    assert str(_parse(deep)["t"]) == deep
    with pytest.raises(ParseError, match="max expression depth exceeded"):
        _parse(deeper)


def test_blocks_are_bounded() -> None:
    """Actions inside each other end at a limit, with the line of the innermost."""
    text = "{{if 1}}\n" * (MAX_BLOCKS + 1)

    with pytest.raises(LimitError) as caught:
        _parse(text)

    assert (caught.value.limit, caught.value.allowed) == ("MAX_BLOCKS", MAX_BLOCKS)


def test_chains_of_else_if_have_no_bound() -> None:
    """An ``else if`` is no deeper than the ``if`` it belongs to."""
    text = "{{if .a}}" + "{{else if .b}}" * 1_000 + "{{end}}"

    assert _parse(text)["t"].root.nodes


_TERMS = st.sampled_from(
    [
        *(".", ".a", ".a.b", "$", "$.a", "1", "-2.5", "'c'", '"s"', "`r`", "true"),
        *("nil", "(len .a)", "(.a).b", "(printf `%d` 1 | len)"),
    ]
)
_COMMANDS = st.builds(
    lambda name, terms: " ".join([name, *terms]),
    st.sampled_from(["printf", "len", "and", "eq"]),
    st.lists(_TERMS, min_size=1, max_size=3),
) | st.sampled_from([".", ".a.b", "$.a", "1", '"s"'])
_ACTIONS = st.recursive(
    st.sampled_from(["text ", "\n", "{{/* c */}}", "{{$.a}}"])
    | _COMMANDS.map(lambda command: f"{{{{{command}}}}}")
    | _COMMANDS.map(lambda command: f"{{{{- $x := {command} -}}}} {{{{$x}}}}"),
    lambda inner: (
        st.builds(
            lambda keyword, command, body, otherwise: (
                f"{{{{{keyword} {command}}}}}{body}{{{{else}}}}{otherwise}{{{{end}}}}"
            ),
            st.sampled_from(["if", "with", "range", "range $i, $e :="]),
            _COMMANDS,
            inner,
            inner,
        )
        | st.lists(inner, max_size=3).map("".join)
    ),
    max_leaves=8,
)


@given(_ACTIONS)
def test_what_a_tree_prints_means_the_same(text: str) -> None:
    """The text of a tree parses to a tree with the same text."""
    printed = str(_parse(text)["t"])

    assert printed == str(_parse(printed)["t"])


@given(st.text(alphabet="{}-.$()|\"'`/*= \nabefilnorstd019", max_size=60))
def test_any_text_is_a_template_or_a_parse_error(text: str) -> None:
    """Whatever the text, nothing but a parse error comes of it."""
    with suppress(ParseError):
        assert "t" in _parse("{{" + text)
