"""Text in files that spreadsheets open: what they would read as a formula, they must show.

An apostrophe in front does that (OWASP, CSV injection); who reads the file takes it away again.
"""

from __future__ import annotations

import re

_LIKE_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NEUTRAL = re.compile(r"'+[=+\-@\t\r]")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula when it opens a CSV file."""
    return f"'{text}" if _LIKE_FORMULA.match(text) else text


def undo_neutral(text: str) -> str:
    """Undo `neutral`."""
    return text[1:] if _NEUTRAL.match(text) else text
