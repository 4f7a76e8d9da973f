"""Conditions about what a customer brings: faults, wrong numbers, muddle, nuisance, another language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.call import Call, Role, Utterance
from pipeline.checks.conditions.base import Occasion, absent, said
from pipeline.checks.evidence import customer_sayings as sayings
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.languages import foreign_speech
from pipeline.checks.evidence.windows import runs

# A long turn with this many hesitations rambles.
# A wrong number comes out at the beginning.
OPENING_TURNS = 4
RAMBLING_CHARS, RAMBLING_FILLERS = 50, 6


def technical_fault(call: Call) -> Occasion:
    """The customer complains that a system, page, network or device of the company does not work."""
    found = sayings.FAULT.found_in(hear(call, Role.CUSTOMER).utterances)
    # It stays the same fault when the customer comes back to it.
    return said("the customer reports a fault", found[:1]) if found else absent(call, "no fault is reported")


def wrong_number(call: Call) -> Occasion:
    """The customer has dialled a wrong number: either party says so."""
    by_customer = sayings.DIALLED_WRONG.found_in(hear(call, Role.CUSTOMER).utterances)
    by_agent = sayings.TOLD_WRONG.found_in(hear(call, Role.AGENT).utterances)
    found = sorted({*by_customer, *by_agent, *_asks_for_others(call)}, key=lambda u: u.start_s)
    return said("the number is wrong", found) if found else absent(call, "nobody speaks of a wrong number")


def _asks_for_others(call: Call) -> tuple[Utterance, ...]:
    """What a customer opens with who asks for somebody else, where the agent says that it is not they."""
    turns = runs(call)
    for asked, answered in pairwise(turns[:OPENING_TURNS]):
        if asked[0].role is not Role.CUSTOMER or answered[0].role is not Role.AGENT:
            continue
        told = sayings.NOT_THEY.match(answered[0].text) and not sayings.TAKEN_UP.search(answered[0].text)
        named = [u for u in asked if sayings.OTHER_PARTY.search(u.text)]
        if told and named:
            return (named[-1],)
    return ()


def unclear_customer(call: Call) -> Occasion:
    """The customer rambles, cannot say clearly what the matter is, or is not followed by the agent."""
    heard = hear(call, Role.CUSTOMER)
    found = set(sayings.AT_A_LOSS.found_in(heard.utterances))
    found |= {u for u in heard.utterances if u.chars >= RAMBLING_CHARS and _rambles(u.text)}
    if heard.attributed:
        turns = [
            r for r in runs(call) if r[0].role is Role.CUSTOMER and sum(u.chars for u in r) >= RAMBLING_CHARS
        ]
        found |= {turn[0] for turn in turns if _rambles("".join(u.text for u in turn))}
        found |= set(_not_followed(call))
    if not found:
        return absent(call, "the customer says clearly what the matter is")
    return said("the customer is unclear", sorted(found, key=lambda u: u.start_s))


def _not_followed(call: Call) -> Iterator[Utterance]:
    """What the customer said right before the agent says that it cannot be followed."""
    for asked, reply in pairwise(runs(call)):
        answered = asked[0].role is Role.CUSTOMER and reply[0].role is Role.AGENT
        if answered and sayings.NOT_FOLLOWED.search("".join(u.text for u in reply)):
            yield asked[0]


def nuisance(call: Call) -> Occasion:
    """The caller wants company, jokes or abuse, not business."""
    found = sayings.NUISANCE.found_in(hear(call, Role.CUSTOMER).utterances)
    return said("the caller is a nuisance", found) if found else absent(call, "the caller has business")


def other_language(call: Call) -> Occasion:
    """The customer speaks English, Cantonese or a dialect, or asks to speak it."""
    speech = foreign_speech(hear(call, Role.CUSTOMER).utterances)
    if speech is None:
        return absent(call, "the customer speaks Mandarin")
    return said(f"the customer speaks {speech.language}", speech.utterances)


def _rambles(text: str) -> bool:
    return len(sayings.FILLER.findall(text)) >= RAMBLING_FILLERS
