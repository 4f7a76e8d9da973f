"""Parts of a call in which a clause wants something said.

A *run* is what one party says until the other takes the floor; backchannels do not take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.call import Call, EventKind, Utterance, once_per_call
from pipeline.checks.evidence.hearing import Heard, Part, whole
from pipeline.spans import Span
from pipeline.wording.spoken import spoken_units

# A greeting may be cut into two by a caller's early word; a closing by the customer's thanks and goodbye.
OPENING_RUNS, OPENING_S = 2, 20.0
# Of a call the desk makes: a greeting, then whether it is the right person, then who calls and why.
OUTBOUND_RUNS, OUTBOUND_S = 3, 30.0
CLOSING_RUNS, CLOSING_S = 3, 20.0

Run = tuple[Utterance, ...]


@once_per_call
def runs(call: Call) -> tuple[Run, ...]:
    """Utterances of all roles grouped by who holds the floor, in order, backchannels left out."""
    backchannels = {(e.role, e.start_s) for e in call.events_of(EventKind.BACKCHANNEL)}
    floor = [u for u in call.utterances if (u.role, u.start_s) not in backchannels]
    return tuple(tuple(group) for _, group in groupby(floor, key=lambda u: u.role))


@once_per_call
def opening(call: Call, heard: Heard) -> Part:
    """The role's first two runs after the connection, within 20 s of its first word there.

    Three runs within 30 s on an outbound call. Its time begins with the connection and lasts until the
    role's next words.
    """
    since_s = _connected_s(call)
    outbound = call.record.direction == "outbound"
    count, length_s = (OUTBOUND_RUNS, OUTBOUND_S) if outbound else (OPENING_RUNS, OPENING_S)
    connected = [
        kept for run in _runs_of(call, heard) if (kept := tuple(u for u in run if u.end_s > since_s))
    ]
    own = connected[: _count(heard, count)]
    until_s = (own[0][0].start_s if own else since_s) + length_s
    said = tuple(u for u in _flat(own) if u.start_s <= until_s)
    next_s = min((u.start_s for u in _flat(connected) if u not in said), default=call.duration_s)
    end_s = max([min(until_s, next_s), since_s, *(u.end_s for u in said)])
    return Part(Span(since_s, end_s), said)


@once_per_call
def closing(call: Call, heard: Heard) -> Part:
    """The role's last three runs, within 20 s of its last word.

    Its time lasts to the end of the recording. What voices without roles say may hold several turns: of
    that, only the words of those 20 s.
    """
    own = _runs_of(call, heard)[-_count(heard, CLOSING_RUNS) :]
    since_s = own[-1][-1].end_s - CLOSING_S if own else 0.0
    said = tuple(u for u in _flat(own) if u.end_s >= since_s)
    if not heard.attributed:
        said = tuple(_said_since(u, since_s) for u in said)
    first_s = min((u.start_s for u in said), default=0.0)
    return Part(whole(call, heard, since_s=first_s).span, said)


@once_per_call
def last_half(call: Call, heard: Heard) -> Part:
    """What the role says after the middle of the recording, and its last three runs, without its first."""
    own = _runs_of(call, heard)
    late = {u.idx for u in heard.utterances if u.end_s >= call.duration_s / 2}
    late |= {u.idx for u in _flat(own[-_count(heard, CLOSING_RUNS) :])}
    late -= {u.idx for u in _flat(own[:1])} if len(own) > 1 else set()
    said = tuple(u for u in heard.utterances if u.idx in late)
    first_s = min([call.duration_s / 2, *(u.start_s for u in said)])
    return Part(whole(call, heard, since_s=first_s).span, said)


def after(heard: Heard, moment_s: float, *, within_s: float) -> Part:
    """What the role begins to say in the ``within_s`` seconds after a moment."""
    said = tuple(u for u in heard.utterances if moment_s - 0.5 <= u.start_s <= moment_s + within_s)
    end_s = max([moment_s + within_s, *(u.end_s for u in said)])
    return Part(Span(max(0.0, moment_s - 0.5), end_s), said)


def before(heard: Heard, moment_s: float, *, within_s: float) -> Part:
    """What the role ends saying in the ``within_s`` seconds before a moment."""
    said = tuple(u for u in heard.utterances if moment_s - within_s <= u.end_s <= moment_s + 0.5)
    start_s = min([moment_s - within_s, *(u.start_s for u in said)])
    return Part(Span(max(0.0, start_s), moment_s + 0.5), said)


def _said_since(utterance: Utterance, since_s: float) -> Utterance:
    """Return an utterance without the words before a moment, its time spread evenly over its text."""
    share = (since_s - utterance.start_s) / max(utterance.end_s - utterance.start_s, 1e-9)
    if share <= 0:
        return utterance
    text = utterance.text[round(len(utterance.text) * share) :]
    return replace(
        utterance,
        start_s=since_s,
        text=text,
        chars=spoken_units(text),
        speech_s=utterance.speech_s * (1 - share),
    )


def _connected_s(call: Call) -> float:
    """End of the ringback tone; what is recognised in it is no speech."""
    return max((e.end_s for e in call.events_of(EventKind.RINGBACK)), default=0.0)


def _runs_of(call: Call, heard: Heard) -> Sequence[Run]:
    if not heard.attributed:
        return [(u,) for u in heard.utterances]
    return [run for run in runs(call) if run[0].role is heard.role]


def _count(heard: Heard, runs_of_role: int) -> int:
    """Voices whose roles are not known take turns: every second run may be the role's."""
    return runs_of_role if heard.attributed else 2 * runs_of_role


def _flat(some: Iterable[Run]) -> Run:
    return tuple(u for run in some for u in run)
