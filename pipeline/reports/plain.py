"""Text from outside, made safe to print.

File names, metadata and what was said are data: control characters in them could command the terminal,
direction characters could make a line read as another, and lone surrogates cannot be printed at all.
"""

from __future__ import annotations

import unicodedata

_UNSEEN = ("Cc", "Cf", "Cs")


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
    return "�" if unicodedata.category(character) in _UNSEEN else character


def counted(number: int, thing: str) -> str:
    """Return a number with what it counts, in the plural unless it is one: ``1 call``, ``2 calls``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def plain_json(text: str) -> str:
    """Return JSON in which control, format and surrogate characters are written as escapes.

    They stand inside strings only, except for line breaks; what programs read stays the same.
    """
    return "".join(_escaped(c) if c != "\n" and unicodedata.category(c) in _UNSEEN else c for c in text)


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
