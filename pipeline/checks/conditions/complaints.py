"""Conditions about grievances: complaints, anger, the company's fault, the agent's own mistakes."""

from __future__ import annotations

import re
from statistics import median

from pipeline.call import Call, Role, Utterance, once_per_call
from pipeline.checks.conditions.base import Occasion, absent, said
from pipeline.checks.conditions.calls import follow_up
from pipeline.checks.evidence import grievances, mistakes, wishes
from pipeline.checks.evidence.discontent import (
    DOUBTFUL,
    ENOUGH,
    IMPATIENCE,
    THE_COMPANY,
    THE_DAMAGE,
    half_tells,
    is_upset,
    resents,
    signs,
    tells_grievance,
)
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.sayings import Saying

# So much above the customer's own median until then a voice is raised, in dB and as a ratio of pitch.
RAISED_DB, RAISED_RATIO = 6.0, 1.25
# Hints that make a complaint; one that is addressed to the company is enough.
CLEAR = 2
ADDRESSED = re.compile("你们|你这|你是|您们|这家|贵公司")
STORY_CHARS = 80
# Utterances by which a voice is known.
KNOWN_BY = 2


def complaint(call: Call) -> Occasion:
    """The customer complains of the service, the product or the agent."""
    found = _complaints(call)
    if found:
        return said("the customer complains", found)
    hinted = [utterance for utterance, _ in _grievances(call)]
    if hinted:
        return Occasion(None, f"{hinted[0].text!r}: one hint of a complaint, and no more")
    upset = [u for u in call.by_role(Role.CUSTOMER) if _is_upset(u) and not _leaves(u)]
    if upset:
        return Occasion(None, f"{upset[0].text!r}: whether the customer complains is not clear")
    return absent(call, "the customer does not complain")


def complaint_or_follow_up(call: Call) -> Occasion:
    """The customer complains, or the desk calls back about an earlier matter."""
    called_back = follow_up(call)
    if called_back.arises:
        return called_back
    told = complaint(call)
    return called_back if told.arises is False and called_back.arises is None else told


def angry_customer(call: Call) -> Occasion:
    """The customer is angry: words of anger, or a complaint in a raised voice."""
    heard = hear(call, Role.CUSTOMER).utterances
    complaints = _complaints(call)
    angry = [u for u in grievances.ANGER.found_in(heard) if u.chars <= STORY_CHARS or u in complaints]
    found = _in_order([*angry, *(u for u in _raised(heard) if u in complaints)])
    if found:
        return said("the customer is angry", found)
    return absent(call, "nothing in the customer's words or voice is angry")


def impatient_customer(call: Call) -> Occasion:
    """The customer presses or snaps at the agent."""
    found = grievances.IMPATIENCE.found_in(hear(call, Role.CUSTOMER).utterances)
    if found:
        return said("the customer is impatient", found)
    return absent(call, "the customer is not impatient")


def company_at_fault(call: Call) -> Occasion:
    """The company is at fault: the agent admits it, or what the customer tells shows it."""
    facts = grievances.FAULT.found_in(hear(call, Role.CUSTOMER).utterances)
    complaints = _complaints(call)
    down = grievances.OUTAGE.found_in(hear(call, Role.CUSTOMER).utterances) if complaints else ()
    found = _in_order([*facts, *down, *grievances.blamed(call)])
    if found:
        return said("the company is at fault", found)
    addressed = tuple(u for u in complaints if ADDRESSED.search(u.text))
    if addressed:
        return said("the customer lays it on the company", addressed)
    if complaints:
        return Occasion(None, "the customer complains; whose fault it is does not become clear")
    return absent(call, "no fault of the company is spoken of")


def own_mistake(call: Call) -> Occasion:
    """The agent made a mistake in the call: the agent says so, or the customer points it out."""
    found = mistakes.own_mistakes(call)
    if found:
        return said("a mistake of the agent's is spoken of", found)
    return absent(call, "no mistake of the agent's is spoken of")


