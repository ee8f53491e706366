"""One spelling for one JSON value, so that equal values have equal hashes. Never reads a file."""

from __future__ import annotations

import json
import re

from infringewatch.model import JSON

# C1 controls, zero-width and direction marks, line separators, tag characters, lone surrogates: they are legal
# in JSON, but a title can hide or turn round text with them, and half of a surrogate pair has no UTF-8.
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)


def canonical_json(value: JSON, *, indent: int | None = None) -> bytes:
    """UTF-8 with sorted keys, without spaces (unless ``indent``), and with one line feed at the end.

    Letters stay readable; characters that nobody sees are written as ``\\uXXXX``, which means the same in JSON.
    Raises ValueError for NaN and infinities, TypeError for what is no JSON value.
    """
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=separators, indent=indent, allow_nan=False)
    return (_UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text) + "\n").encode()
