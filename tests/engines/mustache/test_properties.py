"""What must hold of every template and every context."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provisionhub.errors import LimitExceededError, TemplateError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.source import Source
from provisionhub_mustache import MustacheEngine
from provisionhub_mustache.lexer import tokenize
from provisionhub_mustache.nodes import Argument, Node, Parent, Section, Text
from provisionhub_mustache.parser import parse

_SCRAPS = st.sampled_from(
    [
        *("{{", "}}", "{{{", "}}}", "{", "}", "<%", "%>", "|", "="),
        *("#", "^", "/", "!", ">", "<", "$", "&", "*", "."),
        *("a", "b", "a.b", "p", "q", " ", "  ", "\t", "\n", "\r\n", "\r", "\n\n", "é"),
        *("{{a}}", "{{{a}}}", "{{&b}}", "{{.}}", "{{a.b}}", "{{!c}}", "{{=<% %>=}}"),
        *("{{#a}}", "{{/a}}", "{{^b}}", "{{/b}}", "{{$a}}", "{{>p}}", "{{>*a}}"),
        *("{{<p}}", "{{/p}}", "{{<q}}{{$a}}", "{{/a}}{{/q}}", "  {{>q}}\n", "<%a%>"),
    ]
)
TEMPLATES = st.lists(_SCRAPS, max_size=30).map("".join)
_NAMES = st.sampled_from(["a", "b", "p", "x"])
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["p", "q"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3)
    ),
    max_leaves=8,
)
OPTIONS: st.SearchStrategy[JsonObject] = st.fixed_dictionaries(
    {},
    optional={
        "missing": st.sampled_from(["error", "empty"]),
        "escape": st.sampled_from(["none", "html"]),
        "delimiters": st.sampled_from([["{{", "}}"], ["|", "|"], ["{", "}"]]),
    },
)


@settings(deadline=None)
@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_tags_renders_to_itself(text: str) -> None:
    """Every character stays: line ends, blanks and all."""
    template = MustacheEngine({}).compile(text, name="main", partials={})

    assert text == template.render({})


@settings(deadline=None)
@given(TEMPLATES, st.sampled_from([("{{", "}}"), ("|", "|"), ("{", "}")]))
def test_tokens_are_the_template(text: str, delimiters: tuple[str, str]) -> None:
    """The tokens' texts, put together, are the text as far as it can be read."""
    read = []
    position = 0

    try:
        for token in tokenize(Source("main", text), delimiters):
            assert position == token.start
            read.append(token.text)
            position = token.end
    except TemplateError:
        assert text.startswith("".join(read))
    else:
        assert text == "".join(read)


@settings(deadline=None)
@given(TEMPLATES)
def test_names_stand_where_tokens_say(text: str) -> None:
    """A tag's name is found in the source at its offset."""
    try:
        for token in tokenize(Source("main", text), ("{{", "}}")):
            path = text[token.name_start : token.name_end]

            assert token.path == path or not token.path or "*" in token.name
    except TemplateError:
        pass


@settings(deadline=None)
@given(TEMPLATES)
def test_text_of_the_tree_is_text_of_the_template(text: str) -> None:
    """The tree's texts hold nothing that the template does not."""
    try:
        nodes = parse(Source("main", text), ("{{", "}}"))
    except TemplateError:
        return

    position = 0
    for line in _words(nodes):
        position = text.index(line, position) + len(line)


def _words(nodes: tuple[Node | Argument, ...]) -> list[str]:
    words: list[str] = []
    for node in nodes:
        match node:
            case Text():
                words += "".join(node.parts).split()
            case Parent():
                words += _words(node.arguments)
            case Section() | Argument():
                words += _words(node.children)
            case _:
                pass
    return words


@settings(deadline=None)
@given(TEMPLATES, VALUES, TEMPLATES, TEMPLATES, OPTIONS)
def test_nothing_but_our_errors_is_raised(
    text: str, context: JsonValue, one: str, other: str, options: JsonObject
) -> None:
    """Any template with any context renders, or fails with an error at a place."""
    engine = MustacheEngine(options)
    partials = {"p": one, "q.mustache": other}

    failure: TemplateError | LimitExceededError | None = None
    try:
        template = engine.compile(text, name="main", partials=partials)
        rendered = template.render(context)
        again = template.render(context)
    except (TemplateError, LimitExceededError) as error:
        failure = error
    else:
        assert rendered == again

    if failure is not None:
        assert failure.at is not None
        assert failure.at.file in {"main", *partials}
        assert str(failure.at) in failure.explain()


@settings(deadline=None)
@given(TEMPLATES, VALUES, TEMPLATES)
def test_options_for_what_is_missing_differ_in_that_only(
    text: str, context: JsonValue, partial: str
) -> None:
    """What renders when missing names are errors renders alike when they are not."""
    partials = {"p": partial, "q": "q"}

    try:
        template = MustacheEngine({}).compile(text, name="main", partials=partials)
        strict = template.render(context)
    except (TemplateError, LimitExceededError):
        return

    lenient = MustacheEngine({"missing": "empty"}).compile(
        text, name="main", partials=partials
    )
    assert strict == lenient.render(context)
