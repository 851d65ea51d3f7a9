"""The functions of Sprig that a reproducible tree has no use for.

Equal templates and values shall give equal text, whenever and wherever they are
rendered. Clocks, random numbers, new keys, the environment and the network are what
would break that; they end the template and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function

_CLOCK: Final = "what the clock says is another each time"
_RANDOM: Final = "what is random is another each time"
_KEYS: Final = "a new key is another each time, and secrets belong in no template"
_MACHINE: Final = "the machine's environment is off limits"
_NETWORK: Final = "the network is off limits"

_KEY_TYPES: Final = frozenset({"", "rsa", "dsa", "ecdsa", "ed25519"})
_CERTIFICATE: Final = "(sprig.certificate, error)"


def refusal(reason: str) -> FunctionError:
    """Return the error of a function that is refused for *reason*."""
    return FunctionError(
        f"not available, since a rendered tree must be reproducible: {reason}"
    )


def _refused(
    reason: str, signature: str, check: Callable[..., object] | None = None
) -> Function:
    """Return a function that is refused, unless *check* answers what is given."""

    def refuse(*arguments: object) -> object:
        del arguments
        raise refusal(reason)

    return function(check or refuse, signature, about=f"Refused: {reason}.")


def _private_key(kind: str) -> str:
    """Refuse to make a key; say, as Sprig does, if there is no such *kind*."""
    if kind in _KEY_TYPES:
        raise refusal(_KEYS)
    return f"Unknown type {kind}"


def _encrypt(password: str, text: str) -> str:
    """Refuse to encrypt, but nothing at all, which stays nothing."""
    del password
    if text:
        raise refusal(_RANDOM)
    return ""


def _htpasswd(user: str, password: str, algorithm: str) -> str:
    """Refuse to hash; say, as Sprig does, if there can be no such *user*."""
    del password, algorithm
    if ":" not in user:
        raise refusal(_RANDOM)
    return f"invalid username: {user}"


def _random_text() -> Function:
    return _refused(_RANDOM, "func(int) string")


def _certificate(parameters: str) -> Function:
    return _refused(_KEYS, f"func({parameters}) {_CERTIFICATE}")


REFUSED: Final[Mapping[str, Function]] = {
    "now": _refused(_CLOCK, "func() time.Time"),
    "ago": _refused(_CLOCK, "func(any) string"),
    "uuidv4": _refused(_RANDOM, "func() string"),
    "randAlpha": _random_text(),
    "randAlphaNum": _random_text(),
    "randAscii": _random_text(),
    "randNumeric": _random_text(),
    "randBytes": _refused(_RANDOM, "func(int) (string, error)"),
    "randInt": _refused(_RANDOM, "func(int, int) int"),
    "shuffle": _refused(_RANDOM, "func(string) string"),
    "bcrypt": _refused(_RANDOM, "func(string) string"),
    "htpasswd": _refused(
        _RANDOM, "func(string, string, sprig.HashAlgorithm) string", _htpasswd
    ),
    "encryptAES": _refused(_RANDOM, "func(string, string) (string, error)", _encrypt),
    "genPrivateKey": _refused(_KEYS, "func(string) string", _private_key),
    "genCA": _certificate("string, int"),
    "genCAWithKey": _certificate("string, int, string"),
    "genSelfSignedCert": _certificate("string, []any, []any, int"),
    "genSelfSignedCertWithKey": _certificate("string, []any, []any, int, string"),
    "genSignedCert": _certificate("string, []any, []any, int, sprig.certificate"),
    "genSignedCertWithKey": _certificate(
        "string, []any, []any, int, sprig.certificate, string"
    ),
    "buildCustomCert": _certificate("string, string"),
    "env": _refused(_MACHINE, "func(string) string"),
    "expandenv": _refused(_MACHINE, "func(string) string"),
    "getHostByName": _refused(_NETWORK, "func(string) string"),
}
"""The functions, by their names in templates."""
