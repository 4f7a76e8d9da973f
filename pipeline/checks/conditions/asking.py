"""Conditions about what the customer brings up: a greeting, a question."""

from __future__ import annotations

import re

from pipeline.call import Call, Role, Utterance
from pipeline.checks.conditions.base import Occasion, absent, said
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.questions import find_questions

# Only a greeting: with a matter in the same breath it is the matter that wants an answer.
GREETING = re.compile(
    r"(?:[喂为维唯哎诶嗯哦啊哈嗨]|hello|hi|good (?:morning|afternoon|evening))*"
    r"(?:(?:[您你]|大家|早上|上午|中午|下午|晚上|新年|过年|客服)好|hello|good (?:morning|afternoon|evening))"
    r"(?:[您你]好|(?:早上|上午|中午|下午|晚上)好|[啊呀哦嗯]|不对|客服|小姐|先生|美女|小哥|姑娘)*",
    re.IGNORECASE,
)
# With a matter in the same breath it is a greeting where the agent greets back.
GREETED_FIRST = re.compile(
    r"\W*(?:(?:[喂为维唯哎诶嗯哦啊哈嗨]|老师|同志|师傅|姑娘|美女|小姐|先生|客服|大夫|医生)\W*)*"
    r"(?:[您你]好|早上好|上午好|中午好|下午好|晚上好|新年好|早晨|good (?:morning|afternoon|evening))",
    re.IGNORECASE,
)
# Voices on one channel may run into one utterance: the opening, and the caller's greeting at its end.
GREETING_LAST = re.compile(r"(?:为您|帮[您你助到]|需要|请讲).*[您你]好[\W啊呀]*$")
# A greeting comes in the customer's first words or not at all.
FIRST_UTTERANCES = 2


def customer_greets(call: Call) -> Occasion:
    """The customer answers the opening with a greeting and nothing else."""
    agent_s = min((u.start_s for u in call.utterances if u.role is not Role.CUSTOMER), default=None)
    if agent_s is None:
        return Occasion(False, "the agent says nothing")
    heard = hear(call, Role.CUSTOMER)
    since_s = agent_s if heard.attributed else agent_s - 0.1
    first = [u for u in heard.utterances if u.start_s > since_s][:FIRST_UTTERANCES]
    found = [u for u in first if GREETING.fullmatch(re.sub(r"[^\w ]", "", u.text).strip())]
    found = found or [u for u in first[:1] if GREETED_FIRST.match(u.text) and _greeted_back(call, u)]
    if not found and any(u.role is Role.UNKNOWN and GREETING_LAST.search(u.text) for u in first):
        return Occasion(None, "a greeting is heard, in a voice whose role is not known")
    if not found:
        return absent(call, "the customer does not greet after the opening")
    return said("the customer greets", found[:1])


def _greeted_back(call: Call, greeting: Utterance) -> bool:
    reply = next((u for u in call.utterances if u.idx > greeting.idx), None)
    return reply is not None and reply.role is Role.AGENT and GREETED_FIRST.match(reply.text) is not None


def customer_asks(call: Call) -> Occasion:
    """The customer asks a question about a matter."""
    heard = hear(call, Role.CUSTOMER)
    found = [u for u in heard.utterances if any(not q.minor for q in find_questions(u))]
    if not found:
        return absent(call, "the customer asks nothing")
    return said("the customer asks", found)
