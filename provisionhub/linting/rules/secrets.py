"""Secrets that reach what must not hold them: ``exposed-secret``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from provisionhub.blueprint.files import TEMPLATE
from provisionhub.linting.context import VALUES, shown, value_pointer
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import Kind, Surveyed
from provisionhub.outline import NamePath, Read, Use

_HIDING: Final = frozenset(
    {
        *("adler32sum", "bcrypt", "derivePassword", "htpasswd", "sha1sum"),
        *("sha256sum", "sha512sum", "sha256", "sha1", "md5"),
        *("len", "length", "count", "empty", "kindOf", "kindIs", "typeOf", "hasKey"),
        *("keys", "defined", "undefined"),
    }
)
"""Functions and filters from whose result nobody reads what they were given."""

_WHERE: Final = {
    Kind.NAME: "the name of",
    Kind.WHEN: "the condition of",
    Kind.COMMIT_MESSAGE: "the commit message",
}


def exposed_secrets(linted: Linted) -> Iterator[Finding]:
    """Find secrets that are written where the manifest does not let them be."""
    secrets = [(VALUES, *each.path) for each in linted.properties if each.is_secret]
    if not secrets:
        return
    allowed = {file.path: file.treatment.secrets for file in linted.survey.files}
    for template in linted.survey.templates():
        may_hold = allowed[template.file] if template.kind is Kind.CONTENT else ()
        is_given = _is_given(linted, template)
        for read in template.outline.reads:
            if read.use is Use.PASSED and is_given(read):
                continue
            secret = _exposed(linted, read, secrets, frozenset(may_hold))
            if secret is not None:
                yield _finding(linted, template, read, secret)


def _is_given(linted: Linted, template: Surveyed) -> Callable[[Read], bool]:
    """Return what tells whether a value is given to an inclusion, not written.

    What is included is followed; where it is not, because its name is computed or
    wrong, nobody knows what it writes.
    """
    inclusions = template.outline.inclusions
    places = {each.at for each in inclusions}
    is_any_unknown = any(each.name not in linted.survey.shared for each in inclusions)
    return lambda read: (
        read.at in places or (not read.through and (is_any_unknown or not read.path))
    )


def _exposed(
    linted: Linted, read: Read, secrets: list[NamePath], may_hold: frozenset[str]
) -> NamePath | None:
    """Return the first secret that *read* writes, wholly or with what holds it."""
    if read.use not in {Use.PRINTED, Use.PASSED} or _HIDING & {*read.through}:
        return None
    for path, _ in linted.context.meanings(read).found:
        for secret in secrets:
            if _touch(path, secret) and not _is_allowed(secret, may_hold):
                return secret
    return None


def _touch(path: NamePath, secret: NamePath) -> bool:
    """Tell whether one of the two leads through the other."""
    pairs = zip(path, secret, strict=False)
    return all(one == other or None in {one, other} for one, other in pairs)


def _is_allowed(secret: NamePath, may_hold: frozenset[str]) -> bool:
    pointer = value_pointer(secret)
    return any(
        pointer == each or f"{pointer}/".startswith(f"{each}/") for each in may_hold
    )


def _finding(
    linted: Linted, template: Surveyed, read: Read, secret: NamePath
) -> Finding:
    name = shown(secret)
    as_part = "" if read.path == secret else f" as part of `{shown(read.path)}`"
    return Finding(
        Code.EXPOSED_SECRET,
        f"the secret `{name}` reaches {_where(linted, template)}{as_part}",
        at=read.at,
        hint=_hint(template, secret),
        pointer=value_pointer(secret),
    )


def _where(linted: Linted, template: Surveyed) -> str:
    if template.kind is Kind.CONTENT:
        return f"`{TEMPLATE}{template.file}`, which does not name it under `secrets`"
    where = _WHERE[template.kind]
    if template.kind is Kind.NAME:
        return f"{where} `{TEMPLATE}{template.file}`"
    if template.kind is Kind.WHEN:
        return f"{where} `{linted.blueprint.manifest.rules[template.rule].path}`"
    return where


def _hint(template: Surveyed, secret: NamePath) -> str:
    if template.kind is not Kind.CONTENT:
        return "only the content of a file may hold a secret"
    named = str(value_pointer(secret)).removeprefix("/").split("/*")[0]
    return (
        f"name `{named}` under `secrets` of a `files` entry for that file, or keep it "
        "out of the template"
    )
