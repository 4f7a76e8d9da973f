"""Courtesies that call for an answer (thanks, apologies), and goodbyes, as people say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Courtesy = Literal["thanks", "apology"]

SAID: Mapping[Courtesy, re.Pattern[str]] = {
    "thanks": re.compile(r"谢谢|多谢|感谢|谢啦|谢了|\bthank(?:s| you)\b", re.IGNORECASE),
    "apology": re.compile(r"对不起|抱歉|不好意思|\bsorry\b", re.IGNORECASE),
}
# Words that only look like the courtesy: thanks declined, a wish not to be apologised to.
NOT_SAID: Mapping[Courtesy, re.Pattern[str]] = {
    "thanks": re.compile(r"不用谢谢?|不谢|别谢|不用说谢谢|no,? thanks?", re.IGNORECASE),
    "apology": re.compile(r"不用(?:说)?(?:对不起|抱歉)|(?:说|讲)(?:声|个|句)?对不起|道歉"),
}
GOODBYE = re.compile(r"再见|拜拜|再会|\b(?:good)?bye\b", re.IGNORECASE)


def last_said(courtesy: Courtesy, text: str) -> re.Match[str] | None:
    """Return the last words of that courtesy in the text, or None."""
    masked = NOT_SAID[courtesy].sub(lambda m: "□" * len(m.group()), text)
    found = list(SAID[courtesy].finditer(masked))
    return found[-1] if found else None


def says_goodbye(text: str) -> bool:
    """Whether the speaker takes leave."""
    return GOODBYE.search(text) is not None
