"""Phrases of rulebooks as people would say them: one example instead of a grammar."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.errors import ConfigError
from pipeline.wording.grammar import Choice, Expression, Gap, Literal, Row, parse

NARROW = 6
"""Gaps of up to so many characters that may be empty are left out."""

# What is said in a slot is the desk's own.
_NAMED = {"name": "××", "company": "××公司", "number": "××"}
_SLOT = re.compile(r"\{\s*(name|company|number)\s*(?::[^{}]*)?\}")
# Without these a phrase says something else, or sounds odd.
_KEPT = re.compile(r"^一$|[不没别无未]")
_GAPS = re.compile(r"(?:\s*…\s*)+")


@lru_cache(maxsize=4096)
def readable(source: str, *, near: str = "") -> str:
    """Return one way of saying a phrase, without the marks of its grammar.

    Of alternatives the first is taken. What may be left out is, but for 一 and words that deny (再说[一]遍,
    您[不必]介意); a slot becomes ××, a wide gap an ellipsis. What is no phrase is returned as it is.

    Parameters
    ----------
    near : str
        What was said: of alternatives the longest that is in it is taken before the first, and what may be
        left out is kept where it is in it.

    Examples
    --------
    >>> readable("[请问](还有|有)什么可以帮[到]您 / 有什么能帮您")
    '还有什么可以帮您'
    >>> readable("(就|都)是[你们](部门|仓库)的错", near="都是仓库的错")
    '都是仓库的错'
    """
    try:
        ways = parse(_SLOT.sub(lambda slot: _NAMED[slot[1]], source))
    except ConfigError:
        return source
    said = max(
        ("…".join(_said(part, near) for part in way) for way in ways), key=lambda w: bool(near) and w in near
    )
    return _GAPS.sub("…", said).strip(" …，,") or source


def _said(expression: Expression, near: str) -> str:
    if isinstance(expression, Literal):
        return expression.text
    if isinstance(expression, Gap):
        return "…" if expression.low or expression.high > NARROW else ""
    if isinstance(expression, Choice):
        options = [_said(option, near) for option in expression.options]
        heard = max((option for option in options if option in near), key=len, default="")
        optional = Row(()) in expression.options and not _KEPT.search(options[0])
        return heard or ("" if optional else options[0])
    return "".join(_said(item, near) for item in expression.items)
