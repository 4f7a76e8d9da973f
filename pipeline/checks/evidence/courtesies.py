"""Courtesies as people say them: thanks and apologies that call for an answer, goodbyes, polite requests."""

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

POLITE = re.compile(
    r"(?<![申邀聘])请(?![假客示])|麻烦|劳驾|抱歉|对不起|不好意思|谢谢|感谢|[为替]您|好吗|可以吗|\b(?:please|sorry)\b",
    re.IGNORECASE,
)
RUDE = re.compile(
    r"(?<![您你])挂了(?!以?后|之后|再|重)|别烦|烦死|烦不烦|完没完|没完没了|废话|少啰?嗦|爱(.)不\1|"
    r"不关我|关我什么|随(?:便)?(?:你|您)|(?:赶紧|赶快)挂|就这(?:个)?态度"
)


def last_said(courtesy: Courtesy, text: str) -> re.Match[str] | None:
    """Return the last words of that courtesy in the text, or None."""
    masked = NOT_SAID[courtesy].sub(lambda m: "□" * len(m.group()), text)
    found = list(SAID[courtesy].finditer(masked))
    return found[-1] if found else None


def says_goodbye(text: str) -> bool:
    """Whether the speaker takes leave."""
    return GOODBYE.search(text) is not None


def is_polite(text: str) -> bool:
    """Whether words of courtesy are said and nothing that brushes the other off."""
    return POLITE.search(text) is not None and RUDE.search(text) is None
