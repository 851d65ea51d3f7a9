"""Filters that change text; each counts what it makes."""

from __future__ import annotations

import posixpath
import textwrap
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from jinja2.filters import (
    do_default,
    do_forceescape,
    do_title,
    do_urlencode,
    do_wordcount,
    do_xmlattr,
)
from jinja2.nodes import EvalContext
from jinja2.utils import pass_eval_context
from markupsafe import Markup, escape

from provisionhub.errors import TemplateRuntimeError
from provisionhub_jinja.attributes import join_text, pad_text, replace_text
from provisionhub_jinja.kinds import Value, check_data, describe, to_text
from provisionhub_jinja.limits import check_slow_text, spend_text
from provisionhub_jinja.operators import printf

_GROWTH_BY_HTML: Final = len("&#34;")
_GROWTH_BY_URL: Final = len("%F0%9F%8C%8D")
_Text = TypeVar("_Text", bound=str)


def _spent(text: _Text) -> _Text:
    spend_text(len(text))
    return text


def _room_for(text: _Text, growth: int) -> _Text:
    """Return *text* once there is room for it to grow."""
    spend_text(len(text) * growth)
    return text


def to_upper(value: object) -> str:
    """Return *value* in capitals."""
    return _spent(to_text(value).upper())


def to_lower(value: object) -> str:
    """Return *value* in small letters."""
    return _spent(to_text(value).lower())


def capitalize(value: object) -> str:
    """Return *value* with a capital first and small letters after it."""
    return _spent(to_text(value).capitalize())


def to_title(value: object) -> str:
    """Return *value* with a capital at the start of each word."""
    return _spent(do_title(to_text(value)))


def trim(value: object, chars: str | None = None) -> str:
    """Return *value* without blanks, or *chars*, at its ends."""
    return _spent(to_text(value).strip(chars))


@pass_eval_context
def replace(
    eval_ctx: EvalContext,
    value: object,
    old: object,
    new: object,
    count: int | None = None,
) -> str:
    """Return *value* with *old* replaced by *new*, at most *count* times."""
    text, before, after = to_text(value), to_text(old), to_text(new)
    if not eval_ctx.autoescape:
        text = str(text)
    elif isinstance(before, Markup) or isinstance(after, Markup):
        text = escape_html(text)
    return replace_text(text, before, after, -1 if count is None else count)


def indent(
    value: object,
    width: int | str = 4,
    first: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    blank: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
) -> str:
    """Return *value* with its lines indented; line ends stay as they are.

    Args:
        value: The text.
        width: How many blanks, or the text, to put before each line.
        first: Whether the first line is indented too.
        blank: Whether empty lines are indented too.
    """
    text = to_text(value)
    lines = text.split("\n")
    if isinstance(width, int):
        spend_text(max(width, 0))
        width = " " * width
    margin = type(text)(to_text(width))
    spend_text(len(text) + len(margin) * len(lines))
    indented = [
        margin + line if blank or line.strip("\r") else line for line in lines[1:]
    ]
    return type(text)("\n").join([margin + lines[0] if first else lines[0], *indented])


def nindent(value: object, width: int | str = 4) -> str:
    """Return *value* on a new line, all its lines indented, as for YAML blocks."""
    text = indent(value, width, first=True)
    return type(text)("\n") + text


def center(value: object, width: int = 80) -> str:
    """Return *value* in the middle of *width* characters."""
    return pad_text("center", to_text(value), width)


def truncate(
    value: object,
    length: int = 255,
    killwords: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    end: str = "...",
    leeway: int = 5,
) -> str:
    """Return *value* cut to *length*, at a word's end unless *killwords*.

    Raises:
        TemplateRuntimeError: If *end* alone is longer than *length*.
    """
    text = to_text(value)
    if length < len(end) or leeway < 0:
        raise TemplateRuntimeError(
            f"can't truncate to {length} characters with {len(end)} at the end"
        )
    if len(text) <= length + leeway:
        return text
    kept = text[: length - len(end)]
    return _spent((kept if killwords else kept.rsplit(" ", 1)[0]) + end)


