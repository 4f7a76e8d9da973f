"""Parts of a call in which a clause wants something said.

A *run* is what one party says until the other takes the floor; backchannels do not take it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.call import Call, EventKind, Utterance
from pipeline.checks.evidence.hearing import Heard

# A greeting may be cut into two by a caller's early word; a closing by the customer's thanks and goodbye.
OPENING_RUNS, OPENING_S = 2, 20.0
CLOSING_RUNS, CLOSING_S = 3, 20.0

Run = tuple[Utterance, ...]


def runs(call: Call) -> tuple[Run, ...]:
    """Utterances of all roles grouped by who holds the floor, in order, backchannels left out."""
    backchannels = {(e.role, e.start_s) for e in call.events_of(EventKind.BACKCHANNEL)}
    floor = [u for u in call.utterances if (u.role, u.start_s) not in backchannels]
    return tuple(tuple(group) for _, group in groupby(floor, key=lambda u: u.role))


def opening(call: Call, heard: Heard) -> Run:
    """The role's first two runs after the connection, within 20 s of its first word there."""
    since_s = _connected_s(call)
    connected = [
        kept for run in _runs_of(call, heard) if (kept := tuple(u for u in run if u.end_s > since_s))
    ]
    own = connected[:OPENING_RUNS]
    return tuple(u for u in _flat(own) if u.start_s <= own[0][0].start_s + OPENING_S)


def closing(call: Call, heard: Heard) -> Run:
    """The role's last three runs, within 20 s of its last word."""
    own = _runs_of(call, heard)[-CLOSING_RUNS:]
    return tuple(u for u in _flat(own) if u.end_s >= own[-1][-1].end_s - CLOSING_S)


def last_half(call: Call, heard: Heard) -> Run:
    """What the role says after the middle of the recording, and its last three runs, without its first."""
    own = _runs_of(call, heard)
    late = {u.idx for u in heard.utterances if u.end_s >= call.duration_s / 2}
    late |= {u.idx for u in _flat(own[-CLOSING_RUNS:])}
    late -= {u.idx for u in _flat(own[:1])} if len(own) > 1 else set()
    return tuple(u for u in heard.utterances if u.idx in late)


def after(heard: Heard, moment_s: float, *, within_s: float) -> Run:
    """What the role begins to say in the ``within_s`` seconds after a moment."""
    return tuple(u for u in heard.utterances if moment_s - 0.5 <= u.start_s <= moment_s + within_s)


def before(heard: Heard, moment_s: float, *, within_s: float) -> Run:
    """What the role ends saying in the ``within_s`` seconds before a moment."""
    return tuple(u for u in heard.utterances if moment_s - within_s <= u.end_s <= moment_s + 0.5)


def _connected_s(call: Call) -> float:
    """End of the ringback tone; what is recognised in it is no speech."""
    return max((e.end_s for e in call.events_of(EventKind.RINGBACK)), default=0.0)


def _runs_of(call: Call, heard: Heard) -> Sequence[Run]:
    if not heard.attributed:
        return [(u,) for u in heard.utterances]
    return [run for run in runs(call) if run[0].role is heard.role]


def _flat(some: Iterable[Run]) -> Run:
    return tuple(u for run in some for u in run)
