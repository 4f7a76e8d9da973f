"""Mending: wording by which the agent takes a matter on, unless it is denied or asked back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.call import Utterance
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import Phrase

CLAUSE = re.compile(r"[，。！？；、,.!?; ]")
# 能不能, 不好意思 and 没关系 deny nothing.
NO_DENIAL = re.compile(
    r"(.)[不没]\1|有没有|[不没][好关问][意系题]思?|不(?:但|仅|只|管|论|光|过)|没事|[别不][用要]?(?:担心|着急|急|客气)"
)
# 没法给您办, 谁能给你处理, 凭什么帮你, 我又不是帮你查的.
DENIED_BEFORE = re.compile(
    r"(?:[不没别甭未难懒]|无法|无权|拒绝|谁|哪|凭什?么|凭啥|干[嘛吗]|干什么|怎么|为什么|为啥|以为)"
    r"(?:[能会可想愿敢肯该要得用打算]|是|可能|可以|应该|准备|愿意|乐意|办法|法子?|有|权利?|义务|责任|必要|"
    r"空|时间|工夫|功夫|人|我们?|来|再|还|去|给|替|必|需|道理|得着|什么|啥|好|太|一直|这个|那个|指望)*$"
)
DENIED_WITHIN = re.compile(r"[不没]|谁|什么|啥")
DENIED_AFTER = re.compile(
    r"^[您你]?(?:不[了着到成动起]|个(?:屁|鬼|头)|什么|啥|吗|干嘛|没用)|"
    r"^.{0,3}[，, ]?(?:没门|做梦|想得美|免谈|办不到|做不到|不可能|没可能|想都别想)"
)


def mended(phrases: Sequence[Phrase], turn: Sequence[Utterance]) -> bool:
    """Whether one of the phrases is said and meant: 帮您问一下, but neither 没法帮您问 nor 谁帮你问."""
    sources = {phrase.source: DENIED_WITHIN.search(phrase.source) is not None for phrase in phrases}
    for match in find_all(phrases, turn) if phrases else ():
        before, after = match.around
        clause = NO_DENIAL.sub("", CLAUSE.split(before)[-1])
        denied = DENIED_BEFORE.search(clause) or DENIED_AFTER.search(after)
        within = DENIED_WITHIN.search(NO_DENIAL.sub("", match.quote)) and not sources[match.phrase]
        if not denied and not within:
            return True
    return False
