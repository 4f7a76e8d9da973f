"""Conditions about what the agent runs into: not hearing, explaining, looking up, not knowing."""

from __future__ import annotations

from pipeline.call import Call, Event, Role, Utterance
from pipeline.checks.conditions.base import Moment, Occasion, absent, said
from pipeline.checks.evidence import agent_sayings as sayings
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.holds import kept_waiting
from pipeline.checks.evidence.questions import clauses
from pipeline.checks.evidence.windows import runs
from pipeline.spans import Span
from pipeline.wording.spoken import spoken_units

# Statements of this many spoken characters in one turn, a quarter of a minute's talk, are an explanation.
EXPLANATION_CHARS = 50
GUESSES = 2
# An announcement and the wait it announces; waits parted only by an update are one.
ANNOUNCED_S, UPDATE_S = 10.0, 3.0
# Words of this confidence are what was said.
SURE_OF_WORDS = 0.75


def agent_did_not_hear(call: Call) -> Occasion:
    """The agent could not hear or make out what the customer said."""
    customer = hear(call, Role.CUSTOMER).utterances
    first_s = min((u.start_s for u in customer), default=call.duration_s)
    spoken = tuple(u for u in hear(call, Role.AGENT).utterances if u.start_s > first_s)
    found = sayings.NOT_HEARD.found_in(spoken)
    return (
        said("the agent did not hear", found)
        if found
        else absent(call, "the agent hears everything", Role.AGENT)
    )


def explanation(call: Call) -> Occasion:
    """The agent explains something at length, or asks whether an explanation was understood."""
    heard = hear(call, Role.AGENT)
    spoken = heard.utterances
    turns = [r for r in runs(call) if r[0].role is Role.AGENT] if heard.attributed else [(u,) for u in spoken]
    asked_s = min((u.start_s for u in hear(call, Role.CUSTOMER).utterances), default=call.duration_s)
    # Nothing is explained to a caller who has not spoken.
    asked = [turn for turn in turns if turn[0].start_s >= asked_s]
    long = [max(turn, key=lambda u: u.chars) for turn in asked if _explains(turn)]
    checked = sayings.UNDERSTOOD.found_in(spoken)
    found = sorted({*long, *checked}, key=lambda u: u.start_s)
    return (
        said("the agent explains", found)
        if found
        else absent(call, "nothing is explained at length", Role.AGENT)
    )


def look_up(call: Call) -> Occasion:
    """The agent has to look something up: says so, or leaves the customer waiting."""
    spoken = hear(call, Role.AGENT).utterances
    announced = sayings.LOOKING_UP.found_in(spoken)
    moments, unsure = [Moment(u.span, u.text) for u in announced], False
    updated_s = -UPDATE_S
    for hold in kept_waiting(call):
        before = _before(spoken, hold.start_s)
        waits = [u for u in before if sayings.WAIT.has_words(u.text)]
        update = any(u.start_s - updated_s < UPDATE_S for u in before[-1:])
        updated_s = hold.end_s
        if update or any(u in announced or sayings.TRANSFER.has_words(u.text) for u in before):
            continue
        if not waits and _may_announce(call, before, hold):
            unsure = True
            continue
        moments.append(
            Moment(waits[-1].span, waits[-1].text) if waits else Moment(Span(hold.start_s, hold.start_s))
        )
    if moments:
        moments.sort(key=lambda m: m.span.start_s)
        return Occasion(True, "something has to be looked up", tuple(moments))
    if unsure:
        return Occasion(None, "the customer waits; what the agent says before it was not made out")
    return absent(call, "nothing has to be looked up", Role.AGENT)


def unknown_matter(call: Call) -> Occasion:
    """The agent does not know the answer: guesses, says so, or has to ask somebody."""
    heard = hear(call, Role.AGENT).utterances
    guesses = sayings.GUESSED.found_in(heard)
    # One guess is a way of speaking (大概三天吧); several are no knowledge.
    made = sum(sayings.GUESSED.has_words(clause) for u in guesses for clause in clauses(u.text))
    guesses = guesses if max(made, len(guesses)) >= GUESSES else ()
    found = sorted({*sayings.NOT_KNOWN.found_in(heard), *guesses}, key=lambda u: u.start_s)
    return (
        said("the agent does not know", found)
        if found
        else absent(call, "the agent knows the answers", Role.AGENT)
    )


def not_offered(call: Call) -> Occasion:
    """The customer asks for a service that the company does not offer."""
    found = sayings.NOT_OFFERED.found_in(hear(call, Role.AGENT).utterances)
    return (
        said("the service is not offered", found)
        if found
        else absent(call, "no service is missing", Role.AGENT)
    )


def _explains(turn: tuple[Utterance, ...]) -> bool:
    """Whether a turn states much, beyond courtesies and announcements, and does not end in a question."""
    parts = [clause for u in turn for clause in clauses(u.text)]
    if not parts or sayings.ASKS.search("".join(parts)):
        return False
    stated = (c for c in parts if not sayings.COURTESIES.search(c))
    return sum(spoken_units(c) for c in stated) >= EXPLANATION_CHARS


def _before(utterances: tuple[Utterance, ...], moment_s: float) -> list[Utterance]:
    """What the agent says shortly before a wait."""
    return [u for u in utterances if moment_s - ANNOUNCED_S <= u.end_s <= moment_s + 0.5]


def _may_announce(call: Call, before: list[Utterance], hold: Event) -> bool:
    """Whether the last words before a wait are the agent's and were not surely recognised."""
    said_before = [u for u in call.utterances if u.start_s < hold.start_s]
    return bool(before) and said_before[-1] is before[-1] and before[-1].confidence < SURE_OF_WORDS
