"""Automatic announcements that may come at any time: queues, unreachable lines, the request to rate a call.

Customers tell of them and agents say much the same, so they are taken only where nothing else is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pipeline.call import Utterance
from pipeline.spans import Span, Spans
from pipeline.speech.announcements import Announcement
from pipeline.speech.prompt_wording import (
    ANY_GREETING,
    ASKS,
    OPENS_WITHIN_S,
    find_kind,
    is_early,
    is_personal,
    pause_after,
    phrase,
    says,
)
from pipeline.wording.matching import PhraseMatch, find_first

# People tell of busy lines too, but without the formula (…请稍候).
FORMULA = "请[您](稍|耐心|继续|等待|不要|勿|留言)"
PLAYED = (
    ("queue", f"(坐席|座席|客服代表|客服人员|话务员|线路)(全|都|正|繁)忙…{FORMULA} / 前面还有…位…{FORMULA}"),
    ("queue", "(您|你)的来电…很重要 / your call is [very] important to us"),
    ("queue", "(first|next) in line / (representatives|operators) are…busy"),
    ("unreachable", "您拨打的(电话|用户|号码)…(关机|无法接通|通话中|空号|无人接听|停机)"),
)
RATING = (("rating", "请[您]对…(评价|评分|打分)…请按 / (满意|非常满意|不满意)请按 / 请按…(满意|评价|评分)"),)
# Many a prompt begins so, before its matter.
APOLOGY = "对不起 / 抱歉 / sorry"
# An agent who asks for a rating asks for it later, or takes leave.
CLOSING = "再见 / 拜拜 / (感谢|谢谢)(您|你) / 稍后 / 祝您"


def find_played(utterances: Sequence[Utterance], pauses: Callable[[Span], Spans]) -> Iterator[Announcement]:
    """Find the announcements that stand by themselves.

    Nothing is found in an utterance that holds anything a person says. A queue or an unreachable line is
    announced first of all, up to the first pause by which it has been said; a request to rate the call is
    the whole of the last utterance.

    Parameters
    ----------
    utterances : sequence of Utterance
        A channel's, up to its last.
    pauses : callable
        Finds the pauses in a stretch of the channel, however short.
    """
    for n, utterance in enumerate(utterances, 1):
        if is_personal(utterance) or says(ASKS, utterance):
            continue
        played = find_kind(PLAYED, utterance)
        span = _span(played[1], utterance, pauses(utterance.span)) if played is not None else None
        if played is not None and span is not None:
            yield Announcement(played[0], span)
        elif n == len(utterances) and _is_rating(utterance):
            yield Announcement("rating", utterance.span)


def _span(found: PhraseMatch, utterance: Utterance, pauses: Spans) -> Span | None:
    """Return the announcement's stretch; None when the utterance does not start with it."""
    apology = find_first([phrase(APOLOGY)], [utterance]).match
    if apology is not None and 0 <= found.start_s - apology.end_s <= OPENS_WITHIN_S:
        opens = is_early(apology, utterance.start_s)
    else:
        opens = is_early(found, utterance.start_s)
    return Span(utterance.start_s, pause_after(found.end_s, utterance, pauses)) if opens else None


def _is_rating(utterance: Utterance) -> bool:
    rating = find_kind(RATING, utterance)
    if rating is None or not is_early(rating[1], utterance.start_s):
        return False
    return not says(CLOSING, utterance) and not says(ANY_GREETING, utterance)
