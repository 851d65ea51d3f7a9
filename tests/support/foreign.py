"""A repository of blueprints as somebody else would write it, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SCHEMA: Final = """\
schema:
  $defs:
    name: {type: string, pattern: '^[a-z][a-z0-9-]*$', maxLength: 40}
  type: object
  required: [owner, database]
  additionalProperties: false
  properties:
    owner: {$ref: '#/$defs/name'}
    replicas: {type: integer, minimum: 1, maximum: 9, default: 2}
    database: {enum: [none, postgres, mysql]}
    tls: {type: boolean, default: false}
    host:
      type: string
      format: hostname
    password: {type: string, minLength: 8, writeOnly: true}
    features:
      type: array
      default: []
      items:
        type: object
        required: [name]
        additionalProperties: false
        properties:
          name: {$ref: '#/$defs/name'}
          enabled: {type: boolean, default: true}
          note: {type: string}
    labels:
      type: object
      default: {}
      additionalProperties: {type: string}
  if: {properties: {tls: {const: true}}}
  then: {required: [host]}
"""


@dataclass(frozen=True, slots=True)
class Foreign:
    """One blueprint without a fault.

    Attributes:
        engine: Its engine.
        suffix: What its templates end in.
        manifest: Its manifest.
        files: Its files, by path.
        undeclared: A line that reads what is not declared, for its main file.
        unreachable: Lines of which one can never be rendered, for the same file.
    """

    engine: str
    suffix: str
    manifest: str
    files: dict[str, str]
    undeclared: str
    unreachable: str

    @property
    def main(self) -> str:
        """The path of its main file."""
        return f"template/service.yaml{self.suffix}"

    def with_line(self, *lines: str) -> dict[str, str]:
        """Return its files with *lines* at the end of the main one."""
        return self.files | {self.main: "".join((self.files[self.main], *lines))}


def _manifest(engine: str, rules: str) -> str:
    head = "apiVersion: provisionhub.io/v1\nname: sample\nversion: 1.0.0\n"
    return f"{head}engine: {engine}\n{SCHEMA}{rules}"


JINJA: Final = Foreign(
    engine="jinja2",
    suffix=".j2",
    manifest=_manifest(
        "jinja2",
        """\
