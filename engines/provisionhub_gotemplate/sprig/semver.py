"""Semantic versions, as Masterminds' ``semver`` package reads and compares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from provisionhub_gotemplate.errors import FunctionError
from provisionhub_gotemplate.functions import Function, function
from provisionhub_gotemplate.quoting import quote
from provisionhub_gotemplate.values import Opaque, Uint64

_LONGEST: Final = 256
_MOST: Final = 2**64 - 1
_IDENTIFIERS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION: Final = re.compile(
    r"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
    rf"(?:-({_IDENTIFIERS}))?(?:\+({_IDENTIFIERS}))?\Z"
)


@dataclass(frozen=True)
class Version(Opaque):
    """A version.

    Attributes:
        major: Its first number.
        minor: Its second number.
        patch: Its third number.
        prerelease: What follows ``-``; a version without is later.
        metadata: What follows ``+``; it does not count.
        original: The text that it was read from.
    """

    go_type: ClassVar[str] = "*semver.Version"
    go_kind: ClassVar[str] = "ptr"

    major: int = 0
    minor: int = 0
    patch: int = 0
    prerelease: str = ""
    metadata: str = ""
    original: str = ""

    def go_string(self) -> str:
        """Return the version in full, without a leading ``v``."""
        text = f"{self.major}.{self.minor}.{self.patch}"
        if self.prerelease:
            text += f"-{self.prerelease}"
        return f"{text}+{self.metadata}" if self.metadata else text

    def compare(self, other: Version) -> int:
        """Return -1, 0 or 1 by which of the two is earlier."""
        numbers = (self.major, self.minor, self.patch)
        others = (other.major, other.minor, other.patch)
        if numbers != others:
            return 1 if numbers > others else -1
        if not (self.prerelease and other.prerelease):
            return bool(other.prerelease) - bool(self.prerelease)
        return compare_prereleases(self.prerelease, other.prerelease)

    @property
    def go_methods(self) -> Mapping[str, object]:
        """The methods that templates may call."""
        return {name: _bound(self, method) for name, method in _METHODS.items()}


class VersionValue(Version):
    """A version that is no pointer: what its own methods return."""

    go_type: ClassVar[str] = "semver.Version"
    go_kind: ClassVar[str] = "struct"


def _bound(version: Version, method: Function) -> Function:
    return replace(method, call=lambda *arguments: method.call(version, *arguments))


def parse_version(text: str) -> Version:
    """Return the version that *text* tells; missing numbers are 0.

    Raises:
        FunctionError: If it tells none.
    """
    if len(text) > _LONGEST:
        raise FunctionError(f"version string is too long (max {_LONGEST} bytes)")
    match = _VERSION.match(text)
    if match is None:
        raise FunctionError("invalid semantic version")
    major, minor, patch = (_segment(match[index] or "0") for index in (1, 2, 3))
    prerelease = match[4] or ""
    _check_prerelease(prerelease)
    return Version(major, minor, patch, prerelease, match[5] or "", text)


def _segment(digits: str) -> int:
    number = int(digits)
    if number > _MOST:
        raise FunctionError(
            "error parsing version segment: strconv.ParseUint: parsing "
            f"{quote(digits)}: value out of range"
        )
    return number


def _check_prerelease(prerelease: str) -> None:
    for part in prerelease.split("."):
        if part.isdigit() and len(part) > 1 and part[0] == "0":
            raise FunctionError("version segment starts with 0")


def compare_prereleases(left: str, right: str) -> int:
    """Return -1, 0 or 1 by which of two pre-releases is earlier."""
    lefts, rights = left.split("."), right.split(".")
    for one, other in zip(lefts, rights, strict=False):
        if one != other:
            return _compare_parts(one, other)
    return (len(lefts) > len(rights)) - (len(lefts) < len(rights))


def _compare_parts(left: str, right: str) -> int:
    """Compare two parts that differ; numbers are earlier than words."""
    if not left or not right:
        return 1 if left else -1
    left_number, right_number = _number(left), _number(right)
    if left_number is None and right_number is None:
        return 1 if left > right else -1
    if right_number is None:
        return -1
    if left_number is None:
        return 1
    return 1 if left_number > right_number else -1


def _number(part: str) -> int | None:
    if not (part.isascii() and part.isdigit()):
        return None
    number = int(part)
    return number if number <= _MOST else None


def _next(version: Version, *, major: int, minor: int, patch: int) -> VersionValue:
    prefix = "v" if version.original.startswith("v") else ""
    original = f"{prefix}{major}.{minor}.{patch}"
    return VersionValue(major, minor, patch, "", "", original)


def _increment(number: int, name: str) -> int:
    if number == _MOST:
        raise FunctionError(f"{name} version increment would overflow uint64")
    return number + 1


def _next_major(version: Version) -> VersionValue:
    return _next(version, major=_increment(version.major, "major"), minor=0, patch=0)


def _next_minor(version: Version) -> VersionValue:
    minor = _increment(version.minor, "minor")
    return _next(version, major=version.major, minor=minor, patch=0)


def _next_patch(version: Version) -> VersionValue:
    patch = version.patch
    if not version.prerelease:
        patch = _increment(patch, "patch")
    return _next(version, major=version.major, minor=version.minor, patch=patch)


def _with(version: Version, prerelease: str, metadata: str) -> VersionValue:
    numbers = (version.major, version.minor, version.patch)
    changed = VersionValue(*numbers, prerelease, metadata, "")
    prefix = "v" if version.original.startswith("v") else ""
    return replace(changed, original=prefix + changed.go_string())


def _set_prerelease(version: Version, prerelease: str) -> VersionValue:
    if prerelease:
        if not re.fullmatch(_IDENTIFIERS, prerelease):
            raise FunctionError("invalid prerelease string")
        _check_prerelease(prerelease)
    return _with(version, prerelease, version.metadata)


def _set_metadata(version: Version, metadata: str) -> VersionValue:
    if metadata and not re.fullmatch(_IDENTIFIERS, metadata):
        raise FunctionError("invalid metadata string")
    return _with(version, version.prerelease, metadata)


_COMPARISON: Final = "func(*semver.Version) bool"
_NUMBER: Final = "func() uint64"
_TEXT: Final = "func() string"
_VERSIONS: Final = "func() semver.Version"
_SETTER: Final = "func(string) (semver.Version, error)"

_METHODS: Final[Mapping[str, Function]] = {
    "Compare": function(Version.compare, "func(*semver.Version) int"),
    "Equal": function(lambda one, other: one.compare(other) == 0, _COMPARISON),
    "GreaterThan": function(lambda one, other: one.compare(other) > 0, _COMPARISON),
    "GreaterThanEqual": function(
        lambda one, other: one.compare(other) >= 0, _COMPARISON
    ),
    "IncMajor": function(_next_major, _VERSIONS),
    "IncMinor": function(_next_minor, _VERSIONS),
    "IncPatch": function(_next_patch, _VERSIONS),
    "LessThan": function(lambda one, other: one.compare(other) < 0, _COMPARISON),
    "LessThanEqual": function(lambda one, other: one.compare(other) <= 0, _COMPARISON),
    "Major": function(lambda version: Uint64(version.major), _NUMBER),
    "Metadata": function(lambda version: version.metadata, _TEXT),
    "Minor": function(lambda version: Uint64(version.minor), _NUMBER),
    "Original": function(lambda version: version.original, _TEXT),
    "Patch": function(lambda version: Uint64(version.patch), _NUMBER),
    "Prerelease": function(lambda version: version.prerelease, _TEXT),
    "SetMetadata": function(_set_metadata, _SETTER),
    "SetPrerelease": function(_set_prerelease, _SETTER),
    "String": function(Version.go_string, _TEXT),
}
