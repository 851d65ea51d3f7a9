"""A blueprint's values: schema, defaults, formats and secrets.

The only home of jsonschema, referencing and regress.
"""

from __future__ import annotations

from provisionhub.values.error import SchemaError
from provisionhub.values.schema import Values, ValueSchema, check_workable
from provisionhub.values.secrets import Redactor, Secret, find_secret
from provisionhub.values.stand_ins import with_stand_ins
from provisionhub.values.trials import Fault, Trials

__all__ = [
    "Fault",
    "Redactor",
    "SchemaError",
    "Secret",
    "Trials",
    "ValueSchema",
    "Values",
    "check_workable",
    "find_secret",
    "with_stand_ins",
]