files:
  - {path: db/**, when: '{{ Values.database != "none" }}'}
  - {path: db/my.cnf, when: '{{ Values.database == "mysql" }}'}
  - {path: tls.yaml, when: '{{ Values.tls and Values.host is defined }}'}
  - {path: secret.yaml, when: '{{ Values.password is defined }}', secrets: [password]}
repository: {commit_message: 'Add {{ Name }} for {{ Values.owner }}'}
""",
    ),
    files={
        "template/service.yaml.j2": """\
{% from "names.j2" import title with context %}
name: {{ title() }}
owner: {{ Values.owner | upper }}
replicas: {{ Values.replicas }}
{% if Values.database in ["postgres", "mysql"] -%}
database: {{ Values.database }}
{% endif %}
{% for feature in Values.features if feature.enabled -%}
- {{ feature.name }}{% if feature.note is defined %}: {{ feature.note }}{% endif %}
{% else -%}
nothing
{% endfor %}
{% for key, value in Values.labels.items() -%}
{{ key }}: {{ value | quote }}
{% endfor %}
{% set host = Values.host | default(Name ~ ".example.org") -%}
host: {{ host }}
{% if Values.tls -%}
scheme: https
{%- else -%}
scheme: http
{%- endif %}
""",
        "template/db/{{ Values.database }}.sql.j2": "-- {{ Name | snake_case }}\n",
        "template/db/my.cnf": "",
        "template/{{ Values.owner }}/README.md.j2": "{% include 'notice.txt' %}",
        "template/tls.yaml.j2": "host: {{ Values.host }}\n",
        "template/secret.yaml.j2": "password: {{ Values.password | b64encode }}\n",
        "partials/names.j2": "{% macro title() %}{{ Name | title_case }}{% endmacro %}",
        "partials/notice.txt": "Made by {{ Namespace }}.\n",
    },
    undeclared="{{ Values.replica_count }}\n",
    unreachable='{% if Values.database == "oracle" %}never{% endif %}\n',
)

GO: Final = Foreign(
    engine="go",
    suffix=".tmpl",
    manifest=_manifest(
        "go",
        """\
files:
  - {path: db/**, when: '{{ ne .Values.database "none" }}'}
  - {path: db/my.cnf, when: '{{ eq .Values.database "mysql" }}'}
  - {path: tls.yaml, when: '{{ and .Values.tls (hasKey .Values "host") }}'}
  - {path: secret.yaml, when: '{{ hasKey .Values "password" }}', secrets: [password]}
repository: {commit_message: 'Add {{ .Name }} for {{ .Values.owner }}'}
""",
    ),
    files={
        "template/service.yaml.tmpl": """\
name: {{ template "title" . }}
owner: {{ .Values.owner | upper }}
replicas: {{ .Values.replicas }}
{{- if has .Values.database (list "postgres" "mysql") }}
database: {{ .Values.database }}
{{- end }}
{{- range .Values.features }}{{ if .enabled }}
- {{ .name }}{{ with index . "note" }}: {{ . }}{{ end }}
{{- end }}{{ else }}
nothing
{{- end }}
{{- range $key, $value := .Values.labels }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- $host := index .Values "host" | default (printf "%s.example.org" .Name) }}
host: {{ $host }}
{{- if .Values.tls }}
scheme: https
{{- else }}
scheme: http
{{- end }}
{{- with .Values }}
again: {{ .owner }}, {{ $.Name }}
{{- end }}
""",
        "template/db/{{ .Values.database }}.sql.tmpl": "-- {{ .Name | snakecase }}\n",
        "template/db/my.cnf": "",
        "template/{{ .Values.owner }}/README.md.tmpl": '{{ template "notice.txt" . }}',
        "template/tls.yaml.tmpl": "host: {{ .Values.host }}\n",
        "template/secret.yaml.tmpl": "password: {{ .Values.password | b64enc }}\n",
        "partials/title.tmpl": "{{ .Name | title }}",
        "partials/notice.txt": "Made by {{ .Namespace }}.\n",
    },
    undeclared="{{ .Values.replica_count }}\n",
    unreachable='{{ if eq .Values.database "oracle" }}never{{ end }}\n',
)

MUSTACHE: Final = Foreign(
    engine="mustache",
    suffix=".mustache",
    manifest=_manifest(
        "mustache",
        """\
files:
  - path: tls.yaml
    when: '{{#Values.tls}}{{#Values.host}}true{{/Values.host}}{{/Values.tls}}'
  - path: secret.yaml
    when: '{{#Values.password}}true{{/Values.password}}'
    secrets: [password]
repository: {commit_message: 'Add {{Name}} for {{Values.owner}}'}
""",
    ),
    files={
        "template/service.yaml.mustache": """\
name: {{>title}}
owner: {{Values.owner}}
replicas: {{Values.replicas}}
database: {{Values.database}}
{{#Values.features}}
{{#enabled}}
- {{name}}{{#note}}: {{note}}{{/note}} of {{Name}}
{{/enabled}}
{{/Values.features}}
{{^Values.features}}
nothing
{{/Values.features}}
{{#Values.labels.team}}
team: {{.}}
{{/Values.labels.team}}
{{#Values.host}}
host: {{.}}
{{/Values.host}}
{{#Values.tls}}
scheme: https
{{/Values.tls}}
{{^Values.tls}}
scheme: http
{{/Values.tls}}
{{#Values}}
again: {{owner}}
{{/Values}}
""",
        "template/db/{{Values.database}}.sql.mustache": "-- {{Name}}\n",
        "template/{{Values.owner}}/README.md.mustache": "{{>notice.txt}}",
        "template/tls.yaml.mustache": "host: {{Values.host}}\n",
        "template/secret.yaml.mustache": "password: {{Values.password}}\n",
        "partials/title.mustache": "{{Name}}",
        "partials/notice.txt": "Made by {{Namespace}}.\n",
    },
    undeclared="{{Values.replica_count}}\n",
    unreachable="{{^Values.database}}never{{/Values.database}}\n",
)

FOREIGN: Final = (MUSTACHE, JINJA, GO)
