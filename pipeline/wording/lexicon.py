"""Words of a listener who does not take the floor.

Simplified characters; English in lower case.
"""

from __future__ import annotations

from functools import cache, lru_cache

from pipeline.wording.spoken import spoken_tokens

ACKNOWLEDGEMENTS = (
    "嗯", "哦", "噢", "喔", "啊", "呃", "哎", "诶", "欸", "唉", "哈", "呀", "嘛", "呢", "吧", "了", "的",
    "是", "是的", "是吧", "是吗", "是啊", "对", "对的", "对对", "对啊", "没错", "好", "好的", "好吧",
    "好嘞", "好呀", "行", "行吧", "可以", "明白", "明白了", "我明白", "我明白了", "我知道", "我知道了",
    "了解", "知道", "知道了", "清楚", "清楚了", "懂了", "这样", "这样啊", "原来如此", "您说", "您继续",
    "您继续说", "您请讲", "您请说", "您说的对", "您说得对", "理解", "我理解", "没事", "yes", "yeah", "yep",
    "ok", "okay", "right", "sure", "i see", "mhm", "mm", "hmm", "uh huh", "uh", "oh", "ah", "got it",
    "all right", "alright",
)  # fmt: skip
"""What a listener says without taking the floor: backchannels (measures: overlap; OPS-26, OPS-47)."""


@lru_cache(maxsize=4096)
def is_acknowledgement(text: str) -> bool:
    """Say whether the whole utterance is made of acknowledgement words.

    Parameters
    ----------
    text : str
        One utterance; punctuation is ignored.

    Returns
    -------
    bool
        False for an utterance without words.
    """
    said = _words(text)
    reached = {0}
    for start in range(len(said)):
        if start in reached:
            reached |= {start + len(w) for w in _acknowledging() if said[start : start + len(w)] == w}
    return bool(said) and len(said) in reached


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in spoken_tokens(text))


@cache
def _acknowledging() -> tuple[tuple[str, ...], ...]:
    return tuple(_words(word) for word in ACKNOWLEDGEMENTS)
