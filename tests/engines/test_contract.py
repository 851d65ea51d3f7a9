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

    def guard(self, path: str, text: str) -> str:
        """Return a condition."""
        return f"{{% if {path} %}}{text}{{% endif %}}"

    def default(self, path: str) -> str:
        """Return an expression with the filter for what is absent."""
        return f"{{{{ {path} | default('none') }}}}"


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

    def guard(self, path: str, text: str) -> str:
        """Return a section."""
        return f"{{{{#{path}}}}}{text}{{{{/{path}}}}}"

    def default(self, path: str) -> str:
        """Return a section, which may be over what is absent."""
        return f"{{{{#{path}}}}}{{{{.}}}}{{{{/{path}}}}}"


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

    def guard(self, path: str, text: str) -> str:
        """Return a condition."""
        return f"{{{{ if .{path} }}}}{text}{{{{ end }}}}"

    def default(self, path: str) -> str:
        """Return a call of ``get``, which takes what is absent for nothing."""
        *holder, name = path.split(".")
        return f'{{{{ get .{".".join(holder)} "{name}" | default "none" }}}}'
