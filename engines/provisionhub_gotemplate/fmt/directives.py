"""Formats: where directives are, which argument each takes, and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from provisionhub_gotemplate.fmt.flags import Flags
from provisionhub_gotemplate.fmt.plain import format_plainly
from provisionhub_gotemplate.fmt.printer import Printer
from provisionhub_gotemplate.values import MISSING, Slice, go_type

_TOO_LARGE: Final = 1_000_000
_FLAGS: Final = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}


def sprintf(text: str, *arguments: object) -> str:
    """Return *arguments* in the format *text*, as ``Sprintf`` does."""
    plain = format_plainly(text, arguments)
    return _Formatter(text, arguments).run() if plain is None else plain


class _Formatter:
    """One pass over a format."""

    def __init__(self, text: str, arguments: Sequence[object]) -> None:
        self._text = text
        self._arguments = arguments
        self._printer = Printer()
        self._position = 0
        self._argument = 0
        self._is_reordered = False
        self._is_good = True
        self._after_index = False

    def run(self) -> str:
        """Return the text."""
        text, write = self._text, self._printer.write
        while self._position < len(text):
            start = text.find("%", self._position)
            if start < 0:
                write(text[self._position :])
                break
            if start > self._position:
                write(text[self._position : start])
            self._position = start + 1
            self._directive()
        if not self._is_reordered:
            self._tell_extra()
        return self._printer.text()

    def _directive(self) -> None:
        self._is_good = True
        flags = self._printer.flags = Flags()
        while (character := self._peek()) in _FLAGS:
            setattr(flags, _FLAGS[character], True)
            self._position += 1
        if "a" <= character <= "z" and self._argument < len(self._arguments):
            # As in Go, an index before this verb says nothing about the next one.
            self._position += 1
            self._print(character, flags)
            return
        self._read_index()
        self._read_width(flags)
        self._read_precision(flags)
        if not self._after_index:
            self._read_index()
        self._finish(flags)

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _finish(self, flags: Flags) -> None:
        verb, write = self._peek(), self._printer.write
        if not verb:
            write("%!(NOVERB)")
            return
        self._position += 1
        if verb == "%":
            write("%")
        elif not self._is_good:
            write(f"%!{verb}(BADINDEX)")
        elif self._argument >= len(self._arguments):
            write(f"%!{verb}(MISSING)")
        else:
            self._print(verb, flags)

    def _print(self, verb: str, flags: Flags) -> None:
        if verb in "vw":
            flags.sharp_v, flags.sharp = flags.sharp, False
            flags.plus_v, flags.plus = flags.plus, False
        value = self._arguments[self._argument]
        self._argument += 1
        if verb == "w" and not _is_bytes(value):
            self._printer.bad_verb(verb, value)
        else:
            self._printer.print_argument(value, verb)

    def _read_index(self) -> None:
        """Read ``[n]``, if it is there."""
        self._after_index = False
        if self._peek() != "[":
            return
        self._is_reordered = True
        end = self._text.find("]", self._position)
        if end < 0 or len(self._text) - self._position < 3:  # noqa: PLR2004 - `[n]`
            self._is_good = False
            self._position += 1
            return
        number = self._text[self._position + 1 : end]
        self._position = end + 1
        if not _is_number(number):
            self._is_good = False
            return
        self._after_index = True
        index = int(number) - 1
        if 0 <= index < len(self._arguments):
            self._argument = index
        else:
            self._is_good = False

    def _read_width(self, flags: Flags) -> None:
        if self._peek() == "*":
            self._position += 1
            flags.width = self._integer_argument()
            if flags.width is None:
                self._printer.write("%!(BADWIDTH)")
            elif flags.width < 0:
                flags.width, flags.minus, flags.zero = -flags.width, True, False
            self._after_index = False
            return
        flags.width = self._number()
        if self._after_index and flags.width is not None:
            self._is_good = False

    def _read_precision(self, flags: Flags) -> None:
        if self._peek() != "." or self._position + 1 >= len(self._text):
            return
        self._position += 1
        if self._after_index:
            self._is_good = False
        self._read_index()
        if self._peek() != "*":
            flags.precision = self._number() or 0
            return
        self._position += 1
        flags.precision = self._integer_argument()
        if flags.precision is not None and flags.precision < 0:
            flags.precision = None
        if flags.precision is None:
            self._printer.write("%!(BADPREC)")
        self._after_index = False

    def _number(self) -> int | None:
        start = self._position
        value = 0
        while (character := self._peek()) and character in "0123456789":
            if value > _TOO_LARGE:
                # Go gives up on the whole format here.
                self._position = len(self._text)
                return None
            value = value * 10 + int(character)
            self._position += 1
        return value if self._position > start else None

    def _integer_argument(self) -> int | None:
        if self._argument >= len(self._arguments):
            return None
        value = self._arguments[self._argument]
        self._argument += 1
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        return int(value) if abs(value) <= _TOO_LARGE else None

    def _tell_extra(self) -> None:
        extra = self._arguments[self._argument :]
        if not extra:
            return
        printer = self._printer
        printer.flags = Flags()
        printer.write("%!(EXTRA ")
        for index, value in enumerate(extra):
            if index:
                printer.write(", ")
            if value is None or value is MISSING:
                printer.write("<nil>")
            else:
                printer.write(f"{go_type(value)}=")
                printer.print_argument(value, "v")
        printer.write(")")


def _is_bytes(value: object) -> bool:
    return isinstance(value, Slice) and value.elem == "uint8"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 7  # noqa: PLR2004 - a million
