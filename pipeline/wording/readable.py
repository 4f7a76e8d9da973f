"""Phrases of rulebooks as people would say them: one example instead of a grammar."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.errors import ConfigError
from pipeline.wording.grammar import Choice, Expression, Gap, Literal, parse

NARROW = 6
"""Gaps of up to so many characters that may be empty are left out."""

# What is said in a slot is the desk's own.
_NAMED = {"name": "××", "company": "××公司", "number": "××"}
_SLOT = re.compile(r"\{\s*(name|company|number)\s*(?::[^{}]*)?\}")
_GAPS = re.compile(r"(?:\s*…\s*)+")


@lru_cache(maxsize=4096)
def readable(source: str) -> str:
    """Return one way of saying a phrase, without the marks of its grammar.

    Of alternatives the first is taken, with what may be left out; a slot becomes ××, a wide gap an ellipsis.
    What is no phrase is returned as it is.

    Examples
    --------
    >>> readable("[请问](还有|有)什么可以帮[到]您 / 有什么能帮您")
    '请问还有什么可以帮到您'
    """
    try:
        parts = parse(_SLOT.sub(lambda slot: _NAMED[slot[1]], source))[0]
    except ConfigError:
        return source
    said = "…".join(_said(part) for part in parts)
    return _GAPS.sub("…", said).strip(" …，,") or source


def _said(expression: Expression) -> str:
    if isinstance(expression, Literal):
        return expression.text
    if isinstance(expression, Gap):
        return "…" if expression.low or expression.high > NARROW else ""
    if isinstance(expression, Choice):
        return _said(expression.options[0])
    return "".join(_said(item) for item in expression.items)
