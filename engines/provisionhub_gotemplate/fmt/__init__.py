"""Go's ``fmt``: values to text, as ``Sprint``, ``Sprintln`` and ``Sprintf`` have it."""

from __future__ import annotations

from provisionhub_gotemplate.fmt.directives import sprintf
from provisionhub_gotemplate.fmt.keys import sorted_keys
from provisionhub_gotemplate.fmt.plain import format_value
from provisionhub_gotemplate.fmt.printing import sprint, sprintln

__all__ = ["format_value", "sorted_keys", "sprint", "sprintf", "sprintln"]
