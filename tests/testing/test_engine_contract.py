"""The engine contract has teeth: an engine that breaks a clause fails its test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from provisionhub.engine import Engine
from provisionhub.errors import TemplateRuntimeError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject
from provisionhub.outline import Draft, Outline, Use
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


class _Telling(_Angles):
    """The same language, by an engine that tells what templates read."""

    def outline(
        self,
        text: str,
        *,
        name: str,
        partials: Mapping[str, str],  # noqa: ARG002 - the contract's signature
    ) -> Outline:
        source, draft = _Template(text, name).source, Draft()
        for tag in _TAG.finditer(text):
            self.tell(draft, tag, source)
        return draft.finish()

    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        at = source.locate(tag.start(1), len(tag[1]))
        draft.read(tuple(tag[1].split(".")), at, Use.PRINTED)


class _TellingFirstNames(_Telling):
    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        at = source.locate(tag.start(1), len(tag[1]))
        draft.read((tag[1].split(".")[0],), at, Use.PRINTED)


class _TellingNothing(_Telling):
    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        pass


class _TellingWrongPlaces(_Telling):
    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        draft.read(tuple(tag[1].split(".")), source.at(1), Use.PRINTED)


class _TellingWrongUses(_Telling):
    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        at = source.locate(tag.start(1), len(tag[1]))
        draft.read(tuple(tag[1].split(".")), at, Use.PASSED)


class _TellingAnew(_Telling):
    def __init__(self, options: JsonObject) -> None:
        super().__init__(options)
        self._asked = 0

    def tell(self, draft: Draft, tag: re.Match[str], source: Source) -> None:
        self._asked += 1
        draft.read((tag[1], str(self._asked)), source.at(1), Use.PRINTED)


def _contract(
    template: type[_Template], engine_class: type[_Angles] = _Angles
) -> EngineContract:
    class Faulty(engine_class):  # type: ignore[misc, valid-type]  # any of the above
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


def test_engine_that_tells_what_is_read_passes() -> None:
    """An engine whose outlines are right passes the tests of outlines."""
    contract = _contract(_Template, _Telling)

    contract.test_names_are_reported()
    contract.test_reported_name_has_its_place()
    contract.test_text_without_tags_reads_nothing()
    contract.test_broken_template_reports_nothing()


def test_engine_that_tells_nothing_is_not_asked() -> None:
    """Without ``outline``, its tests are skipped; so are those of what is not there."""
    with pytest.raises(pytest.skip.Exception, match="doesn't tell"):
        _contract(_Template).test_names_are_reported()
    with pytest.raises(pytest.skip.Exception, match="no conditions"):
        _contract(_Template, _Telling).test_guarded_name_is_reported_with_its_guard()
    with pytest.raises(pytest.skip.Exception, match="no defaults"):
        _contract(_Template, _Telling).test_defaulted_name_is_reported_as_such()


@pytest.mark.parametrize(
    "engine", [_TellingFirstNames, _TellingNothing, _TellingWrongUses, _TellingAnew]
)
def test_telling_of_other_names_fails(engine: type[_Angles]) -> None:
    """An engine that tells of names cut short, of none or of others fails."""
    with pytest.raises(AssertionError):
        _contract(_Template, engine).test_names_are_reported()


def test_telling_of_other_places_fails() -> None:
    """An engine that tells of names where they don't stand fails."""
    with pytest.raises(AssertionError):
        _contract(_Template, _TellingWrongPlaces).test_reported_name_has_its_place()


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
