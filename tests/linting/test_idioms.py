"""What authors write every day, in each language: none of it is a finding."""

from __future__ import annotations

import pytest

from support.languages import GO, JINJA, MUSTACHE, Language
from support.linting import manifest, report

SCHEMA = """\
schema:
  type: object
  required: [kind, list, db, obj]
  additionalProperties: false
  properties:
    kind: {enum: [a, b]}
    list:
      type: array
      items:
        type: object
        required: [name]
        additionalProperties: false
        properties:
          name: {type: string}
          enabled: {type: boolean, default: true}
          port: {type: integer}
    names: {type: array, items: {type: string}, default: []}
    db: {enum: [none, postgres, mysql]}
    obj:
      type: object
      required: [x]
      additionalProperties: false
      properties: {x: {type: string}, y: {type: string}}
    opt: {type: string}
    optobj:
      type: object
      required: [host]
      additionalProperties: false
      properties:
        host: {type: string}
        tls:
          type: object
          required: [issuer]
          properties: {issuer: {type: string}}
    labels: {type: object, default: {}, additionalProperties: {type: string}}
    replicas: {type: integer, default: 1}
    flag: {type: boolean, default: false}
    nothing: {type: [string, 'null'], default: null}
    mode: {type: string, default: x}
    a_opts: {type: object, required: [z], properties: {z: {type: string}}}
  oneOf:
    - {properties: {kind: {const: a}}, required: [a_opts]}
    - {properties: {kind: {const: b}}}
"""

JINJA_SAID = r"""
{% for f in Values.list %}{% if loop.first %}{{ f.name }}{% endif %}
{% if not loop.last %},{% endif %}{% endfor %}

{{ Values.list | selectattr("enabled") | map(attribute="name") | join(",") }}

{{ Values.list | map(attribute="port", default=80) | join(",") }}

{% for k in Values.labels %}{{ k }}={{ Values.labels[k] }}{% endfor %}

{% for k, v in Values.labels | dictsort %}{{ k }}{{ v }}{% endfor %}

{% set has = Values.opt is defined %}{% if has %}{{ Values.opt }}{% endif %}

{% with o = Values.obj %}{{ o.x }}{% endwith %}

{% if "x" in Values.names %}x{% endif %}{% if Values.names | length > 1 %}
{{ Values.names[0] }}{% endif %}

{% if Values.kind == "a" %}{{ Values.a_opts.z }}{% endif %}

{% if Values.optobj is defined %}{{ Values.optobj.host }}
{% if Values.optobj.tls is defined %}{{ Values.optobj.tls.issuer }}{% endif %}
{% endif %}

{% macro m(a, b=Values.mode) %}{{ a }}{{ b }}{% endmacro %}{{ m(Values.kind) }}
{{ m(Values.kind, b=Values.db) }}

{% if Values.nothing %}{{ Values.nothing }}{% else %}-{% endif %}
{% if Values.nothing is none %}-{% endif %}

{% if Values.db == "none" %}-{% elif Values.db == "postgres" %}p
{% elif Values.db == "mysql" %}m{% endif %}

{% for i in range(Values.replicas) %}{{ i }}{% endfor %}

{% if Values.flag and Values.db != "none" or Values.kind == "b" %}x{% endif %}

{{ (Values.opt if Values.opt is defined else "x") | upper }}

{{ Values.obj.get("y", "-") }}{{ Values.obj.y | default("-") }}

{% if Values.obj.y is defined %}{{ Values.obj["y"] }}{% endif %}

{% for f in Values.list if f.port is defined %}{{ f.port }}{% endfor %}

{% for f in Values.list %}{% if f.port is defined %}{{ f.port }}{% else %}
{{ f.name }}{% endif %}{% endfor %}

{{ Values.replicas * 2 + 1 }}{{ Values.flag | string | lower }}
{{ Values.labels | to_json }}

{% if Values.optobj is not defined %}none{% else %}{{ Values.optobj.host }}
{% endif %}

{% set ns = namespace(total=0) %}{% for f in Values.list %}
{% set ns.total = ns.total + (f.port | default(0)) %}
{% endfor %}{{ ns.total }}

{% for group in Values.list | groupby("name") %}{{ group.grouper }}
{% for f in group.list %}{{ f.name }}{% endfor %}{% endfor %}

{% for x in [Values.kind, Values.db] %}{{ x }}{% endfor %}

{% if Values.opt is defined and Values.opt | length > 3 %}{{ Values.opt }}
{% endif %}

{% for f in Values.list %}{% for g in Values.list %}{% if f.enabled %}
{% if not g.enabled %}x{% endif %}{% endif %}{% endfor %}{% endfor %}

{{ Meta.timestamp[:4] }}{{ Name | replace("-", "_") }}{{ Namespace.split("/")[0] }}
{{ Values.list[0].name }}
"""

