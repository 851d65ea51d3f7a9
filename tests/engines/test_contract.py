"""The built-in engines keep the contract that every engine keeps."""

from __future__ import annotations

from provisionhub.testing import EngineContract
from provisionhub_gotemplate import GoTemplateEngine
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

    def when(self, path: str, text: str) -> str:
        """Return an ``if`` tag and its end."""
        return f"{{% if {path} %}}{text}{{% endif %}}"


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

    def when(self, path: str, text: str) -> str:
        """Return a section."""
        return f"{{{{#{path}}}}}{text}{{{{/{path}}}}}"


class TestGo(EngineContract):
    """Go's text/template."""

    engine = GoTemplateEngine
    broken = "{{ if }}"

    def show(self, path: str) -> str:
        """Return an action that prints a field."""
        return f"{{{{ .{path} }}}}"

    def include(self, name: str) -> str:
        """Return a template action."""
        return f'{{{{ template "{name}" . }}}}'

    def when(self, path: str, text: str) -> str:
        """Return an ``if`` action and its end."""
        return f"{{{{ if .{path} }}}}{text}{{{{ end }}}}"
