"""The plugin: options, partials, and errors as ProvisionHub tells them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from provisionhub.jsontypes import JsonValue
from provisionhub_gotemplate import GoTemplateEngine


def _render(
    text: str,
    context: JsonValue = None,
    partials: Mapping[str, str] | None = None,
    **options: JsonValue,
) -> str:
    engine = GoTemplateEngine(options)
    compiled = engine.compile(text, name="main.tmpl", partials=partials or {})
    return compiled.render(context)


def test_renders_with_sprig_by_default() -> None:
    """Sprig's functions are there unless another choice is made."""
    assert _render("{{.name | upper}}", {"name": "a"}) == "A"


def test_a_missing_key_is_an_error_by_default() -> None:
    """The error has Go's text, and shows the place."""
    with pytest.raises(TemplateRuntimeError) as caught:
        _render("name:\n  {{ .project.nam }}\n", {"project": {"name": "x"}})

    assert caught.value.explain() == (
        'error: template: main.tmpl:2:13: executing "main.tmpl" at <.project.nam>:'
        ' map has no entry for key "nam"\n'
        "  --> main.tmpl:2:14\n"
        "    1 | name:\n"
        "    2 >   {{ .project.nam }}\n"
        "                     ^^^^"
    )


@pytest.mark.parametrize(
    ("missing", "output"),
    [
        pytest.param("default", "<no value>", id="default"),
        pytest.param("zero", "<no value>", id="zero"),
    ],
)
def test_a_missing_key_may_be_allowed(missing: str, output: str) -> None:
    """The option is Go's ``missingkey``."""
    assert output == _render("{{.x}}", {}, missing=missing)


def test_delimiters_may_be_chosen() -> None:
    """Other delimiters leave braces as they are."""
    assert _render("{{[[.a]]}}", {"a": 1}, delimiters=["[[", "]]"]) == "{{1}}"


def test_functions_may_be_left_out() -> None:
    """Without Sprig, there are Go's own functions only."""
    assert _render("{{len .a}}", {"a": "x"}, functions="none") == "1"
    with pytest.raises(TemplateSyntaxError, match='function "upper" not defined'):
        _render("{{upper .a}}", {"a": "x"}, functions="none")


def test_helm_functions_may_be_chosen() -> None:
    """``include`` and ``toYaml`` come with ``helm``."""
    text = '{{define "l"}}{{toYaml .}}{{end}}{{include "l" .m | indent 2}}'

    assert _render(text, {"m": {"a": 1}}, functions="helm") == "  a: 1"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"mising": "error"}, "unknown engine option", id="name"),
        pytest.param({"missing": "never"}, "accepted: `error`, `default`", id="choice"),
        pytest.param({"functions": 1}, "accepted: `sprig`", id="no text"),
        pytest.param({"delimiters": ["{{"]}, "two texts", id="one delimiter"),
        pytest.param({"delimiters": ["a b", "c"]}, "without blanks", id="blank"),
    ],
)
def test_unknown_options_are_refused(
    options: dict[str, JsonValue], message: str
) -> None:
    """The error says what is accepted."""
    with pytest.raises(InvalidBlueprintError, match=message):
        GoTemplateEngine(options)


def test_partials_are_templates_by_their_path_with_or_without_suffix() -> None:
    """What a partial defines is there as well."""
    partials = {
        "shared/head.tmpl": 'HEAD {{.}}{{define "foot"}}FOOT{{end}}',
        "notes.txt": "NOTES",
    }
    text = (
        '{{template "shared/head" 1}} {{template "shared/head.tmpl" 2}}'
        ' {{template "foot"}} {{template "notes.txt"}}'
    )

    assert _render(text, None, partials) == "HEAD 1 HEAD 2 FOOT NOTES"


def test_a_templates_own_definition_goes_before_a_partials() -> None:
    """A partial never replaces what the template itself defines."""
    partials = {"a.tmpl": '{{define "x"}}partial{{end}}A'}
    text = '{{define "x"}}own{{end}}{{template "x"}} {{template "a"}}'

    assert _render(text, None, partials) == "own A"


def test_a_broken_partial_hurts_only_those_who_use_it() -> None:
    """The error of a partial shows the place in the partial."""
    partials = {"bad.tmpl": "a\n{{nope}}", "good.tmpl": "good"}

    assert _render('{{template "good"}}', None, partials) == "good"
    with pytest.raises(TemplateSyntaxError) as caught:
        _render('{{template "bad"}}', None, partials)
    assert str(caught.value.at) == "bad.tmpl:2:3"


def test_an_unknown_function_is_pointed_at_and_a_near_name_suggested() -> None:
    """Go tells the line; the caret finds the name in it."""
    with pytest.raises(TemplateSyntaxError) as caught:
        _render("a\nb: {{ .x | uppr }}")

    assert caught.value.hint == "did you mean `upper`?"
    assert caught.value.at is not None
    assert (
        caught.value.at.line,
        caught.value.at.column,
        caught.value.at.width,
    ) == (2, 12, 4)


def test_an_unknown_template_is_an_error_where_it_is_called() -> None:
    """A near name is suggested."""
    with pytest.raises(TemplateRuntimeError) as caught:
        _render('{{define "header"}}{{end}}{{template "heder"}}')

    assert 'template "heder" not defined' in str(caught.value)
    assert caught.value.hint == "did you mean `header`?"


def test_columns_count_characters() -> None:
    """Go counts bytes; people see characters."""
    with pytest.raises(TemplateRuntimeError) as caught:
        _render("é世{{.s.x}}", {"s": "text"})

    assert "main.tmpl:1:9:" in str(caught.value)
    assert caught.value.at is not None
    assert caught.value.at.column == 7


def test_a_loop_without_an_end_is_a_limit() -> None:
    """Too many steps end as a limit, with the place of the loop."""
    with pytest.raises(LimitExceededError) as caught:
        _render("{{range 1000000000}}{{end}}")

    assert caught.value.limit == "MAX_STEPS"
    assert caught.value.at is not None


def test_too_much_output_is_a_limit() -> None:
    """A template that doubles its text again and again is stopped early."""
    text = (
        "{{define `a`}}" + "x" * 1_000 + "{{end}}{{range 60000}}{{template `a`}}{{end}}"
    )

    with pytest.raises(LimitExceededError) as caught:
        _render(text)

    assert caught.value.limit == "MAX_OUTPUT"


def test_half_a_character_is_an_error() -> None:
    """Strings are cut at bytes, but the output is text."""
    with pytest.raises(TemplateRuntimeError, match="not UTF-8"):
        _render("{{trunc 1 .s}}", {"s": "é"})
