"""The filters: Jinja2's own, bounded, and those that scaffolding needs.

All of them are total (they return or raise an error for the author), pure, and eager:
none returns a generator, so a result can be printed, looped over twice and measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from provisionhub_jinja.filters.data import DATA_FILTERS
from provisionhub_jinja.filters.mappings import MAPPING_FILTERS
from provisionhub_jinja.filters.numbers import NUMBER_FILTERS
from provisionhub_jinja.filters.selection import SELECTION_FILTERS
from provisionhub_jinja.filters.sequences import SEQUENCE_FILTERS
from provisionhub_jinja.filters.texts import TEXT_FILTERS
from provisionhub_jinja.filters.words import WORD_FILTERS
from provisionhub_jinja.filters.yamls import YAML_FILTERS

THEMES: Final[Mapping[str, Mapping[str, Callable[..., Any]]]] = {
    "Names": WORD_FILTERS,
    "Data as text, and back": {**DATA_FILTERS, **YAML_FILTERS},
    "Text": TEXT_FILTERS,
    "Numbers": NUMBER_FILTERS,
    "Lists": {**SEQUENCE_FILTERS, **SELECTION_FILTERS},
    "Mappings": MAPPING_FILTERS,
}
"""All filters, by what they are about and their names."""

FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    name: call for theme in THEMES.values() for name, call in theme.items()
}
"""All filters, by name."""
