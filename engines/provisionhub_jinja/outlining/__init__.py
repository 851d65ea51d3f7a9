"""What a template reads, told from its tree and no values.

Jinja2 binds names in many ways: loops, ``set``, ``with``, parameters of macros. The
walk knows at each place where in the context each name's value comes from, as far as
that can be told; what can't be followed is said to be passed on as a whole.

``places`` says where names stand, ``origins`` what they are bound to; ``conditions``
reads guards, ``expressions`` and ``statements`` walk, ``templates`` follows partials.
"""

from __future__ import annotations

from provisionhub_jinja.outlining.origins import Text
from provisionhub_jinja.outlining.places import Places
from provisionhub_jinja.outlining.templates import outline_template

__all__ = ["Places", "Text", "outline_template"]
