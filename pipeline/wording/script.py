"""One script to compare in: simplified characters, half-width Latin letters and digits."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

# Full-width letters, digits and the symbols that belong to numbers, and the ideographic space. The other
# full-width forms are Chinese punctuation, which NFKC would turn into ASCII.
_FULL_WIDTH = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff03-\uff06\uff0b\uff0d\uff0e\uff20\uffe5\u3000]"
)


@lru_cache(maxsize=8192)
def simplify(text: str) -> str:
    """Turn traditional characters into simplified ones and full-width Latin into half-width.

    Parameters
    ----------
    text : str
        Any mixture of scripts.

    Returns
    -------
    str
        Characters by OpenCC's ``t2s``; letters, digits and number signs by Unicode NFKC. Chinese
        punctuation is kept as it is.
    """
    half_width = _FULL_WIDTH.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text)
    return str(_converter().convert(half_width))


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
