"""The guises of secrets, and how they are found and hidden."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.jsontypes import JsonScalar, JsonValue
from provisionhub.values import Redactor, Secret, find_secret

PASSWORD = "p/w+<é>&\"'x\\ y\u2028z\n"
KEY = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDR\n"
    "7Yw/abc+defGHIjklMNOpqrSTUvwxYZ0123456789abcdefghijk\n"
    "-----END PRIVATE KEY-----\n"
)


def go_json(text: str) -> str:
    """Return *text* as Go's encoding/json escapes it."""
    escaped = json.dumps(text, ensure_ascii=False)
    for character in "<>&\u2028":
        escaped = escaped.replace(character, f"\\u{ord(character):04x}")
    return escaped


@pytest.mark.parametrize("text", [PASSWORD, "simple-password", KEY, "ünïcødé"])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda text: f"key: {text}!", id="raw"),
        pytest.param(lambda text: f"[{text.strip()}]", id="stripped"),
        pytest.param(
            lambda text: base64.b64encode(text.encode()).decode(), id="base64"
        ),
        pytest.param(
            lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
            id="base64 for URLs, without padding",
        ),
        *(
            pytest.param(
                lambda text, before=before: base64.b64encode(
                    b"u" * before + text.encode() + b"@host"
                ).decode(),
                id=f"base64 behind {before} others",
            )
            for before in range(7)
        ),
        pytest.param(urllib.parse.quote, id="URL path"),
        pytest.param(lambda text: urllib.parse.quote(text, safe=""), id="URL part"),
        pytest.param(urllib.parse.quote_plus, id="URL query"),
        pytest.param(
            lambda text: (
                urllib.parse.quote_plus(text).replace("%2B", "%2b").lower()
                if text.islower()
                else urllib.parse.quote_plus(text)
            ),
            id="URL in lower case",
        ),
        pytest.param(json.dumps, id="JSON"),
        pytest.param(
            lambda text: json.dumps(text, ensure_ascii=False), id="UTF-8 JSON"
        ),
        pytest.param(lambda text: json.dumps(text).replace("/", "\\/"), id="PHP JSON"),
        pytest.param(go_json, id="Go JSON"),
        pytest.param(html.escape, id="HTML"),
        pytest.param(lambda text: html.escape(text, quote=False), id="HTML text"),
        pytest.param(
            lambda text: (
                html.escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
            ),
            id="Go HTML",
        ),
        pytest.param(lambda text: "'" + text.replace("'", "''") + "'", id="YAML"),
    ],
)
def test_is_found_and_hidden(text: str, write: Callable[[str], str]) -> None:
    """In every guise a secret is found, and nothing recognisable is left of it."""
    secret = Secret("/password", text)
    written = f"before {write(text)} behind"

    assert find_secret(written.encode(), [secret]) is secret
    redacted = Redactor([secret]).redact(written)
    assert "***" in redacted
    assert find_secret(redacted.encode(), [secret]) is None


def test_indented_key_is_found() -> None:
    """A key of several lines is found by any of them, however it is indented."""
    secret = Secret("/key", KEY)
    indented = KEY.replace("\n", "\n      ").encode()

    assert find_secret(indented, [secret]) is secret
    assert find_secret(KEY.replace("\n", "\r\n").encode(), [secret]) is secret
    assert find_secret(b"x" + KEY.splitlines()[2].encode(), [secret]) is secret
    assert find_secret(b"x" + KEY.splitlines()[2][:-1].encode(), [secret]) is None


@pytest.mark.parametrize(
    ("value", "text", "is_found"),
    [
        pytest.param("", "anything", False, id="empty"),
        pytest.param(True, "true", False, id="true"),
        pytest.param(None, "null", False, id="null"),
        pytest.param(123, "123", False, id="short number"),
        pytest.param(-12.5, "-12.5", False, id="short float"),
        pytest.param(1234, "a1234b", True, id="number"),
        pytest.param(1234, base64.b64encode(b"1234").decode(), True, id="its base64"),
        pytest.param("ab", "cab", True, id="short text"),
        pytest.param("ab", base64.b64encode(b"ab").decode(), False, id="short base64"),
        pytest.param("\n", "a\nb", True, id="line end"),
        pytest.param("secret", "SECRET", False, id="other case"),
    ],
)
def test_what_says_little(value: JsonScalar, text: str, is_found: bool) -> None:
    """What says nothing has no forms, and short base64 is no evidence."""
    secret = Secret("/a", value)

    assert is_found == (find_secret(text.encode(), [secret]) is secret)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=8),
    st.binary(max_size=8),
    st.binary(max_size=8),
)
def test_base64_of_surroundings_is_found(
    text: str, before: bytes, behind: bytes
) -> None:
    """Whatever stands around a secret, the base64 of all of it gives it away."""
    secret = Secret("/a", text)

    data = base64.b64encode(before + text.encode() + behind)

    assert find_secret(data, [secret]) is secret


@given(st.text(), st.text())
def test_redacted_text_holds_no_secret(value: str, around: str) -> None:
    """Redaction leaves no raw occurrence, and no other text changes."""
    redactor = Redactor([Secret("/a", value)])

    if not value:
        assert around == redactor.redact(around)
    elif not set(value.strip()) & set("*"):
        assert value not in redactor.redact(around + value + around).replace("***", "")


def test_first_of_several_is_named() -> None:
    """Of several secrets the one that stands there is named."""
    one, two = Secret("/one", "alpha-beta"), Secret("/two", "gamma-delta")

    assert find_secret(b"x gamma-delta", [one, two]) is two
    assert find_secret(b"x", [one, two]) is None
    assert find_secret(b"x", []) is None


def test_longer_secrets_go_first() -> None:
    """A secret that begins with another one is hidden whole."""
    redactor = Redactor([Secret("/a", "pass"), Secret("/b", "password")])

    assert redactor.redact("pass password") == "*** ***"


def test_nothing_to_hide() -> None:
    """Without secrets texts stay as they are."""
    assert Redactor([]).redact("text") == "text"


def test_json_is_redacted_everywhere() -> None:
    """Texts, names and numbers are hidden; other values stay what they are."""
    redactor = Redactor([Secret("/a", "hunter2"), Secret("/n", 123456)])

    redacted = redactor.redact_json(
        {"x-hunter2": ["hunter2!", 123456, 123456.5, 5, True, None], "b": {}}
    )

    assert redacted == {"x-***": ["***!", "***", "***", 5, True, None], "b": {}}


def test_deep_json_is_redacted() -> None:
    """Depth is no way to get a secret through, or to break the redactor."""
    value: JsonValue = "hunter2"
    for _ in range(5000):
        value = [value]

    redacted = Redactor([Secret("/a", "hunter2")]).redact_json(value)

    assert "hunter2" not in str(redacted)


def test_secret_is_not_shown() -> None:
    """The repr names the place, never the value."""
    assert repr(Secret("/a", "hunter2")) == "Secret(pointer='/a')"


def test_forms_are_texts() -> None:
    """The forms of a plain word are the word and its base64."""
    assert Secret("/a", "password").forms() == {
        "password",
        "cGFzc3dvcmQ=",
        "cGFzc3dvcmQ",
        "cGFzc3dvcm",
        "Bhc3N3b3Jk",
        "wYXNzd29yZ",
    }
