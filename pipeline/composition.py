"""A call put together from what was heard on its channels: roles, events, measurements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.audio import Waveform
from pipeline.call import Call, CallRecord, ChannelForm, Event, Measurement, Role, Utterance
from pipeline.measures import measure
from pipeline.measures.events import derive_events
from pipeline.measures.hearing import hearing_quality, measure_hearing
from pipeline.measures.silence import Sounds
from pipeline.measures.voice import describe_voice
from pipeline.spans import Span, Spans, union
from pipeline.speakers.dialects import with_cantonese
from pipeline.speakers.roles import Layout
from pipeline.speakers.separation import Separation
from pipeline.speech.announcements import Announcement
from pipeline.speech.keystrokes import detect_typing, quiet_stretches
from pipeline.speech.music import Music
from pipeline.speech.signals import Signals
from pipeline.speech.sound_events import announcement_events, call_events, channel_events


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One channel that was listened to; its utterances have no roles yet.

    ``leak_db`` is the level of the other party's voice on it, before it was taken out, below that party's own
    channel. ``removed`` names the utterance of each piece of text that the recogniser invented and that was
    taken out.
    """

    samples: Waveform
    speech: Spans
    music: Music = field(default_factory=Music)
    signals: Signals = field(default_factory=Signals)
    utterances: tuple[Utterance, ...] = ()
    leak_db: float | None = None
    removed: tuple[Span, ...] = ()
    announcements: tuple[Announcement, ...] = ()

    def with_removed(self, heard: Mapping[Span, int]) -> Channel:
        """Return it with the pieces taken out of what was just heard; no other than its utterances' count."""
        own = {u.span for u in self.utterances}
        before = [s for s in self.removed if s in own and s not in heard]
        fresh = [s for s, count in heard.items() if s in own for _ in range(count)]
        return replace(self, removed=tuple(sorted([*before, *fresh])))


def compose_call(
    record: CallRecord,
    channels: Sequence[Channel],
    layout: Layout,
    *,
    sha256: str,
    hearing_key: str,
    duration_s: float,
    channel_count: int,
    form: ChannelForm,
    separation: Separation | None = None,
) -> Call:
    """Put a call together and measure it.

    Parameters
    ----------
    record : CallRecord
    channels : sequence of Channel
        Those that were listened to; one per voice when voices on one line were told apart.
    layout : Layout
        Whose voice is on which of them.
    sha256 : str
        Of the recording's bytes.
    hearing_key : str
        How it was heard.
    duration_s : float
        Of the recording.
    channel_count : int
        Of the recording, also those that were not listened to.
    form : ChannelForm
        What its channels turned out to be.
    separation : Separation, optional
        How the voices on a line that the parties share were told apart.
    """
    speech: dict[Role, Spans] = {}
    for channel, role in zip(channels, layout.roles, strict=True):
        speech[role] = union([*speech.get(role, ()), *channel.speech])
    everyone = union(s for spans in speech.values() for s in spans)
    separated = layout.separated and Role.AGENT in layout.roles
    described, voices = _describe(channels, layout)
    utterances = _order(described, layout)
    sounds = _sounds(channels, everyone, duration_s)
    call = Call(
        record=replace(record, agent_channel=layout.agent_channel or record.agent_channel),
        sha256=sha256,
        hearing_key=hearing_key,
        duration_s=duration_s,
        channels=channel_count,
        form=form,
        separated=separated,
        hearing_quality=1.0,
        removed_texts=sum(len(c.removed) for c in channels),
        utterances=utterances,
        events=derive_events(
            utterances=utterances,
            speech=speech,
            duration_s=duration_s,
            separated=separated,
            sounds=sounds,
            ringback=max((c.signals.rings for c in channels), key=len, default=()),
            heard=_heard_events(channels, layout, sounds),
        ),
    )
    call = replace(
        call,
        measurements=(
            *measure(call),
            *voices,
            *measure_leakage(channels, layout),
            *measure_attribution(layout, separation),
        ),
    )
    parts = measure_hearing(call)
    return replace(call, measurements=(*call.measurements, *parts), hearing_quality=hearing_quality(parts))


