"""JSON and YAML documents, read strictly and with their places.

Documents come from strangers: each is read within bounds of size and depth, and
what two readers could understand differently is refused rather than guessed.
"""

from __future__ import annotations

from provisionhub.documents.error import DocumentError
from provisionhub.documents.json import read_json
from provisionhub.documents.text import LONGEST
from provisionhub.documents.yaml import YamlDocument, read_yaml
from provisionhub.documents.yaml_writer import write_yaml

__all__ = [
    "LONGEST",
    "DocumentError",
    "YamlDocument",
    "read_json",
    "read_yaml",
    "write_yaml",
]
