"""Partials: ``unknown-partial`` and ``unused-partial``."""

from __future__ import annotations

from collections.abc import Iterator

from provisionhub.blueprint.files import PARTIALS
from provisionhub.errors import did_you_mean
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.subject import Linted
from provisionhub.source import Source


def unknown_partials(linted: Linted) -> Iterator[Finding]:
    """Find inclusions of what is not there."""
    known = linted.survey.shared
    # A template may leave the suffix out, and most do.
    names = sorted({*known, *(name.rpartition(".")[0] for name in known)})
    for template in linted.survey.templates():
        for inclusion in template.outline.inclusions:
            if inclusion.name is not None and inclusion.name not in known:
                yield Finding(
                    Code.UNKNOWN_PARTIAL,
                    f"there is no partial `{inclusion.name}`",
                    at=inclusion.at,
                    hint=did_you_mean(inclusion.name, names)
                    or f"partials are named by their path below `{PARTIALS}`",
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
    for name in survey.partials:
        if name not in included:
            path = PARTIALS + name
            text = linted.blueprint.files[path].content.decode("utf-8")
            yield Finding(
                Code.UNUSED_PARTIAL,
                f"no template includes `{path}`",
                at=Source(path, text).at(1),
                hint="remove it, or include it",
            )
