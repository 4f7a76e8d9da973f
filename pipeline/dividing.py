"""Dividing the line that both parties share between their voices, and putting it together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.composition import Channel
from pipeline.errors import VoicesError
from pipeline.spans import intersect
from pipeline.speakers.separation import Separation, separate_voices
from pipeline.speakers.voices import load_voices
from pipeline.speech.activity import ActivityOptions, detect_speech

# Pauses shorter than this stay bridged when voices are told apart: a speaker may change in any longer one.
BURST_BRIDGE_S = 0.1


def divide_line(line: Channel, activity: ActivityOptions) -> tuple[Separation, list[Channel]]:
    """Divide a line's speech between two voices, each as a channel without utterances yet.

    Returns
    -------
    Separation
        With the reason why there is only one voice, such as a missing extra.
    list of Channel
        One per voice; the line itself when there is only one.
    """
    try:
        voices = load_voices()
    except VoicesError as error:
        return Separation((line.speech,), 0.0, str(error)), [line]
    bursts = intersect(detect_speech(line.samples, replace(activity, bridge_s=BURST_BRIDGE_S)), line.speech)
    separation = separate_voices(line.samples, line.speech, bursts, voices)
    if len(separation.voices) < 2:
        return separation, [line]
    first, second = (replace(line, speech=own, utterances=()) for own in separation.voices)
    return separation, [first, replace(second, announcements=())]


def rejoin_line(line: Channel, voices: Sequence[Channel]) -> Channel:
    """Return the line with the utterances of its voices, for voices whose roles are not known."""
    said = sorted((u for voice in voices for u in voice.utterances), key=lambda u: (u.start_s, u.end_s))
    return replace(line, utterances=tuple(said), removed=tuple(s for v in voices for s in v.removed))
