"""The case matrix: values that a schema accepts, derived from the schema itself."""

from __future__ import annotations

from provisionhub.matrix.case import Case, Matrix
from provisionhub.matrix.derivation import MOST_CASES, derive_cases

__all__ = ["MOST_CASES", "Case", "Matrix", "derive_cases"]
