"""What is said around a hold: the announcement, the reason, the customer's consent, the return.

Phrases are matched by sound, so a homophone of the recogniser does not hide them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from pipeline.call import Role, Utterance
from pipeline.wording.matching import find_first
from pipeline.wording.phrases import Phrase, compile_phrase

# An announcement belongs to the silence that follows it within this time, replies in between included.
ANNOUNCED_WITHIN_S = 12.0
# An announcement that is said again belongs to the first, unless a pause of this length lies between.
SAID_AGAIN_WITHIN_S = 5.0
# The return is judged on what the agent says first after the hold.
RETURN_UTTERANCES = 2

ANNOUNCEMENTS = (
    "稍等 / 稍候 / 请等一下 / 等一下 / 等一会 / 等会儿 / 等一等 / 等我一下 / 等我一会 / 等等",
    "等我(几|半|一|两){any:0-1}(秒|分钟)",
    "方便等吗 / 方便等一下 / 方便等我",
    "别挂机 / 不要挂机 / 请勿挂机 / 别挂断 / 请不要挂断 / 先别挂 / 保持通话",
    "给我(一点|几分钟|两分钟|一分钟)时间",
    "[给|帮|为](您|你)转(接|到|过去|给)",
    "hold on / hold for a moment / one moment / just a moment / please wait / please hold / hold the line",
    "(could|can|would) you hold / bear with me / give me (a|one) (moment|second|minute)",
)
QUESTIONS = (
    "好吗 / 好不好 / 可以吗 / 可不可以 / 行吗 / 行不行 / 成吗 / 成不成 / 方便{any:0-6}吗 / 介意{any:0-6}吗",
    "could you hold / would you mind / can you hold / may i",
)
REASONS = (
    "查一下 / 查询 / 查看 / 查证 / 核对 / 核实 / 核查 / 确认 / 咨询 / 请示 / 联系 / 登记 / 了解一下",
    "看一下 / 问一下 / 处理一下 / 办理一下 / 调取 / 系统 / 转接 / 检查 / 查查",
    "(帮|为|给)(您|你)查[询|看]一下",
    "[给|帮|为](您|你)转(接|到|过去|给)",
    "let me (check|look|see|ask|confirm) / look up / look into / transfer you / put you through",
)
CONSENTS = (
    "好 / 好的 / 行 / 成 / 可以 / 没问题 / 嗯 / 没事 / 没关系 / 您查 / 你查 / 您看 / 你看 / 对 / 是的",
    "okay / ok / sure / no problem / yes / fine",
)
REFUSALS = (
    "不行 / 不好 / 不可以 / 不要 / 不用 / 不想等 / 等不了 / 没时间 / 来不及",
    "no thanks / i can not / i am in a hurry",
)
SHORT_REPLY_CHARS = 6
# The agent's very last words before a silence as long as a hold are likely to announce it, so they may be
# less like an announcement to be taken for one; words of two characters are soon alike by chance. Of 199
# utterances that announce nothing 1 ends as much like it; of 3 whose announcement was misheard all 3 do, at
# 0.70 to 0.77.
LAST_WORDS_SIMILARITY = 0.66
SHORT_WORDS_SIMILARITY = 0.75
SHORT_WORDS = 2
LAST_WORDS_S = 0.3
UPDATES = (
    "正在(查|核|为|帮|处理|联系|确认|办理) / 还在(查|核|处理|联系|确认|办理)",
    "(马上|很快)就好 / 快好了 / 就要好了 / 还需要(一点|一些|几)",
    "still (checking|looking) / almost done / bear with me",
)
RETURNS = (
    "久等 / 耐心等待 / 耐心等候 / 您等待 / 您的等待",
    "让(您|你)[等|等了]这么久 / 等了这么久 / 让(您|你)等",
    "keep you waiting / kept you waiting / thank you for waiting / thanks for waiting",
)


@cache
def _phrases(sources: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(compile_phrase(source) for source in sources)


def _says(sources: tuple[str, ...], utterances: Sequence[Utterance]) -> bool:
    return find_first(_phrases(sources), utterances).match is not None


def announcement(start_s: float, utterances: Sequence[Utterance]) -> Utterance | None:
    """Return the utterance that announces the silence beginning at ``start_s``, or None.

    It is the agent's; where no voice is known to be the agent's, any unknown voice's. Of several it is the
    first: who has asked and was answered often says "then please hold on" before the silence.
    """
    recent = [
        u
        for u in utterances
        if u.role is not Role.CUSTOMER and u.start_s < start_s and start_s - u.end_s <= ANNOUNCED_WITHIN_S
    ]
    found = [u for u in recent if _says(ANNOUNCEMENTS, [u])]
    while len(found) > 1 and _pauses(found[0], found[1], utterances):
        found.pop(0)
    return found[0] if found else next((u for u in recent[-1:] if _ends_like_announcement(u)), None)


def _pauses(first: Utterance, second: Utterance, utterances: Sequence[Utterance]) -> bool:
    """Whether nobody speaks for long between two utterances."""
    between = [u for u in utterances if first.start_s <= u.start_s <= second.start_s]
    return any(b.start_s - a.end_s >= SAID_AGAIN_WITHIN_S for a, b in pairwise(between))


def _ends_like_announcement(utterance: Utterance) -> bool:
    """Whether an utterance's last words sound much like an announcement."""
    near = find_first(_phrases(ANNOUNCEMENTS), [utterance]).nearest
    if near is None or utterance.end_s - near.end_s > LAST_WORDS_S:
        return False
    short = len(near.quote) <= SHORT_WORDS
    alike = near.similarity >= (SHORT_WORDS_SIMILARITY if short else LAST_WORDS_SIMILARITY)
    return alike and not _says(RETURNS, [utterance])


