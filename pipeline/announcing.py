"""Taking automatic announcements out of a channel's speech."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.composition import Channel
from pipeline.spans import Span, Spans, intersect, subtract
from pipeline.speech.activity import find_pauses
from pipeline.speech.announcements import Announcement, Listen, find_opening
from pipeline.speech.played import find_played

# Of speech that an announcement's edge cut, less than this is the announcement's.
SLIVER_S = 0.12
# The pause behind an announcement may be so short that voice activity has bridged it.
PAUSE_WITHIN_S = 2.0


def take_out_announcements(channel: Channel, listen: Listen, *, opens_by_s: float) -> Channel:
    """Return the channel with its announcements apart from what is said.

    Parameters
    ----------
    channel : Channel
    listen : callable
        Recognises stretches of the channel again.
    opens_by_s : float
        An utterance that starts later does not open the call.
    """

    def pauses(span: Span) -> Spans:
        return find_pauses(channel.samples, span)

    # The opening may be heard as no words at all, for it is heard again in pieces.
    first = next(iter(channel.utterances), None)
    following = channel.utterances[1:]
    opening = None
    if first is not None and first.start_s <= opens_by_s:
        opening = find_opening(first, pauses(first.span), following, listen)
    others = channel.utterances if opening is None else following
    found = [*find_played(others, pauses), *([opening] if opening is not None else [])]
    for announcement in sorted(found, key=lambda a: a.span):
        channel = _take_out(channel, announcement, pauses, listen)
    return channel


def _take_out(
    channel: Channel, announcement: Announcement, pauses: Callable[[Span], Spans], listen: Listen
) -> Channel:
    """Return the channel without an announcement; what else its utterance held is recognised afresh."""
    # What is left of its own last sound is no speech.
    end_s = announcement.span.end_s
    behind = [p for p in pauses(Span(end_s, end_s + PAUSE_WITHIN_S)) if p.start_s - end_s < SLIVER_S]
    left = subtract(channel.speech, [announcement.span, *behind[:1]])
    speech = tuple(s for s in left if s in channel.speech or s.duration_s >= SLIVER_S)
    without = replace(channel, speech=speech, announcements=(*channel.announcements, announcement))
    utterances = []
    for utterance in channel.utterances:
        if utterance.span.overlap_s(announcement.span) <= 0:
            utterances.append(utterance)
            continue
        rest = intersect(speech, subtract([utterance.span], [announcement.span]))
        before = [s for s in rest if s.end_s <= announcement.span.start_s]
        after = [s for s in rest if s.start_s >= announcement.span.end_s]
        pieces = [Span(part[0].start_s, part[-1].end_s) for part in (before, after) if part]
        utterances += listen(pieces) if pieces else []
    return replace(without, utterances=tuple(utterances))
