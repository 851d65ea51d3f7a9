"""The built-in engines keep the contract that every engine keeps."""

from __future__ import annotations

from provisionhub.testing import EngineContract
from provisionhub_jinja import JinjaEngine
from provisionhub_mustache import MustacheEngine


class TestJinja(EngineContract):
    """Jinja2."""

    engine = JinjaEngine
    broken = "{% if %}"

    def show(self, path: str) -> str:
        """Return an expression tag."""
        return f"{{{{ {path} }}}}"

    def include(self, name: str) -> str:
        """Return an include tag."""
        return f"{{% include '{name}' %}}"


class TestMustache(EngineContract):
    """Mustache."""

    engine = MustacheEngine
    broken = "{{#open}}"

    def show(self, path: str) -> str:
        """Return a variable tag."""
        return f"{{{{{path}}}}}"

    def include(self, name: str) -> str:
        """Return a partial tag."""
        return f"{{{{> {name}}}}}"
