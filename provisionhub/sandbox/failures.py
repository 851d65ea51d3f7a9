"""Errors as they cross from a locked process: JSON, never pickle.

Inside, an error is written down with all that it shows. Outside, it is rebuilt as
its own class, if it is one that rendering may raise; its texts are cut to length
and can't steer a terminal or a log.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    InvalidValuesError,
    LimitExceededError,
    PermanentError,
    PlacedError,
    ProvisionError,
    SandboxViolationError,
    SecretExposedError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UnknownEngineError,
    UnsafePathError,
    Violation,
    ViolationsError,
)
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.sandbox.reading import Reader
from provisionhub.source import Excerpt, Location

_LONGEST_TEXT: Final = 8_000
_LONGEST_LINE: Final = 500
_MOST_VIOLATIONS: Final = 1_000

_CLASSES: Final[dict[str, type[PermanentError]]] = {
    cls.code: cls
    for cls in (
        BlueprintNotFoundError,
        InvalidBlueprintError,
        InvalidValuesError,
        LimitExceededError,
        SandboxViolationError,
        SecretExposedError,
        TemplateError,
        TemplateRuntimeError,
        TemplateSyntaxError,
        UnknownEngineError,
        UnsafePathError,
    )
}


def write_error(error: ProvisionError) -> JsonObject:
    """Return *error* as JSON from which ``read_error`` makes it again."""
    said: JsonObject = {
        "code": error.code,
        "message": write_text(error.message),
        "hint": None if error.hint is None else write_text(error.hint),
    }
    if isinstance(error, PlacedError):
        said["at"] = _write_location(error.at)
    match error:
        case ViolationsError(violations=violations):
            said["violations"] = [
                _write_violation(each) for each in violations[:_MOST_VIOLATIONS]
            ]
        case LimitExceededError(limit=limit, allowed=allowed):
            said |= {"limit": limit, "allowed": allowed}
        case UnsafePathError(path=path):
            said["path"] = write_text(path)
        case SecretExposedError(secret=secret, path=path):
            said |= {"secret": write_text(secret), "path": write_text(path)}
        case _:
            pass
    return said


def read_error(said: JsonValue) -> ProvisionError:
    """Return the error that *said*, which a locked process wrote, stands for.

    Raises:
        BrokenFrameError: If it is none that rendering may raise.
    """
    reader = Reader(said)
    cls = _CLASSES.get(reader.text("code"))
    if cls is None:
        raise reader.broken("an error of no known kind")
    message = read_text(reader.text("message"))
    hint = reader.optional_text("hint")
    known: dict[str, Any] = {"hint": None if hint is None else read_text(hint)}
    if issubclass(cls, PlacedError):
        known["at"] = _read_location(reader.get("at"))
    if issubclass(cls, ViolationsError):
        items = reader.items("violations", most=_MOST_VIOLATIONS)
        known["violations"] = [_read_violation(item) for item in items]
    if issubclass(cls, LimitExceededError):
        known |= {"limit": read_text(reader.text("limit")), "allowed": _allowed(reader)}
    if issubclass(cls, UnsafePathError | SecretExposedError):
        known["path"] = read_text(reader.text("path"))
    if issubclass(cls, SecretExposedError):
        known["secret"] = read_text(reader.text("secret"))
    return cls(message, **known)


def _allowed(reader: Reader) -> str | float:
    allowed = reader.get("allowed")
    if isinstance(allowed, bool) or not isinstance(allowed, str | int | float):
        raise reader.broken("a limit that is neither text nor number")
    return read_text(allowed) if isinstance(allowed, str) else allowed


def _write_violation(violation: Violation) -> JsonObject:
    return {
        "pointer": write_text(violation.pointer),
        "message": write_text(violation.message),
        "of_name": violation.of_name,
        "at": _write_location(violation.at),
    }


def _read_violation(said: JsonValue) -> Violation:
    reader = Reader(said)
    return Violation(
        read_text(reader.text("pointer")),
        read_text(reader.text("message")),
        at=_read_location(reader.get("at")),
        of_name=reader.flag("of_name"),
    )


def _write_location(at: Location | None) -> JsonValue:
    if at is None:
        return None
    excerpt = at.excerpt
    return {
        "file": write_text(at.file),
        "line": at.line,
        "column": at.column,
        "width": at.width,
        "first_line": 0 if excerpt is None else excerpt.first_line,
        "lines": None if excerpt is None else _write_lines(excerpt, at),
    }


def _write_lines(excerpt: Excerpt, at: Location) -> list[JsonValue]:
    """Return the lines, cut behind what a person is shown of them."""
    lines: list[JsonValue] = []
    for number, line in enumerate(excerpt.lines, start=excerpt.first_line):
        shown = _LONGEST_LINE + (at.column + at.width if number == at.line else 0)
        lines.append(_encodable(line[:shown]))
    return lines


def write_location(at: Location) -> JsonValue:
    """Return *at* as JSON from which ``read_location`` makes it again."""
    return _write_location(at)


def read_location(said: JsonValue) -> Location:
    """Return the place that *said* stands for.

    Raises:
        BrokenFrameError: If it is no place.
    """
    at = _read_location(said)
    if at is None:
        raise Reader({}).broken("a place that is none")
    return at


def _read_location(said: JsonValue) -> Location | None:
    if said is None:
        return None
    reader = Reader(said)
    at = Location(
        read_text(reader.text("file")),
        reader.count("line"),
        reader.count("column"),
        reader.count("width"),
    )
    if reader.get("lines") is None:
        return at
    lines = tuple(reader.texts("lines", most=9))
    return replace(at, excerpt=Excerpt(reader.count("first_line"), lines))


def write_text(text: str) -> str:
    """Return *text* cut to length, with what UTF-8 can't hold shown as ``?``."""
    return _encodable(text[:_LONGEST_TEXT])


def _encodable(text: str) -> str:
    """Return *text* with what UTF-8 can't hold, halves of pairs, shown as ``?``."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_text(text: str) -> str:
    """Return *text*, cut to length, without what could steer a terminal or a log."""
    return "".join(map(_tame, text[:_LONGEST_TEXT]))


def _tame(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    return f"\\u{ord(character):04x}"
