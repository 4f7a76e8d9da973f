"""Small word lists that measures and checks count.

Simplified characters; English in lower case. The lists hold what the audited standards name (dinghao-380,
telecom-10000, service-skills, ecommerce-desk) and its everyday variants.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.wording.script import simplify
from pipeline.wording.spoken import spoken_tokens

COURTESY = (
    "您好", "早上好", "上午好", "中午好", "下午好", "晚上好", "请问", "请", "谢谢", "多谢", "感谢",
    "对不起", "抱歉", "不好意思", "麻烦您", "劳驾", "打扰您", "打扰一下", "不客气", "不用谢", "没关系",
    "别客气", "祝您", "久等", "再见", "please", "thank", "thanks", "sorry", "excuse me", "you are welcome",
    "you're welcome", "pardon",
)  # fmt: skip
"""Courtesy words, counted for density and presence (OPS-06, OPS-07, TEL-37)."""

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

HOLD_ANNOUNCEMENTS = (
    "请您稍等片刻", "请稍等片刻", "稍等片刻", "请您稍等", "您请稍等", "请稍等", "您稍等", "稍等一下",
    "稍等一会", "稍等", "等一下", "等一等", "等一会", "等会儿", "等我一下", "您等等", "请您稍候", "请稍候",
    "稍候", "请等候", "请您等待", "耐心等待", "别挂机", "不要挂机", "别挂断", "不要挂断", "别挂电话",
    "请不要挂", "我帮您查一下", "帮您查一下", "帮您查询", "为您查询", "给您查一下", "我查一下", "帮您核实",
    "帮您核对", "帮您咨询", "帮您看一下", "转接", "帮您转", "为您转", "给您转", "hold on", "one moment",
    "just a moment", "for a moment", "hold please", "hold for a moment", "hold the line", "bear with me",
    "let me check", "one second", "just a second", "please wait",
)  # fmt: skip
"""Words that announce a wait (OPS-23, OPS-31, OPS-32, TEL-11)."""

HOLD_UPDATES = (
    "再稍等", "再等一下", "请再等", "还在查", "正在查", "正在为您", "正在帮您", "正在核", "很快就好",
    "马上就好", "快好了", "still checking", "almost done", "a little longer", "a moment longer",
)  # fmt: skip
"""Words that keep a waiting customer informed (OPS-25, TEL-11)."""

CONSENT = (
    "好", "好的", "好吧", "好啊", "好嘞", "行", "行吧", "行啊", "可以", "可以的", "没问题", "没事",
    "没关系", "嗯", "嗯嗯", "哦", "您查吧", "你查吧", "查吧", "我等着", "等着", "我等", "不急", "不着急",
    "快点吧", "快一点", "您请", "请便", "ok", "okay", "sure", "no problem", "yes", "fine", "all right",
    "alright", "go ahead", "of course", "that's fine",
)  # fmt: skip
"""How a customer agrees to wait (OPS-23)."""

REFUSALS = (
    "不行", "不好", "不可以", "不等", "不想等", "不能等", "等不了", "没时间", "没空", "不用了", "不方便",
    "i can't wait", "i cannot wait", "no time", "no thanks", "no i",
)  # fmt: skip
"""How a customer declines to wait; outweighs :data:`CONSENT` in the same utterance."""

RETURN_COURTESY = (
    "久等", "让您等", "耐心等待", "耐心等候", "谢谢您的等待", "感谢您的等待", "感谢您的等候",
    "谢谢您的等候", "keep you waiting", "kept you waiting", "keeping you waiting", "for waiting",
    "for holding", "for the wait", "for your patience",
)  # fmt: skip
"""Thanks or apologies on coming back from a hold (OPS-24, SKL-20, TEL-31)."""

APOLOGIES = (
    "对不起", "抱歉", "不好意思", "请您原谅", "请您谅解", "请原谅", "表示歉意", "向您道歉", "sorry",
    "apologize", "apologise", "apologies",
)  # fmt: skip
"""Apologies (OPS-47, OPS-51, TEL-05, SKL-57)."""

THANKS = ("谢谢", "感谢", "多谢", "谢了", "thank you", "thanks")
"""Thanks (OPS-50, ECM-06)."""

HEDGES = (
    "可能", "好像", "不太清楚", "不清楚", "应该是吧", "应该是", "应该吧", "大概", "也许", "或许",
    "差不多吧", "不一定", "不确定", "说不准", "不好说", "估计",
)  # fmt: skip
"""Hedges, counted per minute (TEL-16, TEL-38)."""

TICS = ("那个", "就是说", "然后", "嗯", "呃", "这个这个", "反正就是", "怎么说呢")
"""Verbal tics, counted per minute (OPS-60)."""

EMPATHY = (
    "理解", "您的心情", "您着急", "您的着急", "您的感受", "体谅", "换了我", "换做是我", "您受累",
    "您别着急", "您不要着急", "请您放心", "您放心", "苦衷", "您说的有道理", "您说得有道理", "您说的对",
    "您说得对", "确实是我们", "给您添麻烦", "给您带来", "给您造成", "understand", "i know how",
)  # fmt: skip
"""Words that show understanding (OPS-47, TEL-05, SKL-50, SKL-51)."""


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


def counts(words: Sequence[str], text: str) -> int:
    """Count occurrences of ``words`` in ``text``.

    Parameters
    ----------
    words : sequence of str
        A list of this module, or one's own. Latin words match whole words only.
    text : str
        One or more utterances; an occurrence never runs across punctuation.

    Returns
    -------
    int
        The longest word at a place counts, and no character counts twice: ``请问`` is one courtesy word.
    """
    if not words:
        return 0
    return len(_any_of(tuple(words)).findall(simplify(text).lower().replace("’", "'")))


def _words(text: str) -> tuple[str, ...]:
    return tuple(token.text for token in spoken_tokens(text))


@cache
def _acknowledging() -> tuple[tuple[str, ...], ...]:
    return tuple(_words(word) for word in ACKNOWLEDGEMENTS)


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(
        "|".join(rf"\b{re.escape(w)}\b" if w.isascii() else re.escape(w) for w in longest_first)
    )
