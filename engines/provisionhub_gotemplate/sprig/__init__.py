"""Sprig 3: the functions that most of Go's templates are written with.

Each module holds those of one theme, in a table by their names in templates. They
follow Sprig 3.3 and the packages that it stands on, errors included, but for those
that no reproducible tree can have (see ``refused``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from provisionhub_gotemplate.functions import Function
from provisionhub_gotemplate.sprig.cases import CASES
from provisionhub_gotemplate.sprig.constraints import VERSIONS
from provisionhub_gotemplate.sprig.counting import COUNTING
from provisionhub_gotemplate.sprig.dates import DATES
from provisionhub_gotemplate.sprig.defaults import DEFAULTS
from provisionhub_gotemplate.sprig.dicts import DICTS
from provisionhub_gotemplate.sprig.durations import DURATIONS
from provisionhub_gotemplate.sprig.encodings import ENCODINGS
from provisionhub_gotemplate.sprig.hashes import HASHES
from provisionhub_gotemplate.sprig.jsons import JSONS
from provisionhub_gotemplate.sprig.lists import LISTS
from provisionhub_gotemplate.sprig.numbers import NUMBERS
from provisionhub_gotemplate.sprig.passwords import PASSWORDS
from provisionhub_gotemplate.sprig.paths import PATHS
from provisionhub_gotemplate.sprig.reflection import REFLECTION
from provisionhub_gotemplate.sprig.refused import REFUSED
from provisionhub_gotemplate.sprig.regexps import REGEXPS
from provisionhub_gotemplate.sprig.texts import TEXTS
from provisionhub_gotemplate.sprig.urls import URLS
from provisionhub_gotemplate.sprig.words import WORDS

__all__ = ["SPRIG", "THEMES"]

THEMES: Final[Mapping[str, Mapping[str, Function]]] = {
    "Text": {**TEXTS, **WORDS, **CASES},
    "Lists": {**LISTS, **COUNTING},
    "Maps": DICTS,
    "Defaults and choices": DEFAULTS,
    "Numbers": NUMBERS,
    "Data as text, and back": {**JSONS, **ENCODINGS, **HASHES, **PASSWORDS},
    "Regular expressions": REGEXPS,
    "Dates": {**DATES, **DURATIONS},
    "Versions, paths, URLs": {**VERSIONS, **PATHS, **URLS},
    "Types": REFLECTION,
    "Refused": REFUSED,
}
"""All functions of Sprig, by what they are about and their names in templates."""

SPRIG: Final[Mapping[str, Function]] = MappingProxyType(
    {name: call for theme in THEMES.values() for name, call in theme.items()}
)
"""All functions of Sprig, by their names in templates."""