def wordwrap(
    value: object,
    width: int = 79,
    break_long_words: bool = True,  # noqa: FBT001, FBT002 - Jinja2's signature
    wrapstring: str = "\n",
    break_on_hyphens: bool = True,  # noqa: FBT001, FBT002 - Jinja2's signature
) -> str:
    """Return *value* with its lines broken at *width* characters.

    Raises:
        LimitExceededError: If the text is too long.
    """
    text = to_text(value)
    check_slow_text(text)
    wrapper = textwrap.TextWrapper(
        width=width,
        expand_tabs=False,
        replace_whitespace=False,
        break_long_words=break_long_words,
        break_on_hyphens=break_on_hyphens,
    )
    lines = (wrapper.wrap(line) or [""] for line in text.splitlines())
    return join_text(wrapstring, [line for group in lines for line in group])


def word_count(value: object) -> int:
    """Return how many words *value* has."""
    return do_wordcount(_spent(to_text(value)))


def to_string(value: object) -> str:
    """Return *value* as it is printed."""
    return to_text(value)


def strip_tags(value: object) -> str:
    """Return *value* without HTML tags and comments.

    Raises:
        LimitExceededError: If the text is too long.
    """
    text = to_text(value)
    check_slow_text(text)
    return Markup(text).striptags()  # noqa: S704 - its tags are taken away


def fill_format(value: object, *values: object, **named: object) -> str:
    """Return *value* with its ``%`` fields filled."""
    return printf(to_text(value), named or values)


def mark_safe(value: object) -> Markup:
    """Return *value* as text that is not escaped again."""
    return Markup(to_text(value))  # noqa: S704 - what the filter is for


def escape_html(value: object) -> Markup:
    """Return *value* escaped for HTML, unless it is marked safe."""
    return escape(_room_for(to_text(value), _GROWTH_BY_HTML))


def force_escape(value: object) -> Markup:
    """Return *value* escaped for HTML, even if it is marked safe."""
    return do_forceescape(_room_for(to_text(value), _GROWTH_BY_HTML))


def urlencode(value: object) -> str:
    """Return *value* quoted for a URL; a mapping becomes a query."""
    check_data(value)
    _room_for(str(value), _GROWTH_BY_URL)
    return do_urlencode(value)  # type: ignore[arg-type]  # data of any kind


@pass_eval_context
def xmlattr(
    eval_ctx: EvalContext,
    value: Value,
    autospace: bool = True,  # noqa: FBT001, FBT002 - Jinja2's signature
) -> str:
    """Return a mapping as attributes of an XML tag."""
    check_data(value)
    if not isinstance(value, dict):
        raise TemplateRuntimeError(f"{describe(value)} is not a mapping")
    _room_for(str(value), _GROWTH_BY_HTML)
    return do_xmlattr(eval_ctx, value, autospace)


def comment(value: object, mark: str = "#") -> str:
    """Return *value* with *mark* and a blank before each line."""
    text = to_text(value)
    lines = text.split("\n")
    spend_text(len(text) + (len(mark) + 1) * len(lines))
    return "\n".join(f"{mark} {line}" if line.strip() else mark for line in lines)


def basename(value: object) -> str:
    """Return the last part of a path with ``/``."""
    return posixpath.basename(to_text(value))


def dirname(value: object) -> str:
    """Return a path with ``/`` without its last part."""
    return posixpath.dirname(to_text(value))


def shell_quote(value: object) -> str:
    """Return *value* in single quotes, as one word for a POSIX shell.

    Raises:
        TemplateRuntimeError: If it holds NUL, which no shell word can.
    """
    text = str(to_text(value))
    if "\0" in text:
        raise TemplateRuntimeError("a shell word can't hold the character NUL")
    return "'" + replace_text(text, "'", "'\"'\"'") + "'"


TEXT_FILTERS: Final[Mapping[str, Callable[..., Value]]] = {
    "basename": basename,
    "capitalize": capitalize,
    "center": center,
    "comment": comment,
    "d": do_default,
    "default": do_default,
    "dirname": dirname,
    "e": escape_html,
    "escape": escape_html,
    "forceescape": force_escape,
    "format": fill_format,
    "indent": indent,
    "lower": to_lower,
    "nindent": nindent,
    "replace": replace,
    "safe": mark_safe,
    "squote": shell_quote,
    "string": to_string,
    "striptags": strip_tags,
    "title": to_title,
    "trim": trim,
    "truncate": truncate,
    "upper": to_upper,
    "urlencode": urlencode,
    "wordcount": word_count,
    "wordwrap": wordwrap,
    "xmlattr": xmlattr,
}
"""The filters of this module, by name."""
