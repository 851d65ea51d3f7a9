"""Partials: ``unknown-partial`` and ``unused-partial``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from provisionhub.blueprint.files import PARTIALS
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.source import Source


def unknown_partials(linted: Linted) -> Iterator[Finding]:
    """Find inclusions of what is not there."""
    known = linted.survey.shared
    for template in linted.survey.templates():
        for inclusion in template.outline.inclusions:
            if inclusion.name is not None and inclusion.name not in known:
                near = _near(inclusion.name, known)
                yield Finding(
                    Code.UNKNOWN_PARTIAL,
                    f"there is no partial `{inclusion.name}`",
                    at=inclusion.at,
                    hint=f"partials are named by their path below `{PARTIALS}`"
                    if near is None
                    else f"did you mean `{near}`?",
                )


def unused_partials(linted: Linted) -> Iterator[Finding]:
    """Find partials that no template includes, directly or through others."""
    survey = linted.survey
    if survey.faults or not survey.is_outlined:
        return
    included = {
        inclusion.name
        for template in survey.templates()
        for inclusion in template.outline.inclusions
    }
    if None in included:
        return  # any of them may be meant
    named = {name for name in included if name is not None}
    # One that is misspelled is a finding of its own, and not that nobody includes it.
    meant = {_near(name, survey.shared) for name in named - survey.shared}
    for name in survey.partials:
        if name not in named and not meant & {name, _bare(name)}:
            path = PARTIALS + name
            text = linted.blueprint.files[path].content.decode("utf-8")
            yield Finding(
                Code.UNUSED_PARTIAL,
                f"no template includes `{path}`",
                at=Source(path, text).at(1),
                hint="remove it, or include it",
            )


def _near(name: str, known: frozenset[str]) -> str | None:
    """Return what of the *known* was meant, the suffix left out as most do."""
    names = dict.fromkeys((*map(_bare, sorted(known)), *sorted(known)))
    near = difflib.get_close_matches(name, names, n=1)
    return near[0] if near else None


def _bare(name: str) -> str:
    return name.rpartition(".")[0] or name
