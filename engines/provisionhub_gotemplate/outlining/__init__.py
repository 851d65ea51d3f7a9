"""What a template reads, told from its tree and no values.

Go's dot and variables stand for other values at each place. The walk knows where in
the data each comes from, as far as that can be told; what can't be followed is said
to be passed on as a whole.

``places`` says where names stand, ``origins`` what they stand for; ``conditions``
reads guards, ``pipelines`` and ``calls`` walk through expressions, ``walking``
through actions and the templates that they call.
"""

from __future__ import annotations

from provisionhub_gotemplate.outlining.walking import outline_tree

__all__ = ["outline_tree"]
