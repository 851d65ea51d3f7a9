"""``html``, ``js`` and ``urlquery``."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate.builtins.escaping import html, js, urlquery
from provisionhub_gotemplate.values import MISSING


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("<a href='x'>\"&\0",), "&lt;a href=&#39;x&#39;&gt;&#34;&amp;\ufffd"),
        ((MISSING,), "&lt;no value&gt;"),
        ((1, 2, None), "1 2&lt;no value&gt;"),
    ],
)
def test_html_escapes(values: tuple[object, ...], expected: str) -> None:
    """Nil is escaped as well."""
    assert expected == html(*values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'\"\\<>&=", "\\'\\\"\\\\\\u003C\\u003E\\u0026\\u003D"),
        ("é\n\u2028\x7f", "é\\u000A\\u2028\x7f"),
        ("\U00033479\udcff", "\U00033479\udcff"),
    ],
)
def test_js_escapes(text: str, expected: str) -> None:
    """What is printable stays, and so do bytes that are no UTF-8."""
    assert expected == js(text)


def test_urlquery_escapes() -> None:
    """Spaces become plus signs, and bytes are escaped one by one."""
    assert urlquery("a b&ü~-_.\udcff/") == "a+b%26%C3%BC~-_.%FF%2F"
