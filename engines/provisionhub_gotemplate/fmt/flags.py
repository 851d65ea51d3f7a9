"""What stands between ``%`` and the verb, and the padding that it asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Flags:
    """The flags of one directive.

    Attributes:
        width: The least number of runes; ``None`` if none is given.
        precision: What it means depends on the verb; ``None`` if none is given.
        minus: Pad on the right.
        plus: Always a sign; ASCII only in quotes.
        sharp: The alternate form.
        space: A space where a plus would be; spaces between bytes in hexadecimal.
        zero: Pad with zeros on the left.
        plus_v: ``%+v``.
        sharp_v: ``%#v``.
    """

    width: int | None = None
    precision: int | None = None
    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    plus_v: bool = False
    sharp_v: bool = False

    def pad(self, text: str) -> str:
        """Return *text* filled up to the width."""
        return text + self._fill(text) if self.minus else self._fill(text) + text

    def pad_blank(self, text: str) -> str:
        """Return *text* filled up with spaces, whatever the flag for zeros says."""
        fill = " " * ((self.width or 0) - len(text))
        return text + fill if self.minus else fill + text

    def _fill(self, text: str) -> str:
        fill = "0" if self.zero and not self.minus else " "
        return fill * ((self.width or 0) - len(text))
