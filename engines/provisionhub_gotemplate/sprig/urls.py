"""Sprig's functions of URLs, with ``net/url``'s parser and its complaints."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.sprig import panics
from provisionhub_gotemplate.sprig.urlescapes import Place, escape, unescape
from provisionhub_gotemplate.values import kind

_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_SCHEME: Final = re.compile("([a-zA-Z][a-zA-Z0-9+.-]*):")
_PORT: Final = re.compile("(?::[0-9]*)?")
_USERINFO: Final = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_LONGEST_ADDRESS: Final = 64


@dataclass(slots=True)
class Url:
    """A URL in parts; all but the query and the opaque part without escapes."""

    scheme: str = ""
    opaque: str = ""
    user: str | None = None
    host: str = ""
    path: str = ""
    query: str = ""
    fragment: str = ""

    @property
    def hostname(self) -> str:
        """The host without its port and brackets."""
        name, colon, port = self.host.rpartition(":")
        host = name if colon and _PORT.fullmatch(":" + port) else self.host
        is_bracketed = host.startswith("[") and host.endswith("]")
        return host[1:-1] if is_bracketed else host

    def __str__(self) -> str:
        before = f"{self.scheme}:" if self.scheme else ""
        if self.opaque:
            before += self.opaque
        else:
            before += self._hierarchy(is_first=not before)
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{escape(self.fragment, Place.FRAGMENT)}" if self.fragment else ""
        return before + query + fragment

    def _hierarchy(self, *, is_first: bool) -> str:
        """Return host and path."""
        text = ""
        if self.host or self.user is not None or (self.scheme and self.path):
            user = "" if self.user is None else f"{self.user}@"
            text = f"//{user}{escape(self.host, Place.HOST)}"
        path = self.path if self.path == "*" else escape(self.path, Place.PATH)
        if path and path[0] != "/" and self.host:
            text += "/"
        if is_first and not text and ":" in path.partition("/")[0]:
            # Else what is before the colon would read as a scheme.
            text = "./"
        return text + path


def parse_url(text: str) -> Url:
    """Return the parts of the URL *text*.

    Raises:
        FunctionError: If it is none.
    """
    before, _, fragment = text.partition("#")
    try:
        url = _parse(before)
    except FunctionError as error:
        raise FunctionError(f"parse {quote(before)}: {error}") from None
    try:
        url.fragment = unescape(fragment, Place.FRAGMENT)
    except FunctionError as error:
        raise FunctionError(f"parse {quote(text)}: {error}") from None
    return url


def _parse(text: str) -> Url:
    if _CONTROL.search(text):
        raise FunctionError("net/url: invalid control character in URL")
    url = Url()
    if text == "*":
        url.path = "*"
        return url
    match = _SCHEME.match(text)
    if text.startswith(":"):
        raise FunctionError("missing protocol scheme")
    rest = text[match.end() :] if match else text
    url.scheme = match[1].lower() if match else ""
    rest, _, url.query = rest.partition("?")
    if not rest.startswith("/"):
        if url.scheme:
            url.opaque = rest
            return url
        if ":" in rest.partition("/")[0]:
            raise FunctionError("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (url.scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        url.user, url.host = _parse_authority(authority)
    url.path = unescape(rest, Place.PATH)
    return url


def _parse_authority(authority: str) -> tuple[str | None, str]:
    """Return the user, if any, and the host."""
    userinfo, at, host = authority.rpartition("@")
    host = _parse_host(host)
    if not at:
        return None, host
    if not _USERINFO.fullmatch(userinfo):
        raise FunctionError("net/url: invalid userinfo")
    name, colon, password = userinfo.partition(":")
    parts = [name, password] if colon else [name]
    return ":".join(
        escape(unescape(part, Place.USER), Place.USER) for part in parts
    ), host


def _parse_host(host: str) -> str:
    start = host.rfind("[")
    if start >= 0:
        return _parse_literal(host, start)
    colon = host.find(":")
    if colon >= 0:
        _check_port(host[colon:])
    return unescape(host, Place.HOST)


def _parse_literal(host: str, start: int) -> str:
    """Return a host that is an address of IPv6 in brackets."""
    end = host.rfind("]")
    if start > 0:
        raise FunctionError("invalid IP-literal")
    if end < 0:
        raise FunctionError("missing ']' in host")
    port = host[end + 1 :]
    _check_port(port)
    address, zoned, zone = host[start + 1 : end].partition("%25")
    name = unescape(address, Place.HOST)
    if zoned:
        name += unescape(zoned + zone, Place.HOST, is_zone=True)
    try:
        ipaddress.IPv6Address(name[:_LONGEST_ADDRESS])
    except ValueError:
        raise FunctionError(
            f"invalid host: ParseAddr({quote(name)}): unable to parse IP"
        ) from None
    return f"[{name}]{port}"


def _check_port(port: str) -> None:
    if not _PORT.fullmatch(port):
        raise FunctionError(f"invalid port {quote(port)} after host")


def url_parse(text: str) -> dict[str, object]:
    """Return the parts of a URL as a dictionary."""
    try:
        url = parse_url(text)
    except FunctionError as error:
        raise FunctionError(f"unable to parse url: {error}") from None
    return {
        "scheme": url.scheme,
        "host": url.host,
        "hostname": url.hostname,
        "path": url.path,
        "query": url.query,
        "opaque": url.opaque,
        "fragment": url.fragment,
        "userinfo": url.user or "",
    }


def url_join(parts: dict[str, object]) -> str:
    """Return the URL made of *parts*, as ``urlParse`` returns them."""
    url = Url(
        scheme=_text_of(parts, "scheme"),
        host=_text_of(parts, "host"),
        path=_text_of(parts, "path"),
        query=_text_of(parts, "query"),
        opaque=_text_of(parts, "opaque"),
        fragment=_text_of(parts, "fragment"),
    )
    userinfo = _text_of(parts, "userinfo")
    if userinfo:
        try:
            url.user = parse_url(f"proto://{userinfo}@host").user
        except FunctionError as error:
            raise FunctionError(f"unable to parse userinfo in dict: {error}") from None
    return str(url)


def _text_of(parts: dict[str, object], key: str) -> str:
    value = parts.get(key, "")
    if value is None:
        raise panics.nil_dereference()
    if not isinstance(value, str):
        raise FunctionError(
            f"unable to parse {key} key, must be of type string, "
            f"but {kind(value)} found"
        )
    return value


URLS: Final[Mapping[str, Function]] = {
    "urlParse": function(url_parse, "func(string) map[string]any"),
    "urlJoin": function(url_join, "func(map[string]any) string"),
}
"""The functions, by their names in templates."""
