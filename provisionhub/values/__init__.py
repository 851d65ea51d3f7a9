"""A blueprint's values: schema, defaults, formats and secrets.

The only home of jsonschema, referencing and regress.
"""

from __future__ import annotations

from provisionhub.values.error import SchemaError
from provisionhub.values.schema import Values, ValueSchema, check_workable
from provisionhub.values.secrets import Redactor, Secret, find_secret
from provisionhub.values.stand_ins import with_stand_ins

__all__ = [
    "Redactor",
    "SchemaError",
    "Secret",
    "ValueSchema",
    "Values",
    "check_workable",
    "find_secret",
    "with_stand_ins",
]