@once_per_call
def _complaints(call: Call) -> tuple[Utterance, ...]:
    """What the customer complains of, when there is more than a hint of it in all they say."""
    found = _grievances(call)
    hinted = dict.fromkeys(utterance for utterance, _ in found)
    weights = {u: sum(weight for other, weight in found if other is u) for u in hinted}
    # A long story has every word in it; one that never speaks of the company is about others.
    weights |= {u: 0 for u in weights if u.chars > STORY_CHARS and not ADDRESSED.search(u.text)}
    clear = sum(min(weight, 1) if u.chars > STORY_CHARS else weight for u, weight in weights.items()) >= CLEAR
    told = [u for u in hinted if weights[u]]
    return _in_order(told) if clear or grievances.blamed(call) else ()


@once_per_call
def _grievances(call: Call) -> tuple[tuple[Utterance, int], ...]:
    """Utterances that hint at a complaint, and how much: words have other meanings, two hints seldom do."""
    heard = hear(call, Role.CUSTOMER).utterances
    kinds = (grievances.ANGER, grievances.DISPLEASURE, grievances.FAULT, grievances.EXPLICIT)
    in_words = [(u, _weight(u, kind)) for kind in kinds for u in kind.found_in(heard)]
    hinted = [u for u, _ in in_words]
    told = [
        (u, CLEAR if tells_grievance(u.text) else 1)
        for u in call.by_role(Role.CUSTOMER)
        if not _leaves(u) and (tells_grievance(u.text) or (u not in hinted and half_tells(u.text)))
    ]
    if in_words or told:
        counted = {*hinted, *(u for u, _ in told)}
        told += [(u, 1) for u in call.by_role(Role.CUSTOMER) if u not in counted and resents(u.text)]
    answered = [u for u in grievances.soothed(call) if is_upset(u.text) or u in hinted]
    return (*in_words, *told, *((u, CLEAR) for u in (*answered, *grievances.blamed(call))))


def _is_upset(utterance: Utterance) -> bool:
    """Whether signs of discontent come together, and not only something broken and whom it concerns."""
    given = signs(utterance.text)
    return len(given) >= DOUBTFUL and not {THE_COMPANY, THE_DAMAGE}.issuperset(given)


def _leaves(utterance: Utterance) -> bool:
    """Whether somebody gives a service up and says why, which is no complaint unless much is told."""
    return bool(wishes.CANCELLATION.found_in((utterance,))) and len(signs(utterance.text)) < ENOUGH


def _weight(utterance: Utterance, kind: Saying) -> int:
    """Return how much a hint says: it is clear when it names the company, or signs of discontent back it.

    A fault that is told with all its signs is a fault that is told; blame is another thing.
    """
    blames = kind is grievances.ANGER or kind is grievances.DISPLEASURE
    given = signs(utterance.text)
    backed = blames and len(given) >= DOUBTFUL and not IMPATIENCE.issuperset(given)
    return CLEAR if backed or ADDRESSED.search(utterance.text) else 1


def _raised(utterances: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
    """Utterances louder or higher than the speaker was until then."""
    return tuple(u for i, u in enumerate(utterances) if i >= KNOWN_BY and _is_raised(u, utterances[:i]))


def _is_raised(utterance: Utterance, earlier: tuple[Utterance, ...]) -> bool:
    levels = [u.level_dbfs for u in earlier if u.level_dbfs is not None]
    pitches = [u.pitch_hz for u in earlier if u.pitch_hz is not None]
    level, pitch = utterance.level_dbfs, utterance.pitch_hz
    louder = level is not None and len(levels) >= KNOWN_BY and level - median(levels) >= RAISED_DB
    higher = pitch is not None and len(pitches) >= KNOWN_BY and pitch >= RAISED_RATIO * median(pitches)
    return louder or higher


def _in_order(utterances: list[Utterance]) -> tuple[Utterance, ...]:
    """Each once, by start."""
    return tuple(sorted(dict.fromkeys(utterances), key=lambda u: u.start_s))
