"""Texts that people do write where any text is allowed, and templates forget about."""

from __future__ import annotations

from typing import Final

ODD_TEXTS: Final[dict[str, str]] = {
    "yes": "yes",
    "null": "null",
    "1e3": "1e3",
    "012": "012",
    "a dash in front": "-rf",
    "quotes": """it's "so" `quoted` \\ \\n""",
    "colon and hash": "key: value # no comment",
    "blanks around": "  two blanks  ",
    "tags of templates": "{{ x }} {% y %} ${z} $(w) %s",
    "markup": "<b>&amp;</b>",
    "tab": "a\tb",
    "two lines": "one\ntwo",
    "a line end": "one\n",
    "umlauts and emoji": "Zoë Müller 漢字 🎉",
}
"""By what a case that holds one is called."""
