"""The engine contract has teeth: an engine that breaks a clause fails its test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from provisionhub.engine import Engine
from provisionhub.errors import TemplateRuntimeError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject
from provisionhub.source import Source
from provisionhub.testing import EngineContract

_TAG = re.compile(r"<([\w.]+)>")


class _Template:
    def __init__(self, text: str, name: str) -> None:
        self.source = Source(name, text)
        if "<!" in text:
            at = self.source.locate(text.index("<!"))
            raise TemplateSyntaxError("a tag can't begin with `!`", at=at)

    def render(self, context: JsonObject) -> str:
        return _TAG.sub(lambda tag: self.value(tag, context), self.source.text)

    def value(self, tag: re.Match[str], context: JsonObject) -> str:
        value: Any = context
        for name in tag[1].split("."):
            value = self.member(value, name, tag)
        return str(value)

    def member(self, value: Any, name: str, tag: re.Match[str]) -> object:  # noqa: ANN401 - any JSON
        if isinstance(value, dict) and name in value:
            return value[name]
        raise TemplateRuntimeError(
            f"`{tag[1]}` is not defined",
            at=self.source.locate(tag.start(), len(tag[0])),
        )


class _Angles:
    """A small honest language: ``<Values.name>``."""

    suffix: ClassVar[str] = ".angles"
    template: type[_Template] = _Template

    def __init__(self, options: JsonObject) -> None: ...

    def compile(
        self,
        text: str,
        *,
        name: str,
        partials: Mapping[str, str],  # noqa: ARG002 - the contract's signature
    ) -> _Template:
        return self.template(text, name)


class _Reaching(_Template):
    def member(self, value: Any, name: str, tag: re.Match[str]) -> object:  # noqa: ANN401 - as above
        if hasattr(value, name):
            return getattr(value, name)
        return super().member(value, name, tag)


class _Careless(_Template):
    def member(self, value: Any, name: str, tag: re.Match[str]) -> object:  # noqa: ANN401 - as above
        if isinstance(value, dict):
            return value.get(name, "")
        return super().member(value, name, tag)


class _Placeless(_Template):
    def member(self, value: Any, name: str, tag: re.Match[str]) -> object:  # noqa: ANN401 - as above
        try:
            return super().member(value, name, tag)
        except TemplateRuntimeError as error:
            raise TemplateRuntimeError(error.message) from None


class _Trimming(_Template):
    def render(self, context: JsonObject) -> str:
        return super().render(context).rstrip("\n")


class _Writing(_Template):
    def render(self, context: JsonObject) -> str:
        text = super().render(context)
        context["Seen"] = True
        return text


def _contract(template: type[_Template]) -> EngineContract:
    class Faulty(_Angles):
        pass

    Faulty.template = template

    class Contract(EngineContract):
        engine: ClassVar[type[Engine]] = Faulty
        broken = "<!"

        def show(self, path: str) -> str:
            return f"<{path}>"

    return Contract()


def test_honest_engine_passes() -> None:
    """An engine that keeps a clause passes that clause's test."""
    contract = _contract(_Template)

    contract.test_undefined_name_is_an_error_at_its_place()
    contract.test_broken_template_is_an_error_at_its_place()
    contract.test_no_attribute_is_reached("Values.__class__")
    contract.test_context_is_never_changed()
    contract.test_threads_do_not_meet()


def test_language_without_inclusion_skips_it() -> None:
    """What a language can't do is skipped, not failed."""
    with pytest.raises(pytest.skip.Exception, match="can't include"):
        _contract(_Template).test_partial_is_included()


def test_reaching_for_attributes_fails() -> None:
    """An engine that walks Python attributes fails."""
    with pytest.raises(pytest.fail.Exception):
        _contract(_Reaching).test_no_attribute_is_reached("Values.__class__")
    with pytest.raises(AssertionError):
        _contract(_Reaching).test_users_key_comes_before_any_attribute()


def test_undefined_that_is_nothing_fails() -> None:
    """An engine that prints nothing for an undefined name fails."""
    with pytest.raises(pytest.fail.Exception):
        _contract(_Careless).test_undefined_name_is_an_error_at_its_place()


def test_error_without_place_fails() -> None:
    """An engine whose errors have no place fails."""
    with pytest.raises(AssertionError, match="no place"):
        _contract(_Placeless).test_undefined_name_is_an_error_at_its_place()


def test_lost_line_end_fails() -> None:
    """An engine that eats the trailing line end fails."""
    with pytest.raises(AssertionError):
        _contract(_Trimming).test_text_without_tags_is_kept("text\n")


def test_changed_context_fails() -> None:
    """An engine that writes into the context fails."""
    with pytest.raises(AssertionError):
        _contract(_Writing).test_context_is_never_changed()


def test_ignored_option_fails() -> None:
    """An engine that takes any option fails."""
    with pytest.raises(pytest.fail.Exception):
        _contract(_Template).test_unknown_option_is_refused()
