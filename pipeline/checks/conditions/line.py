"""Conditions about the line: a caller who is faint, a line full of noise, a customer who asks to be heard."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.call import Call, Measurement, Role, Utterance
from pipeline.checks.conditions.base import Moment, Occasion, absent, said
from pipeline.checks.conditions.line_trouble import caller_not_heard
from pipeline.checks.evidence import audibility
from pipeline.checks.evidence.hearing import hear
from pipeline.checks.evidence.sayings import Saying
from pipeline.checks.evidence.windows import runs

# Parties of real calls lie within 13 dB of each other and above -31 dBFS; the faintest clear recordings of
# single speakers are at -43 dBFS.
FAINT_UNDER_DB, FAINT_DBFS = 18.0, -44.0
NOT_FAINT_UNDER_DB, NOT_FAINT_DBFS = 14.0, -40.0
# Voices of one recording that are this far apart may be a faint caller's and the agent's.
VOICES_APART_DB = 15.0
NORMAL_DBFS = -20.0
# Lines that nobody calls noisy have 20 dB or more between speech and the median of their noise; a building
# site has 13 to 16. Noise under -52 dBFS is faint itself: the voice is, not the line.
NOISY_DB, CLEAN_DB = 17.0, 19.0
NOISE_DBFS = -52.0


def faint_caller(call: Call) -> Occasion:
    """The customer's voice is too faint to hear: far under the agent's, or the agent cannot hear it."""
    own = hear(call, Role.CUSTOMER)
    if not own.attributed:
        return _faint_voice(call, own.utterances)
    if not own.utterances:
        return absent(call, "the customer says nothing")
    level, agent = _value(call, "level", Role.CUSTOMER), _value(call, "level", Role.AGENT)
    complained = caller_not_heard(call).arises is True
    if level is None:
        return _by_words(call, own.utterances)
    # An agent who shouts makes nobody faint.
    under = 0.0 if agent is None else min(agent, NORMAL_DBFS) - level
    if level <= FAINT_DBFS or under >= FAINT_UNDER_DB:
        faint = [u for u in own.utterances if u.level_dbfs is None or u.level_dbfs <= level + FAINT_UNDER_DB]
        return said(f"the customer's voice is at {level:.0f} dBFS, {under:.0f} dB under the agent's", faint)
    early = _faint_before_asked(call, own.utterances, agent)
    if early:
        return said("the customer's voice is faint until the agent says so", early)
    doubtful = level <= NOT_FAINT_DBFS or under >= NOT_FAINT_UNDER_DB
    reason = f"the customer's voice is at {level:.0f} dBFS, {max(0.0, under):.0f} dB under the agent's"
    if doubtful:
        return (
            said(f"{reason}, and the agent cannot hear it", own.utterances)
            if complained
            else Occasion(None, f"{reason}; whether that is faint needs a listener")
        )
    return Occasion(False, reason)


def _faint_before_asked(call: Call, own: Sequence[Utterance], agent_dbfs: float | None) -> list[Utterance]:
    """What is faint of the customer's words before the agent first says that they cannot be heard."""
    asked_s = min((m.span.start_s for m in caller_not_heard(call).moments), default=0.0)
    limit = FAINT_DBFS if agent_dbfs is None else max(FAINT_DBFS, agent_dbfs - FAINT_UNDER_DB)
    return [u for u in own if u.start_s < asked_s and u.level_dbfs is not None and u.level_dbfs <= limit]


def _faint_voice(call: Call, voices: Sequence[Utterance]) -> Occasion:
    """Whether one of the voices on a shared channel is faint, and somebody says so."""
    if caller_not_heard(call).arises is not False:
        return Occasion(None, "somebody is not heard; it is not known which voice is the customer's")
    levels = [u.level_dbfs for u in voices if u.level_dbfs is not None]
    if levels and max(levels) - min(levels) >= VOICES_APART_DB:
        return Occasion(None, "one voice is far fainter; it is not known whose")
    return Occasion(False, "nobody says that a voice is too faint")


def _by_words(call: Call, own: Sequence[Utterance]) -> Occasion:
    """Where no level was measured: what the agent says of it."""
    agent = hear(call, Role.AGENT).utterances
    if any(_calls_faint(u.text) for u in agent):
        return said("the agent says that the customer's voice is faint", own)
    if any(_speaks_of_loudness(u.text) for u in agent) and caller_not_heard(call).arises is not False:
        return Occasion(None, "the agent cannot hear the customer; the level was not measured")
    return Occasion(False, "the agent never says that the customer's voice is faint")


def _calls_faint(text: str) -> bool:
    return any(f"声音{much}{small}" in text for much in ("太", "很", "有点", "比较") for small in "小轻弱")


def _speaks_of_loudness(text: str) -> bool:
    """Whether it is the loudness that is spoken of: 没听清 alone may be about the words."""
    return any(word in text for word in ("声", "听不到", "听不见", "听不清", "免提", "话筒"))


def noisy_line(call: Call) -> Occasion:
    """The customer's line is full of noise: by its signal-to-noise ratio, or because somebody says so."""
    own, agent = hear(call, Role.CUSTOMER), hear(call, Role.AGENT)
    named = audibility.NOISE.found_in(agent.utterances)
    if named and own.attributed:
        return _named(call, named[0])
    role = Role.CUSTOMER if own.attributed else Role.UNKNOWN
    level, snr = _value(call, "level", role), _value(call, "snr", role)
    if snr is None:
        if named or audibility.NOISE.found_in(own.utterances):
            return Occasion(None, "noise is spoken of; it was not measured")
        return Occasion(False, "nobody speaks of noise, and none was measured")
    reason = f"{snr:.0f} dB between the voice and the line's noise"
    if snr >= CLEAN_DB or (level is not None and level - snr < NOISE_DBFS):
        return Occasion(False, reason)
    if snr > NOISY_DB or not own.attributed:
        return Occasion(None, f"{reason}; whether that is too noisy needs a listener")
    return (
        said(f"only {reason}", own.utterances) if own.utterances else absent(call, "the customer is silent")
    )


def _named(call: Call, named: Utterance) -> Occasion:
    """The agent speaks of noise in what the customer said before."""
    earlier = [run for run in runs(call) if run[0].role is Role.CUSTOMER and run[0].start_s < named.start_s]
    if not earlier:
        return Occasion(None, "the agent speaks of noise before the customer has spoken")
    moments = tuple(Moment(u.span, u.text) for u in earlier[-1])
    return Occasion(True, "the agent speaks of noise on the line", moments)


def asked_louder(call: Call) -> Occasion:
    """The customer asks the agent to speak up."""
    return _asked(call, audibility.LOUDER, "the customer asks the agent to speak up")


def asked_quieter(call: Call) -> Occasion:
    """The customer asks the agent to speak more quietly."""
    return _asked(call, audibility.QUIETER, "the customer asks the agent to speak more quietly")


def asked_to_repeat(call: Call) -> Occasion:
    """The customer asks the agent to repeat, or to speak more slowly or clearly."""
    return _asked(call, audibility.REPEAT, "the customer asks the agent to repeat or slow down")


def _asked(call: Call, saying: Saying, reason: str) -> Occasion:
    found = saying.found_in(hear(call, Role.CUSTOMER).utterances)
    return said(reason, found) if found else absent(call, f"never: {reason}")


def _value(call: Call, name: str, role: Role) -> float | None:
    taken: Measurement | None = call.measure(name, role)
    return None if taken is None else taken.value
