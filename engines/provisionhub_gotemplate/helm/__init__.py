"""What templates of Helm charts are written with: Sprig, and functions of its own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from provisionhub_gotemplate.functions import Function, SetFunction
from provisionhub_gotemplate.helm.conversions import CONVERSIONS
from provisionhub_gotemplate.helm.templates import TEMPLATES
from provisionhub_gotemplate.sprig import SPRIG

__all__ = ["HELM"]

_LEFT_OUT: Final = frozenset({"env", "expandenv"})

HELM: Final[Mapping[str, Function | SetFunction]] = MappingProxyType(
    {
        **{name: call for name, call in SPRIG.items() if name not in _LEFT_OUT},
        **CONVERSIONS,
        **TEMPLATES,
    }
)
"""All functions that Helm 3 gives to templates, by their names in them."""
