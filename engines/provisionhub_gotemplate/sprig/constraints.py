"""Constraints of versions: ``^1.2``, ``>=1.0 <2.0 || 3.x``, ``1.2 - 1.4``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import re2

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.sprig.semver import (
    Version,
    compare_prereleases,
    parse_version,
)

_LONGEST: Final = 512
_SPACE: Final = r"[\t\n\f\r ]"
_OPERATOR: Final = r"=|!=|>=|=>|<=|=<|~>|>|<|~|\^|"
_IDENTIFIERS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_PARTIAL: Final = (
    r"v?[0-9|xX*]+(?:\.[0-9|xX*]+)?(?:\.[0-9|xX*]+)?"
    rf"(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
)
_ONE: Final = rf"(?:{_OPERATOR}){_SPACE}*{_PARTIAL}"
_RANGE: Final = re2.compile(
    rf"{_SPACE}*({_PARTIAL}){_SPACE}+-{_SPACE}+({_PARTIAL}){_SPACE}*"
)
_EACH: Final = re2.compile(rf"({_OPERATOR}){_SPACE}*({_PARTIAL})")
_ALL: Final = re2.compile(
    rf"{_SPACE}*{_ONE}{_SPACE}*(?:(?:{_SPACE}+|,{_SPACE}*){_ONE}{_SPACE}*)*$"
)
# RE2 finds in linear time what runs of spaces make Python's matcher suffer for.
_PARTS: Final = re2.compile(
    r"v?([0-9|xX*]+)(?:\.([0-9|xX*]+))?(?:\.([0-9|xX*]+))?(-[^+]*)?(?:\+.*)?$"
)
_WILD: Final = frozenset({"x", "X", "*", None})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One comparison.

    Attributes:
        operator: How to compare.
        version: What to compare with; what was left open is 0.
        is_open: Whether any number was left open.
        is_minor_open: Whether the minor number was the first left open.
        is_patch_open: Whether the patch number was the first left open.
    """

    operator: str
    version: Version
    is_open: bool
    is_minor_open: bool
    is_patch_open: bool

    def allows(self, version: Version) -> bool:
        """Whether *version* passes."""
        return _CHECKS[self.operator](version, self)


@lru_cache(maxsize=256)
def parse_constraints(text: str) -> tuple[tuple[Constraint, ...], ...]:
    """Return the alternatives of *text*, each of constraints that must all hold.

    Raises:
        FunctionError: If *text* is none.
    """
    if len(text) > _LONGEST:
        raise FunctionError(f"constraint string is too long (max {_LONGEST} bytes)")
    rewritten = _RANGE.sub(lambda match: f">= {match[1]}, <= {match[2]} ", text)
    return tuple(map(_parse_all, rewritten.split("||")))


def _parse_all(text: str) -> tuple[Constraint, ...]:
    if not _ALL.match(text):
        raise FunctionError(f"improper constraint: {text}")
    return tuple(_parse_one(match[1], match[2]) for match in _EACH.finditer(text))


def _parse_one(operator: str, partial: str) -> Constraint:
    parts = _PARTS.match(partial)
    if parts is None:
        raise FunctionError(f"improper constraint: {operator}{partial}")
    major, minor, patch = parts[1], parts[2], parts[3]
    prerelease = parts[4] or ""
    is_minor_open = is_patch_open = False
    full = partial
    if major in _WILD:
        full = f"0.0.0{prerelease}"
    elif minor in _WILD:
        is_minor_open = True
        full = f"{major}.0.0{prerelease}"
    elif patch in _WILD:
        is_patch_open = True
        full = f"{major}.{minor}.0{prerelease}"
    try:
        version = parse_version(full)
    except FunctionError:
        raise FunctionError("constraint parser error") from None
    is_open = not {major, minor, patch}.isdisjoint(_WILD)
    return Constraint(operator, version, is_open, is_minor_open, is_patch_open)


def allows(alternatives: tuple[tuple[Constraint, ...], ...], version: Version) -> bool:
    """Whether *version* passes all constraints of one of the *alternatives*.

    A pre-release passes only where a constraint names one.
    """
    return any(
        (not version.prerelease or any(each.version.prerelease for each in every))
        and all(each.allows(version) for each in every)
        for every in alternatives
    )


def _is_not(version: Version, constraint: Constraint) -> bool:
    other = constraint.version
    if constraint.is_open:
        if version.major != other.major:
            return True
        if constraint.is_minor_open:
            return False
        if version.minor != other.minor:
            return True
        if constraint.is_patch_open:
            return bool(version.prerelease or other.prerelease) and bool(
                compare_prereleases(version.prerelease, other.prerelease)
            )
    return version.compare(other) != 0


def _is_greater(version: Version, constraint: Constraint) -> bool:
    other = constraint.version
    if constraint.is_open and version.major != other.major:
        return version.major > other.major
    if constraint.is_minor_open:
        return False
    if constraint.is_patch_open:
        return version.minor > other.minor
    return version.compare(other) > 0


def _is_at_most(version: Version, constraint: Constraint) -> bool:
    other = constraint.version
    if not constraint.is_open:
        return version.compare(other) <= 0
    if version.major != other.major:
        return version.major < other.major
    return constraint.is_minor_open or version.minor <= other.minor


def _is_near(version: Version, constraint: Constraint) -> bool:
    """Check ``~1.2.3``: at least that, and of the same minor version."""
    other = constraint.version
    if version.compare(other) < 0:
        return False
    is_any = (other.major, other.minor, other.patch) == (0, 0, 0) and not (
        constraint.is_minor_open or constraint.is_patch_open
    )
    if is_any:
        return True
    return version.major == other.major and (
        constraint.is_minor_open or version.minor == other.minor
    )


def _is_or_near(version: Version, constraint: Constraint) -> bool:
    if constraint.is_open:
        return _is_near(version, constraint)
    return version.compare(constraint.version) == 0


def _is_compatible(version: Version, constraint: Constraint) -> bool:
    """Check ``^1.2.3``: at least that, and equal up to the first number not 0."""
    other = constraint.version
    if version.compare(other) < 0:
        return False
    if other.major > 0 or constraint.is_minor_open:
        return version.major == other.major
    if version.major > 0:
        return False
    if other.minor > 0 or constraint.is_patch_open:
        return version.minor == other.minor
    return version.minor == 0 and version.patch == other.patch


_Check = Callable[[Version, Constraint], bool]


def _is_less(version: Version, constraint: Constraint) -> bool:
    return version.compare(constraint.version) < 0


def _is_at_least(version: Version, constraint: Constraint) -> bool:
    return version.compare(constraint.version) >= 0


_CHECKS: Final[Mapping[str, _Check]] = {
    "": _is_or_near,
    "=": _is_or_near,
    "!=": _is_not,
    ">": _is_greater,
    "<": _is_less,
    ">=": _is_at_least,
    "=>": _is_at_least,
    "<=": _is_at_most,
    "=<": _is_at_most,
    "~": _is_near,
    "~>": _is_near,
    "^": _is_compatible,
}


def semver_compare(constraint: str, version: str) -> bool:
    """Whether *version* passes *constraint*."""
    alternatives = parse_constraints(constraint)
    return allows(alternatives, parse_version(version))


VERSIONS: Final[Mapping[str, Function]] = {
    "semver": function(parse_version, "func(string) (*semver.Version, error)"),
    "semverCompare": function(semver_compare, "func(string, string) (bool, error)"),
}
"""The functions, by their names in templates."""
