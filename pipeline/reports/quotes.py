"""What of a finding's quote may be shown as said: what only comes near is called so, or not shown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.call import Verdict

# How a reason tells that its quote is not what was asked for, only what came nearest to it.
_NEAREST = re.compile(r"nearest words are (\d+)% alike|(?:^|\()(?:never said; due|said 0 time\(s\))")
# Less alike than this, the nearest words show nothing, %.
_ALIKE = 50


@dataclass(frozen=True, slots=True)
class Quote:
    """The words that show a finding.

    Attributes
    ----------
    words : str
        Empty where none do.
    nearest : bool
        Whether the finding's quote is what came nearest to words that were not said.
    """

    words: str
    nearest: bool


def quote_of(verdict: Verdict, quote: str, reason: str) -> Quote:
    """Return what of a finding's quote is shown, by the audit's verdict and its reason in English."""
    found = _NEAREST.search(reason) if verdict is not Verdict.PASS else None
    far = found is not None and int(found[1] or 0) < _ALIKE
    return Quote("" if far else quote, found is not None)