def measure_leakage(channels: Sequence[Channel], layout: Layout) -> tuple[Measurement, ...]:
    """How loud each role is on the other's channel, below its own; only where it is heard there."""
    if not layout.separated or Role.UNKNOWN in layout.roles:
        return ()
    return tuple(
        Measurement("leakage", role, round(channel.leak_db, 1), "dB", method="least squares between channels")
        for channel, role in zip(channels, reversed(layout.roles), strict=True)
        if channel.leak_db is not None
    )


def measure_attribution(layout: Layout, separation: Separation | None) -> tuple[Measurement, ...]:
    """How sure it is who speaks: whose the channels or voices are, and how unlike voices on one line are."""
    known = Role.AGENT in layout.roles
    roles = Measurement(
        name="role_confidence",
        role=None,
        value=round(layout.confidence, 3) if known else None,
        unit="share",
        reason=None if known else layout.evidence,
        method=layout.evidence if known else "metadata, wording and who speaks first",
    )
    if separation is None:
        return (roles,)
    voices = Measurement(
        name="voice_separation",
        role=None,
        value=round(separation.confidence, 3) if separation.reason is None else None,
        unit="share",
        reason=separation.reason,
        method="how sure it is that there are two voices on the channel (CAM++)",
    )
    return roles, voices


def _sounds(channels: Sequence[Channel], speech: Spans, duration_s: float) -> Sounds:
    music = union(m for c in channels for m in c.music.spans)
    quiet = quiet_stretches(speech, music, duration_s=duration_s)
    return Sounds(
        music=music,
        typing=union(t for samples in _recorded(channels) for t in detect_typing(samples, quiet=quiet)),
        vocal=union(v for c in channels for v in c.music.vocal),
    )


def _recorded(channels: Sequence[Channel]) -> list[Waveform]:
    """Each recorded channel once: two voices may share one."""
    return list({id(c.samples): c.samples for c in channels}.values())


def _heard_events(channels: Sequence[Channel], layout: Layout, sounds: Sounds) -> tuple[Event, ...]:
    sides = list(zip(channels, layout.roles, strict=True))
    if not layout.separated:
        # What happens on a shared line is neither party's.
        sides = [(replace(channels[0], speech=union(s for c in channels for s in c.speech)), Role.UNKNOWN)]
    own = [event for c, role in sides for event in channel_events(c.samples, c.speech, c.signals, role)]
    return (
        *own,
        *call_events(_recorded(channels), sounds.typing),
        *announcement_events([a for c in channels for a in c.announcements]),
    )


def _order(channels: Sequence[Channel], layout: Layout) -> tuple[Utterance, ...]:
    """Utterances of all channels in which words were recognised, by start, with their roles."""
    found = [
        replace(u, role=role)
        for channel, role in zip(channels, layout.roles, strict=True)
        for u in channel.utterances
        if u.chars
    ]
    ordered = sorted(with_cantonese(found), key=lambda u: (u.start_s, u.end_s, u.role))
    return tuple(replace(u, idx=i) for i, u in enumerate(ordered))


def _describe(channels: Sequence[Channel], layout: Layout) -> tuple[list[Channel], tuple[Measurement, ...]]:
    """Channels with the level and pitch of every utterance, and what is measured of each role's voice."""
    described: list[Channel] = []
    voices: list[Measurement] = []
    for channel, role in zip(channels, layout.roles, strict=True):
        played = tuple(a.span for a in channel.announcements)
        # On a shared line the other voice is no part of the line's noise.
        others = () if layout.separated else [s for c in channels if c is not channel for s in c.speech]
        sounds = union((*channel.music.spans, *channel.signals.spans, *played, *others))
        utterances, taken = describe_voice(
            channel.samples, channel.speech, channel.utterances, role, sounds=sounds
        )
        described.append(replace(channel, utterances=utterances))
        voices += taken
    # Of two channels whose roles are not known, neither's measures can be stored under a role.
    return described, () if layout.roles.count(Role.UNKNOWN) > 1 else tuple(voices)