GO_SAID = r"""
{{ range $i, $f := .Values.list }}{{ if $i }},{{ end }}{{ $f.name }}{{ end }}

{{ range $k, $v := .Values.labels }}{{ $k }}={{ $v }}{{ end }}
{{ range $k := keys .Values.labels | sortAlpha }}{{ $k }}
{{ index $.Values.labels $k }}{{ end }}

{{ with .Values.obj }}{{ .x }}{{ $.Name }}{{ end }}

{{ $v := .Values }}{{ $v.kind }}

{{ if hasKey .Values "opt" }}{{ .Values.opt }}{{ end }}

{{ if and (hasKey .Values "opt") (ne .Values.opt "x") }}{{ .Values.opt }}{{ end }}

{{ with index .Values "optobj" }}{{ .host }}{{ if hasKey . "tls" }}{{ .tls.issuer }}
{{ end }}{{ with index . "tls" }}{{ .issuer }}{{ end }}{{ end }}

{{ if eq .Values.kind "a" }}{{ .Values.a_opts.z }}{{ end }}

{{ if or (eq .Values.db "postgres") (eq .Values.db "mysql") }}x{{ end }}
{{ if not (eq .Values.db "none") }}y{{ end }}

{{ range until (int .Values.replicas) }}{{ . }}{{ end }}{{ range .Values.replicas }}
{{ . }}{{ end }}

{{ if .Values.nothing }}{{ .Values.nothing }}{{ else }}-{{ end }}
{{ .Values.mode | default "y" }}

{{ .Values.labels | toJson }}{{ toPrettyJson .Values.obj }}

{{ range .Values.list }}{{ if hasKey . "port" }}{{ .port }}{{ else }}{{ .name }}
{{ end }}{{ $.Values.db }}{{ end }}

{{ (first .Values.list).name }}{{ index .Values.list 0 | len }}
{{ join "," .Values.names }}{{ len .Values.list }}

{{ if gt .Values.replicas 1 }}x{{ end }}
{{ if .Values.flag }}f{{ else if eq .Values.db "none" }}n{{ else }}e{{ end }}

{{ get .Values "opt" | default "x" }}
{{ dig "tls" "issuer" "-" (index .Values "optobj" | default dict) }}

{{ $list := .Values.list }}{{ range $list }}{{ .name }}{{ end }}
{{ range $f := $list }}{{ $f.name | quote }}{{ end }}

{{ define "t" }}{{ .name }}{{ end }}{{ range .Values.list }}{{ template "t" . }}
{{ end }}{{ template "t" (dict "name" .Values.kind) }}

{{ $x := "" }}{{ if eq .Values.kind "a" }}{{ $x = .Values.db }}{{ end }}{{ $x }}
{{ printf "%s-%s" .Values.kind .Values.db }}

{{ with (index .Values "opt") }}{{ . }}{{ else }}{{ .Name }}{{ end }}
{{ ternary "a" "b" .Values.flag }}

{{ if contains "x" .Values.mode }}1{{ end }}{{ if has "x" .Values.names }}2{{ end }}
{{ if empty .Values.names }}3{{ else }}{{ index .Values.names 0 }}{{ end }}
"""

