"""Conditions about a line on which one party does not hear the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.call import Call, Role, Utterance
from pipeline.checks.conditions.base import Moment, Occasion, absent, said
from pipeline.checks.evidence.audibility import HEARD_WELL
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.windows import runs
from pipeline.spans import total_s
from pipeline.wording.matching import find_all
from pipeline.wording.phrases import Phrase, compile_phrase

# Voice activity without words up to this long is a breath or a click, not a word.
NOISE_S = 1.0
# What a recogniser writes for noise: a syllable or two it is unsure of.
NOISE_CHARS, NOISE_CONFIDENCE = 3, 0.4
# A caller who hears nothing says little else; with a thing in it (电视没声音) it is about the thing.
OTHER_CHARS = 1
# Hello said again within the first syllables: nobody was heard to answer.
HELLOS = 4
# Wei, as recognisers write it.
HELLO = "[喂为维唯微未位魏威味餵]"
LINE_WORDS = re.compile(
    rf"{HELLO}+|[您你]好|(?:我|我们)?[这那](?:[边儿头里])?|[您你](?:那[边儿头]?)?(?=怎么|没|说|讲)|有人|在吗|能不能|"
    r"(?:我|完全|根本|怎么|咋|还是|都|也|一点|什么|半天)*"
    r"(?:(?:能|可以|还)?听(?:不|得|没有?)?[到见着]|没(?:有)?声(?:音|儿)?|声音(?:都|也)没有?|没有)"
    r"(?:[您你]|说话|讲话|的?声音)*|说话|讲话|[啊呀了吗呢哎诶嗯哦的吧我]"
)
NOTHING_HEARD = re.compile(r"听不[到见着]|没(?:有)?声|声音(?:都|也)没")
AGENT_NOT_HEARD = tuple(
    compile_phrase(source)
    for source in (
        "<听不>(到|见)(您|你)[在]{any:0-2}(说话|讲话|的声音|声音)",
        "(您|你)(那边|这边|那头)[怎么]<没>[有]声音",
        "<听不>(到|见)(您|你)",
        "i <can not> hear you / i <can't> hear you",
    )
)
CALLER_NOT_HEARD = tuple(
    compile_phrase(source)
    for source in (
        "<听不>(到|见|清)",
        "(没|没有|无法|不能)听(清|到|见)",
        "声音(太|很|有点|非常|比较|特别)(小|轻|弱)",
        "大声[一]点 / 大[一]点声 / 蚊子似的 / 像蚊子",
        "听不太清",
    )
)
HANDS_FREE = tuple(
    compile_phrase(source)
    for source in (
        "<免提>",
        "扬声器",
        "(拿起|拿好|对准|靠近|凑近|贴近)[您|你][的](话筒|听筒|手机|电话)",
        "已拿起话筒",
    )
)
# What an agent says to a line on which nobody answers.
PROMPT_CHARS, STRAY_CHARS = 45, 6
PROMPTS = re.compile(r"[您你]好|请问|请讲|请说|说话|讲话|听[不得能]|没有?声音|挂|喂")


def silent_caller(call: Call) -> Occasion:
    """The call is connected and the agent speaks, but never a word comes from the customer."""
    agent = call.by_role(Role.AGENT)
    voices = call.by_role(Role.UNKNOWN)
    if voices and not agent:
        return _one_voice(call, voices)
    if not agent:
        return Occasion(False, "the agent says nothing")
    spoken = [u for u in (*call.by_role(Role.CUSTOMER), *voices) if not _is_noise(u)]
    if spoken:
        return Occasion(False, f"the customer says {spoken[0].text!r}")
    voiced_s = total_s(call.speech(Role.CUSTOMER))
    if voiced_s > NOISE_S:
        return Occasion(None, f"{voiced_s:.1f} s are heard on the customer's side, but no words")
    return Occasion(True, "the customer says nothing", tuple(Moment(u.span, u.text) for u in agent))


def _one_voice(call: Call, voices: Sequence[Utterance]) -> Occasion:
    """Whether voices whose roles are not known are one voice that gets no answer."""
    other = [u for u in voices if u.chars > PROMPT_CHARS or not PROMPTS.search(u.text)]
    if call.by_role(Role.CUSTOMER) or sum(u.chars for u in other) > STRAY_CHARS:
        return Occasion(False, "somebody speaks to somebody")
    if other or len(voices) == 1:
        return Occasion(None, "it is not known which voice is the customer's")
    return Occasion(True, "nobody answers the agent", tuple(Moment(u.span, u.text) for u in voices))


def cannot_hear_agent(call: Call) -> Occasion:
    """The customer says that the agent cannot be heard."""
    heard = hear(call, Role.CUSTOMER).utterances
    plain = {u.idx for u in heard if _hears_nothing(u.text)}
    named = {m.utterance_idx for m in find_all(AGENT_NOT_HEARD, heard, threshold=0.85)}
    answered = _first_word_s(call, Role.AGENT)
    found = [u for u in heard if u.idx in plain | named and u.start_s > answered]
    if not found:
        return absent(call, "the customer never says that nothing is heard")
    return said("the customer cannot hear the agent", found)


def caller_not_heard(call: Call) -> Occasion:
    """The agent says that the customer cannot be heard."""
    found = _agent_says(call, CALLER_NOT_HEARD)
    if not found:
        return Occasion(False, "the agent never says that the customer cannot be heard")
    return said("the agent cannot hear the customer", found)


def caller_still_not_heard(call: Call) -> Occasion:
    """The agent says for a second time that the customer cannot be heard."""
    turns = [run for run in runs(call) if run[0].role is not Role.CUSTOMER]
    found = {u.idx for u in _agent_says(call, CALLER_NOT_HEARD)}
    said_in = [[u for u in run if u.idx in found] for run in turns]
    again = [u for hits in [hits for hits in said_in if hits][1:] for u in hits]
    spoken = [u for u in hear(call, Role.AGENT).utterances if again and u.start_s > again[-1].start_s]
    if HEARD_WELL.found_in(spoken):
        return Occasion(False, "the customer is heard in the end")
    if not again:
        return Occasion(False, "the agent does not say a second time that the customer cannot be heard")
    return said("the agent still cannot hear the customer", again)


def hands_free_suspected(call: Call) -> Occasion:
    """The agent speaks of hands-free or of lifting the handset."""
    found = _agent_says(call, HANDS_FREE)
    if not found:
        return absent(call, "nobody speaks of hands-free", Role.AGENT)
    return said("the agent suspects hands-free", found)


def _agent_says(call: Call, phrases: Sequence[Phrase]) -> list[Utterance]:
    heard = hear(call, Role.AGENT).utterances
    found = {m.utterance_idx for m in find_all(phrases, heard, threshold=0.85)}
    return [u for u in heard if u.idx in found]


def _is_noise(utterance: Utterance) -> bool:
    return utterance.chars <= NOISE_CHARS and utterance.confidence < NOISE_CONFIDENCE


def _hears_nothing(text: str) -> bool:
    """Whether an utterance says that nothing is heard, or only hello again and again, and little else."""
    rest = re.sub(r"\W", "", LINE_WORDS.sub("", text))
    called = re.findall(HELLO, re.sub(r"\W", "", text)[:HELLOS])
    if len(rest) > OTHER_CHARS:
        return False
    return NOTHING_HEARD.search(text) is not None or (len(called) > 1 and not rest)


def _first_word_s(call: Call, role: Role) -> float:
    own = [u.start_s for u in call.utterances if u.role in (role, Role.UNKNOWN)]
    return min(own, default=call.duration_s)
