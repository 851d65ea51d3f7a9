"""What would make two renderings of one template differ is refused, and says so."""

from __future__ import annotations

import pytest

from provisionhub_gotemplate import SPRIG, TemplateSet
from provisionhub_gotemplate.errors import ExecError
from support.go_rendering import complaint, render


@pytest.mark.parametrize(
    "call",
    [
        "now",
        "ago 5",
        "uuidv4",
        "randAlpha 5",
        "randAlphaNum 5",
        "randAscii 5",
        "randNumeric 5",
        "randBytes 5",
        "randInt 1 5",
        'shuffle "abc"',
        'bcrypt "x"',
        'htpasswd "me" "x" "bcrypt"',
        'encryptAES "k" "x"',
        'genPrivateKey "rsa"',
        'genCA "c" 5',
        'genCAWithKey "c" 5 "k"',
        'genSelfSignedCert "c" nil nil 5',
        'genSelfSignedCertWithKey "c" nil nil 5 "k"',
        'buildCustomCert "c" "k"',
        'getHostByName "localhost"',
    ],
)
def test_refuses_what_is_another_each_time(call: str) -> None:
    """The error tells that a tree must be reproducible."""
    said = complaint(f"{{{{ {call} }}}}")

    assert said.startswith("not available, since a rendered tree must be reproducible")


@pytest.mark.parametrize("name", ["env", "expandenv"])
def test_never_reads_the_environment(name: str) -> None:
    """Sprig's functions of the environment fail, whatever they are asked for."""
    templates = TemplateSet(functions=SPRIG)
    templates.parse("t", f'{{{{ {name} "PATH" }}}}')

    with pytest.raises(ExecError, match="off limits"):
        templates.execute("t", {})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('{{ genPrivateKey "x" }}', "Unknown type x", id="key"),
        pytest.param('{{ encryptAES "k" "" }}', "", id="nothing to encrypt"),
        pytest.param(
            '{{ htpasswd "a:b" "x" "bcrypt" }}', "invalid username: a:b", id="user"
        ),
    ],
)
def test_answers_what_is_the_same_each_time(source: str, expected: str) -> None:
    """Calls that Sprig answers without chance are answered."""
    assert render(source) == expected


def test_has_every_function_of_sprig() -> None:
    """All 211 names are known, refused or not: a template parses as in Go."""
    assert len(SPRIG) == 211
