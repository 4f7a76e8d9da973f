"""Languages that reports are written in."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """Languages in which titles and labels are shown."""

    EN = "en"
    ZH = "zh"
