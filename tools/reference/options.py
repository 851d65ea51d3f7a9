"""The table of an engine's options."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provisionhub.options import Option
from tools.reference.markdown import code, section, table


def options_of(options: Mapping[str, Option[Any]]) -> str:
    """Return the section on an engine's *options*."""
    rows = [
        (code(name), option.accepted, _default(option.default), option.about)
        for name, option in options.items()
    ]
    return section("Options", table(("option", "accepted", "default", "meaning"), rows))


def _default(value: object) -> str:
    return code(value if isinstance(value, str) else json.dumps(value))
