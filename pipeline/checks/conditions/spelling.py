"""Condition about names spelled out, character by character."""

from __future__ import annotations

import re

from pipeline.call import Call, Role
from pipeline.checks.conditions.base import Occasion, absent, said
from pipeline.checks.evidence.hearing import hear

# Surnames told apart by their parts (弓长张), parts of characters, and the question which one is meant.
PARTS = (
    r"弓长张|立早章|木子李|双木林|耳东陈|口天吴|古月胡|草头黄|言午许|双口吕|人可何|走肖赵|干钩于|口木吕|"
    r"三点水|两点水|[单双]人旁|提手旁|竖心旁|宝盖头?|草字头|竹字头|走之底?|[一-龥]字[旁底]"
)
ALIKE = "张章李黎陈程王汪吴武胡黄许徐余于俞何贺林凌刘柳江姜周邹"
ASKED = rf"哪[一几两三]?个(?:字|[{ALIKE}])|(?:名字|姓|字)是?怎么写"
# A word with the character in it: 美丽的丽, 建设的建. What merely repeats itself (好的好的) is none.
NAMING = r"[^\W\da-z_您你我他她它是好对的不了有这那]"
WORD = rf"(?P<first>{NAMING})[一-龥]{{1,3}}的(?P=first)|[一-龥](?P<last>{NAMING})的(?P=last)"
SPELLED = re.compile(rf"{PARTS}|{ASKED}|{WORD}")


def name_spelled(call: Call) -> Occasion:
    """The agent spells out a name, or asks which character it is written with (弓长张, 美丽的丽)."""
    found = [u for u in hear(call, Role.AGENT).utterances if SPELLED.search(u.text)]
    if found:
        return said("the agent spells out a name", found)
    return absent(call, "no name is spelled out", Role.AGENT)
