"""ProvisionHub turns a blueprint and a job into a Git repository, exactly once.

Read ``provisionhub/pipeline.py`` first: it is the product's eight steps.
"""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
__all__ = ["__version__"]
