"""Text from outside, made safe to print.

File names, metadata and what was said are data: control characters in them could command the terminal,
direction characters could make a line read as another, and lone surrogates cannot be printed at all.
"""

from __future__ import annotations

import unicodedata


def plain_text(value: object, *, lines: bool = False) -> str:
    """Return ``value`` as text that is shown as it is.

    Parameters
    ----------
    lines : bool
        Keep line breaks, for messages of several lines; otherwise they become spaces, as tabs do.

    Returns
    -------
    str
        With control, format and surrogate characters as ``�``.
    """
    return "".join("\n" if c == "\n" and lines else _shown(c) for c in str(value))


def _shown(character: str) -> str:
    if character in "\n\t":
        return " "
    return "�" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character
