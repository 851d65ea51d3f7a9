"""Semantic versions with their constraints, and URLs."""

from __future__ import annotations

import pytest

from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    ("constraint", "version", "expected"),
    [
        # From the tables in the tests of the package semver.
        pytest.param("*", "1.2.3", True, id="any"),
        pytest.param("*", "1.2.3-rc1", False, id="no pre-release"),
        pytest.param("=2.x", "2.9.9", True, id="open minor"),
        pytest.param("!=4.x", "4.1", False, id="not an open minor"),
        pytest.param(">11", "11.1.0", False, id="above a major"),
        pytest.param("<=11", "11.2.3", True, id="up to a major"),
        pytest.param("<1.1", "1.1.0-alpha", False, id="pre-release of no concern"),
        pytest.param("<1.1-a", "1.1.0-0", True, id="pre-release of concern"),
        pytest.param("~1.2.3", "1.3.0", False, id="another minor"),
        pytest.param("^0.0", "0.0.9", True, id="open patch of nothing"),
        pytest.param("^0.0.3", "0.0.4", False, id="patch of nothing"),
        pytest.param("1.2 - 1.4", "1.4.9", True, id="range with an open end"),
        pytest.param("<1 || >=2,<3", "2.5.0", True, id="alternatives"),
        pytest.param(">=1.0.0-beta.2", "1.0.0-beta.11", True, id="numbers in words"),
        pytest.param("=1.0.0", "1.0.0+build", True, id="metadata"),
    ],
)
def test_checks_constraints_like_semver(
    constraint: str, version: str, *, expected: bool
) -> None:
    """A version passes where it does in Go."""
    data = {"c": constraint, "v": version}

    assert str(expected).lower() == render("{{ semverCompare .c .v }}", data)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ semver "v1.2" }}', "1.2.0"),
        ('{{ (semver "v1.2.3-rc.1+b").IncPatch.Original }}', "v1.2.3"),
        ('{{ (semver "1.2.3").IncMajor }}', "2.0.0"),
        ('{{ (semver "1.2.3").SetPrerelease "rc1" }}', "1.2.3-rc1"),
        ('{{ (semver "1.2.3").Minor | typeOf }}', "uint64"),
        ('{{ (semver "1.0.0-rc.2").LessThan (semver "1.0.0-rc.10") }}', "true"),
    ],
)
def test_versions_have_gos_methods(source: str, expected: str) -> None:
    """What Go's versions can do, these can."""
    assert render(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{{ semver "1.2.3.4" }}', "invalid semantic version"),
        ('{{ semver "1.2.3-01" }}', "version segment starts with 0"),
        ('{{ semverCompare ">" "1" }}', "improper constraint: >"),
    ],
)
def test_says_what_is_wrong_with_a_version(source: str, message: str) -> None:
    """The error's text is that of the package semver."""
    assert complaint(source) == message


@pytest.mark.parametrize(
    ("url", "part", "expected"),
    [
        ("http://u:p%40@h:80/a%20b?q=1#f", "userinfo", "u:p%40"),
        ("http://u:p%40@h:80/a%20b?q=1#f", "path", "/a b"),
        ("http://[fe80::1%25en0]:80/", "host", "[fe80::1%en0]:80"),
        ("http://[::1]:80/", "hostname", "::1"),
        ("HTTP:x", "opaque", "x"),
        ("HTTP:x", "scheme", "http"),
        ("//h/p", "host", "h"),
        ("a/b:c", "path", "a/b:c"),
    ],
)
def test_parses_urls_like_go(url: str, part: str, expected: str) -> None:
    """The parts are those of ``net/url``."""
    data = {"u": url, "p": part}

    assert expected == render("{{ get (urlParse .u) .p }}", data)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("://x", "missing protocol scheme"),
        ("1a:b", "first path segment in URL cannot contain colon"),
        ("http://h/%zz", 'invalid URL escape "%zz"'),
        ("http://a b/", 'invalid character " " in host name'),
        ("http://h:x/", 'invalid port ":x" after host'),
        ("http://[::1/", "missing ']' in host"),
        ("http://a/\n", "net/url: invalid control character in URL"),
    ],
)
def test_says_what_is_wrong_with_a_url_as_go_does(url: str, message: str) -> None:
    """The error's text is that of ``net/url``."""
    said = complaint("{{ urlParse .u }}", {"u": url})

    assert said.endswith(f": {message}")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{{ urlJoin (dict "path" "a:b") }}', "./a:b"),
        ('{{ urlJoin (dict "host" "h" "path" "p q") }}', "//h/p%20q"),
        ('{{ urlJoin (dict "scheme" "m" "opaque" "a@b") }}', "m:a@b"),
        (
            '{{ urlJoin (dict "scheme" "s" "host" "h" "userinfo" "a:b@") }}',
            "s://a:b%40@h",
        ),
    ],
)
def test_joins_urls_like_go(source: str, expected: str) -> None:
    """The text is what ``String`` of ``net/url`` gives."""
    assert render(source) == expected