MUSTACHE_SAID = r"""
{{#Values.list}}{{name}}{{#port}}:{{port}}{{/port}}{{#enabled}} on{{/enabled}}
{{^enabled}} off{{/enabled}}{{Name}}{{Values.db}}{{/Values.list}}

{{#Values.obj}}{{x}}{{#y}}{{.}}{{/y}}{{/Values.obj}}{{#Values.optobj}}{{host}}
{{#tls}}{{issuer}}{{/tls}}{{/Values.optobj}}{{^Values.optobj}}-{{/Values.optobj}}

{{#Values.opt}}{{Values.opt}}{{/Values.opt}}{{#Values}}{{kind}}{{#names}}{{.}}
{{/names}}{{/Values}}

{{#Values.labels.team}}{{Values.labels.team}}{{/Values.labels.team}}
{{Values.replicas}}{{Values.flag}}{{Values.mode}}{{#Values.nothing}}{{.}}
{{/Values.nothing}}

{{#Values.a_opts}}{{z}}{{/Values.a_opts}}{{#Meta.blueprint}}{{name}}
{{/Meta.blueprint}}{{#Values.flag}}{{#Values.list}}{{name}}{{/Values.list}}
{{/Values.flag}}
"""


@pytest.mark.parametrize(
    ("language", "template"),
    [
        pytest.param(language, text, id=f"{language.engine}-{number}")
        for language, said in (
            (JINJA, JINJA_SAID),
            (GO, GO_SAID),
            (MUSTACHE, MUSTACHE_SAID),
        )
        for number, text in enumerate(said.strip().split("\n\n"))
    ],
)
def test_idiom_is_no_finding(language: Language, template: str) -> None:
    """Each paragraph reads values with the care that its language asks for."""
    files = {f"template/a.txt{language.suffix}": template}
    found = report(files, manifest(language, rest=SCHEMA)).findings

    assert [each for each in found if each.code != "unused-value"] == []


@pytest.mark.parametrize(
    ("language", "template", "partials"),
    [
        (
            JINJA,
            "{% extends 'p' %}{% block a %}{{ super() }}{{ Values.db }}{% endblock %}",
            {
                "p": "{% block a %}{{ self.b() }}{% endblock %}"
                "{% block b %}{% endblock %}"
            },
        ),
        (
            JINJA,
            "{% import 'lib' as l %}{{ l.f(Values.db) }}",
            {"lib": "{% macro f(x) %}{{ x }}{{ varargs }}{% endmacro %}"},
        ),
        (
            JINJA,
            "{% include ['nope', 'lib'] %}{% include 'gone' ignore missing %}",
            {"lib": "x"},
        ),
        (
            GO,
            '{{ template "h" (list .Name .Values) }}',
            {"h": "{{ index . 0 }}{{ (index . 1).db }}"},
        ),
        (
            GO,
            '{{ template "h" (dict "name" .Name "values" .Values) }}',
            {"h": '{{ .name }}{{ .values.db }}{{ define "i" }}{{ .x }}{{ end }}'},
        ),
        (
            MUSTACHE,
            "{{<base}}{{$a}}{{Values.db}}{{/a}}{{/base}}",
            {"base": "{{$a}}x{{/a}}{{$b}}{{Name}}{{/b}}"},
        ),
        (
            MUSTACHE,
            "{{#Values.list}}{{>item}}{{/Values.list}}",
            {"item": "{{name}} of {{Name}}{{#port}}:{{port}}{{/port}}"},
        ),
    ],
)
def test_idiom_with_partials_is_no_finding(
    language: Language, template: str, partials: dict[str, str]
) -> None:
    """What is handed to partials, macros and parents is followed."""
    named = {
        f"partials/{name}{language.suffix}": text for name, text in partials.items()
    }
    files = {f"template/a.txt{language.suffix}": template, **named}
    found = report(files, manifest(language, rest=SCHEMA)).findings

    assert [each for each in found if each.code != "unused-value"] == []