def is_announced(start_s: float, utterances: Sequence[Utterance]) -> bool:
    """Whether the agent announced the wait that begins at ``start_s``."""
    return announcement(start_s, utterances) is not None


def is_asked(announced: Utterance, start_s: float, utterances: Sequence[Utterance]) -> bool:
    """Whether the announcement was put as a question, in it or before the silence began."""
    since = [u for u in utterances if u.role is Role.AGENT and announced.start_s <= u.start_s < start_s]
    return _says(QUESTIONS, since)


def gives_reason(announced: Utterance, start_s: float, utterances: Sequence[Utterance]) -> bool:
    """Whether the agent said what the wait is for, in the announcement or around it."""
    near = [
        u
        for u in utterances
        if u.role is Role.AGENT and u.start_s < start_s and announced.start_s - u.end_s <= ANNOUNCED_WITHIN_S
        # Misheard words that sound like an announcement give no reason besides.
        if u is not announced or _says(ANNOUNCEMENTS, [u])
    ]
    return _says(REASONS, near)


def is_consented(announced: Utterance, start_s: float, utterances: Sequence[Utterance]) -> bool:
    """Whether the customer agreed after the announcement and before the silence began.

    A short reply that refuses nothing counts: the recogniser often loses a lone 行 or 好.
    """
    replies = [u for u in utterances if u.role is Role.CUSTOMER and announced.start_s < u.start_s < start_s]
    if _says(REFUSALS, replies):
        return False
    return _says(CONSENTS, replies) or any(0 < u.chars <= SHORT_REPLY_CHARS for u in replies)


def is_update(utterances: Sequence[Utterance]) -> bool:
    """Whether the words only ask for more patience: they neither end the wait nor bring an answer."""
    return _says((*ANNOUNCEMENTS, *UPDATES), utterances) and not _says(RETURNS, utterances)


def is_patience(utterance: Utterance) -> bool:
    """Whether a customer's words in a wait are a short reply that refuses nothing."""
    short = utterance.role is Role.CUSTOMER and utterance.chars <= SHORT_REPLY_CHARS
    return short and not _says(REFUSALS, [utterance])


def is_courteous_return(end_s: float, utterances: Sequence[Utterance]) -> bool:
    """Whether the agent's first words after the hold apologise or thank for the wait."""
    back = [u for u in utterances if u.role is Role.AGENT and u.end_s > end_s][:RETURN_UTTERANCES]
    return _says(RETURNS, back)
