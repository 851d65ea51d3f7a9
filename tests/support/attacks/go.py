"""Attacks on the Go engine: attributes, functions that reach out, and bombs."""

from __future__ import annotations

from typing import Final

from provisionhub.jsontypes import JsonObject
from support.attacks.attack import Attack, End

_VALUES: Final[JsonObject] = {
    "text": "abc",
    "list": [0] * 200,
    "object": {"a": 1},
    "template": "{{ .Values.text }}",
    "n": 7,
}

_FIELDS: Final = (
    ".__class__", ".Values.__class__", ".Values.text.__class__", ".Values.text.upper",
    ".Values.list.append", ".Values.object.items", ".Values.object.keys", "$.__class__",
    ".Values.object.__class__.__mro__", ".Meta.__init__.__globals__", ".Name.format",
    "(.Values.list).append", "(len .Values.text).real", "(print 1).format",
    "(dict `a` 1).clear", "(list 1 2).sort", "(index .Values.list 0).bit_length",
)  # fmt: skip
_REFUSED: Final = (
    "now", "now.Location", "uuidv4", "randAlpha 5", "randAlphaNum 5", "randInt 1 9",
    "randBytes 8", "shuffle `abc`", "genPrivateKey `rsa`", "genCA `x` 1",
    "genSelfSignedCert `x` nil nil 1", "bcrypt `x`", "htpasswd `a` `b`",
    "env `HOME`", "expandenv `$HOME`", "getHostByName `localhost`",
    "call .Values.text", "call print", "template", "import `os`", "exec `ls`",
    ".Files.Get `/etc/passwd`", "readFile `/etc/passwd`", "lookup `v1` `Pod` `` ``",
)  # fmt: skip
_FILES: Final = (
    "/etc/passwd", "../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1/",
    "/proc/self/environ", "..", "~/.ssh/id_rsa",
)  # fmt: skip
_BOMBS: Final = {
    "ranges multiply": "{{range $.Values.list}}" * 6 + "x" + "{{end}}" * 6,
    "ranges multiply silently": "{{range $.Values.list}}" * 6 + "{{end}}" * 6,
    "range over a large number": "{{range 9000000000000000000}}x{{end}}",
    "silent range over a large number": "{{range 9000000000000000000}}{{end}}",
    "width": '{{printf "%999999d%999999d%999999d%999999d%999999d" 1 2 3 4 5}}',
    "precision": '{{printf "%.999999f" 1.5}}{{printf "%.999999f" 1.5}}' * 9,
    "repeat": "{{repeat 999999999 `x`}}",
    "repeat of a repeat": "{{repeat 99999 (repeat 99999 `x`)}}",
    "indent": "{{indent 999999999 `x`}}",
    "nindent": "{{nindent 999999999 `x`}}",
    "until": "{{until 999999999}}",
    "untilStep": "{{untilStep 0 999999999 1}}",
    "seq": "{{seq 999999999}}",
    "doubling text": "{{$x := `xxxxxx`}}{{range 60}}{{$x = print $x $x}}{{end}}{{$x}}",
    "doubling list": "{{$x := list 1}}{{range 60}}{{$x = list $x $x}}{{end}}{{$x}}",
    "doubling concat": "{{$x := list 1}}{{range 60}}{{$x = concat $x $x}}{{end}}{{$x}}",
    "dict in itself": "{{$d := dict}}{{$_ := set $d `a` $d}}{{$d}}",
    "deep ifs": "{{if true}}" * 50_000 + "{{end}}" * 50_000,
    "deep parentheses": "{{" + "(" * 50_000 + "1" + ")" * 50_000 + "}}",
    "long chain": "{{.Values" + ".a" * 100_000 + "}}",
    "long pipeline": "{{1" + " | print" * 100_000 + "}}",
    "unclosed": "{{if .}}" * 20_000,
    "open actions": "{{" * 50_000,
    "unclosed comment": "{{/*" + "x" * 500_000,
    "unclosed string": '{{"' + "x" * 500_000,
    "else ifs": "{{if false}}" + "{{else if false}}" * 50_000 + "{{end}}",
    "template in itself": '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}',
    "template twice in itself": (
        '{{define "t"}}{{template "t" .}}{{template "t" .}}{{end}}{{template "t" .}}'
    ),
    "two templates in turn": (
        '{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{template "a" .}}{{end}}'
        '{{template "a" .}}'
    ),
    "tpl in itself": '{{$t := "{{tpl . .}}"}}{{tpl $t $t}}',
    "include in itself": '{{define "t"}}{{include "t" .}}{{end}}{{include "t" .}}',
    "large number": "{{" + "9" * 200_000 + "}}",
    "large exponent": "{{1e999999999}}",
}
_TAMED: Final = {
    "width from a value": '{{printf "%*d" 999999999 1}}',
    "JSON of a dict in itself": "{{$d := dict}}{{$_ := set $d `a` $d}}{{toJson $d}}",
    "nested repetition": "{{regexMatch `^(a+)+$` (print (repeat 5000 `a`) `!`)}}",
    "alternative patterns": "{{regexMatch `^(a|a)*$` (print (repeat 5000 `a`) `!`)}}",
}

ATTACKS: Final = [
    *(Attack(f"field: {field}", f"{{{{ {field} }}}}", End.REFUSED, _VALUES)
      for field in _FIELDS),
    *(Attack(f"function: {call}", f"{{{{ {call} }}}}", End.REFUSED, _VALUES)
      for call in _REFUSED),
    *(Attack(f"template: {n}", f'{{{{ template "{n}" . }}}}', End.REFUSED, _VALUES)
      for n in _FILES),
    *(Attack(f"bomb: {name}", text, End.ANY_ERROR, _VALUES)
      for name, text in _BOMBS.items()),
    *(Attack(f"tamed: {name}", text, End.HARMLESS, _VALUES)
      for name, text in _TAMED.items()),
    Attack("partial in itself", '{{ template "p" . }}', End.ANY_ERROR, _VALUES,
           {"p.tmpl": '{{ template "p" . }}'}),
    Attack("text of a value is data", "{{ .Values.template }}", End.HARMLESS, _VALUES),
]  # fmt: skip
