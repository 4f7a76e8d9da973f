"""Parts of a call in which a clause wants something said.

A *run* is what one party says until the other takes the floor; backchannels do not take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.call import Call, EventKind, Utterance
from pipeline.checks.evidence.hearing import Heard, Part, whole
from pipeline.spans import Span

# A greeting may be cut into two by a caller's early word; a closing by the customer's thanks and goodbye.
OPENING_RUNS, OPENING_S = 2, 20.0
CLOSING_RUNS, CLOSING_S = 3, 20.0

Run = tuple[Utterance, ...]


def runs(call: Call) -> tuple[Run, ...]:
    """Utterances of all roles grouped by who holds the floor, in order, backchannels left out."""
    backchannels = {(e.role, e.start_s) for e in call.events_of(EventKind.BACKCHANNEL)}
    floor = [u for u in call.utterances if (u.role, u.start_s) not in backchannels]
    return tuple(tuple(group) for _, group in groupby(floor, key=lambda u: u.role))


def opening(call: Call, heard: Heard) -> Part:
    """The role's first two runs after the connection, within 20 s of its first word there.

    Its time begins with the connection and lasts until the role's next words.
    """
    since_s = _connected_s(call)
    connected = [
        kept for run in _runs_of(call, heard) if (kept := tuple(u for u in run if u.end_s > since_s))
    ]
    own = connected[: _count(heard, OPENING_RUNS)]
    until_s = (own[0][0].start_s if own else since_s) + OPENING_S
    said = tuple(u for u in _flat(own) if u.start_s <= until_s)
    next_s = min((u.start_s for u in _flat(connected) if u not in said), default=call.duration_s)
    end_s = max([min(until_s, next_s), since_s, *(u.end_s for u in said)])
    return Part(Span(since_s, end_s), said)


def closing(call: Call, heard: Heard) -> Part:
    """The role's last three runs, within 20 s of its last word.

    Its time lasts to the end of the recording.
    """
    own = _runs_of(call, heard)[-_count(heard, CLOSING_RUNS) :]
    said = tuple(u for u in _flat(own) if u.end_s >= own[-1][-1].end_s - CLOSING_S)
    first_s = min((u.start_s for u in said), default=0.0)
    return Part(whole(call, heard, since_s=first_s).span, said)


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
