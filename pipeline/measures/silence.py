"""Non-talk time and holds.

- *non-talk*: neither party speaks for longer than 3 s, between the first and the last speech (the fixed
  value of Amazon Connect Contact Lens).
- *hold*: a non-talk or music stretch of at least 8 s when the agent announced a wait or speaks of one on
  return, when music or typing is heard, or when the agent owes the customer an answer; of at least 15 s in
  any case. Stretches separated only by an update of the agent are one hold.
- *closing silence*: the last speech to the end of the recording, longer than 5 s and not a hold.

A hold begins at the last speech before it and ends at the first speech after it; where music or typing is
heard it ends with the sound, since the other party may take a moment to react.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.call import Event, EventKind, Role, Scalar, Utterance
from pipeline.measures import waiting
from pipeline.spans import Span, Spans, gaps, intersect, subtract, total_s, union

NON_TALK_S = 3.0
HOLD_EXPECTED_S = 8.0
HOLD_ANY_S = 15.0
CLOSING_SILENCE_S = 5.0
# An agent-only stretch this short between two silences is an update, not the end of the hold.
UPDATE_S = 8.0
# After the sound of a hold ends the other party takes up to this long to react.
REACTION_S = 3.0
# Voice activity without words that is shorter than this does not end a silence.
BLIP_S = 1.0
# Share of a stretch that must sound like music (or typing) to be called so.
SOUND_SHARE = 0.4


COURTESIES = ("announced", "asked", "consent", "reason_given", "return_courtesy")


@dataclass(frozen=True, slots=True)
class Sounds:
    """What fills the silence: stretches of music, and of typing or other repeated small noises.

    ``vocal`` are the parts of the music in which somebody sings or speaks.
    """

    music: Spans = ()
    typing: Spans = ()
    vocal: Spans = ()


def find_non_talk(speech: Spans) -> tuple[Event, ...]:
    """Stretches over 3 s in which neither party speaks, between the first and the last speech."""
    return tuple(
        Event(EventKind.NON_TALK, None, gap.start_s, gap.end_s)
        for gap in gaps(speech)
        if gap.duration_s > NON_TALK_S
    )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """One silence: what fills it and who spoke around it."""

    span: Span
    kind: str
    before: Utterance | None
    after: Utterance | None


def find_holds(
    utterances: Sequence[Utterance], speech: Spans, *, sounds: Sounds, end_s: float
) -> tuple[Event, ...]:
    """Holds with their attributes.

    Parameters
    ----------
    utterances : sequence of Utterance
        Of all roles, by start.
    speech : Spans
        Voice activity of both parties together.
    sounds : Sounds
        Music and typing heard on any channel.
    end_s : float
        End of the recording.

    Returns
    -------
    tuple of Event
        Attributes: ``kind`` (music, dead, typing), ``announced``, ``asked``, ``reason_given``, ``consent``,
        ``return_courtesy`` (None when nobody came back; all five None when the agent's voice is not known,
        and ``unknown_because`` then says so), ``longest_wait_s`` (without the agent's voice), ``returned``,
        ``turn`` (whose it was when the hold began), ``updates``.
    """
    talk = _without_blips(speech, utterances)
    if not talk:
        return ()
    last_s = talk[-1].end_s
    silences = [*gaps(talk), Span(last_s, max(end_s, last_s))]
    stretches = [_stretch(s, utterances, sounds) for s in silences if s.duration_s > NON_TALK_S]
    agent_s = min((u.start_s for u in utterances if u.role is not Role.CUSTOMER), default=end_s)
    holds: list[list[_Stretch]] = []
    for stretch in stretches:
        if stretch.span.start_s < agent_s:
            continue  # nobody is put on hold before somebody has answered
        trailing = stretch.span.start_s >= last_s
        goes_on = holds and stretch.span.duration_s >= HOLD_EXPECTED_S
        if goes_on and _is_same_wait(holds[-1][-1].span, stretch.span, utterances):
            holds[-1].append(stretch)
        elif _is_hold(stretch, utterances, trailing=trailing):
            holds.append([stretch])
    return tuple(_hold_event(stretch, utterances, end_s) for stretch in holds)


def find_closing_silence(speech: Spans, holds: Sequence[Event], *, end_s: float) -> tuple[Event, ...]:
    """Return the silence between the last speech and the end of the recording when it exceeds 5 s."""
    if not speech:
        return ()
    tail = Span(speech[-1].end_s, max(end_s, speech[-1].end_s))
    if tail.duration_s <= CLOSING_SILENCE_S or any(h.span.overlap_s(tail) > 0 for h in holds):
        return ()
    return (Event(EventKind.CLOSING_SILENCE, None, tail.start_s, tail.end_s),)


def _stretch(silence: Span, utterances: Sequence[Utterance], sounds: Sounds) -> _Stretch:
    middle = (silence.start_s + silence.end_s) / 2
    before = [u for u in utterances if u.start_s < silence.start_s and u.end_s <= middle]
    after = [u for u in utterances if u.start_s > silence.start_s and u.end_s > middle]
    music = intersect([silence], sounds.music)
    typing = intersect([silence], sounds.typing)
    stretch = _Stretch(
        silence,
        "dead",
        max(before, key=lambda u: u.end_s, default=None),
        min(after, key=lambda u: u.start_s, default=None),
    )
    for kind, heard in (("music", music), ("typing", typing)):
        if total_s(heard) >= SOUND_SHARE * silence.duration_s:
            # A sound that fades in still began with the silence. Its end is the hold's end unless the
            # silence goes on.
            tail_s = silence.end_s - heard[-1].end_s
            end_s = heard[-1].end_s if tail_s <= REACTION_S else silence.end_s
            return replace(stretch, kind=kind, span=Span(silence.start_s, end_s))
    return stretch


def _is_hold(stretch: _Stretch, utterances: Sequence[Utterance], *, trailing: bool) -> bool:
    length = stretch.span.duration_s
    expected = (
        stretch.kind != "dead"
        or waiting.is_announced(stretch.span.start_s, utterances)
        or waiting.is_courteous_return(stretch.span.end_s, utterances)
    )
    if trailing:
        return length >= HOLD_EXPECTED_S and expected
    owed = (
        stretch.before is not None
        and stretch.after is not None
        and stretch.before.role is Role.CUSTOMER
        and stretch.after.role is Role.AGENT
    )
    return length >= HOLD_ANY_S or (length >= HOLD_EXPECTED_S and (expected or owed))


def _without_blips(speech: Spans, utterances: Sequence[Utterance]) -> Spans:
    """Speech without short voice activity in which no words were recognised: a cough ends no silence."""
    return tuple(
        s for s in speech if s.duration_s >= BLIP_S or any(u.span.overlap_s(s) > 0 for u in utterances)
    )


def _is_same_wait(left: Span, right: Span, utterances: Sequence[Utterance]) -> bool:
    """Whether between two silences the agent only gives an update, or only the customer speaks.

    The customer may take the update up in a word (好).
    """
    between = Span(left.end_s, max(left.end_s, right.start_s))
    said = [u for u in utterances if u.span.overlap_s(between) > 0]
    if not said or total_s(union(u.span for u in said)) > UPDATE_S:
        return False
    by_agent = [u for u in said if u.role is Role.AGENT]
    if not by_agent:
        return all(u.role is Role.CUSTOMER for u in said)
    others = [u for u in said if u.role is not Role.AGENT]
    return all(waiting.is_patience(u) for u in others) and waiting.is_update(by_agent)


def _longest_wait_s(hold: Span, utterances: Sequence[Utterance]) -> float:
    """Longest stretch inside the hold without the agent's voice."""
    by_agent = [u.span for u in utterances if u.role is not Role.CUSTOMER]
    return max((s.duration_s for s in subtract([hold], by_agent)), default=0.0)


def _hold_event(stretches: Sequence[_Stretch], utterances: Sequence[Utterance], end_s: float) -> Event:
    first = stretches[0]
    start, end = first.span.start_s, stretches[-1].span.end_s
    kinds = Counter[str]()
    for stretch in stretches:
        kinds[stretch.kind] += round(1000 * stretch.span.duration_s)
    returned = stretches[-1].after is not None and end < end_s
    return Event(
        kind=EventKind.HOLD,
        role=None,
        start_s=start,
        end_s=end,
        attributes=tuple(
            sorted(
                (
                    *_courtesies(Span(start, end), utterances, returned=returned),
                    ("kind", kinds.most_common(1)[0][0]),
                    ("longest_wait_s", round(_longest_wait_s(Span(start, end), utterances), 3)),
                    ("returned", returned),
                    ("turn", first.before.role.value if first.before else None),
                    ("updates", len(stretches) - 1),
                )
            )
        ),
    )


def _courtesies(
    hold: Span, utterances: Sequence[Utterance], *, returned: bool
) -> tuple[tuple[str, Scalar], ...]:
    """What was said around a hold; None for each when it is not known which voice is the agent's."""
    start, end = hold.start_s, hold.end_s
    if not any(u.role is Role.AGENT for u in utterances):
        why = "no voice is known to be the agent's"
        return (*((name, None) for name in COURTESIES), ("unknown_because", why))
    announced = waiting.announcement(start, utterances)
    return (
        ("announced", announced is not None),
        ("asked", announced is not None and waiting.is_asked(announced, start, utterances)),
        ("consent", announced is not None and waiting.is_consented(announced, start, utterances)),
        ("reason_given", announced is not None and waiting.gives_reason(announced, start, utterances)),
        ("return_courtesy", waiting.is_courteous_return(end, utterances) if returned else None),
    )
