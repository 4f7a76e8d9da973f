"""Turns: stretches in which one party holds the floor.

A turn joins a role's utterances when they are less than ``TURN_PAUSE_S`` apart, the other party does not
take the floor in between, and no hold separates them. Utterances are cut where the recogniser needs it;
turns are what conversation analysis counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.call import Call, Event, EventKind, Role, Utterance, once_per_call
from pipeline.spans import Span

TURN_PAUSE_S = 2.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One party's floor time.

    ``chars`` are spoken characters, ``speech_s`` voice activity inside it; ``language`` is that of its
    longest utterance.
    """

    role: Role
    start_s: float
    end_s: float
    chars: int
    speech_s: float
    text: str
    language: str = "zh"

    @property
    def span(self) -> Span:
        """Its interval."""
        return Span(self.start_s, self.end_s)


@once_per_call
def find_turns(call: Call) -> tuple[Turn, ...]:
    """Turns of both roles by start, backchannels left out."""
    backchannels = call.events_of(EventKind.BACKCHANNEL)
    floor = [u for u in call.utterances if not _is_backchannel(u, backchannels)]
    holds = [e.span for e in call.events_of(EventKind.HOLD)]
    turns: list[Turn] = []
    longest_s = 0.0
    for utterance in floor:
        last = turns[-1] if turns else None
        if last is not None and last.role is utterance.role and _continues(last, utterance, holds):
            longer = utterance.speech_s > longest_s
            longest_s = max(longest_s, utterance.speech_s)
            turns[-1] = Turn(
                role=last.role,
                start_s=last.start_s,
                end_s=max(last.end_s, utterance.end_s),
                chars=last.chars + utterance.chars,
                speech_s=last.speech_s + utterance.speech_s,
                text=_joined(last.text, utterance.text),
                language=utterance.language if longer else last.language,
            )
        else:
            longest_s = utterance.speech_s
            turns.append(
                Turn(
                    role=utterance.role,
                    start_s=utterance.start_s,
                    end_s=utterance.end_s,
                    chars=utterance.chars,
                    speech_s=utterance.speech_s,
                    text=utterance.text,
                    language=utterance.language,
                )
            )
    return tuple(turns)


def _joined(left: str, right: str) -> str:
    """One text of two, with a space where two Latin words would become one."""
    apart = left[-1:].isascii() and right[:1].isascii() and left and right
    return f"{left} {right}" if apart else left + right


def _is_backchannel(utterance: Utterance, backchannels: Sequence[Event]) -> bool:
    """Whether one of the call's backchannel events is this utterance."""
    return any(e.role is utterance.role and e.start_s == utterance.start_s for e in backchannels)


def _continues(turn: Turn, utterance: Utterance, holds: Sequence[Span]) -> bool:
    gap = Span(turn.end_s, max(turn.end_s, utterance.start_s))
    return gap.duration_s < TURN_PAUSE_S and not any(h.overlap_s(gap) > 0 for h in holds)
