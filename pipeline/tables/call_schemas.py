"""Columns of what hearing a call writes, and of what could not be processed."""

from __future__ import annotations

import pyarrow as pa

from pipeline.tables.fields import END, HEARD, START, added_later, column, count, number, schema, text

CALLS = schema(
    "One row per heard call. Its presence says that the call's other rows are complete.",
    *HEARD,
    text("path", "The recording; undecodable bytes of a file name are written as \\udcXX"),
    text("customer_path", "The customer's leg, for calls kept as two one-channel files", nullable=True),
    column("started_at", pa.timestamp("us", tz="UTC"), "Start of the call", unit="UTC", nullable=True),
    text("started_at_local", "The same with the desk's UTC offset", unit="ISO 8601", nullable=True),
    text("agent_id", "The agent", nullable=True),
    text("agent_name", "The agent's name", nullable=True),
    text("team", "The agent's team", nullable=True),
    text("direction", "inbound or outbound", nullable=True),
    text(
        "customer_name",
        "The customer's name by the call log; [姓名] where redacted",
        nullable=True,
    ),
    number("ring_s", "Ringing before the answer, by the call log", "s", nullable=True),
    text("hangup_side", "agent or customer, by the call log", nullable=True),
    text("agent_channel", "left or right, by the call log", nullable=True),
    text("standards", "Rulebooks of the call's desk, joined by ';'", nullable=True),
    text("shift_started_at", "Start of the agent's shift", unit="ISO 8601", nullable=True),
    number("duration_s", "Length of the recording", "s"),
    count("channels", "Channels as recorded, 1 or 2"),
    text("channel_form", "mono, dual_mono, one_line, stereo or leaking; none for an example", nullable=True),
    column("separated", pa.bool_(), "Whether each party has a channel of its own"),
    number("hearing_quality", "How far what was heard can be trusted, 0..1", "share"),
    count("removed_texts", "Pieces of text the recogniser invented on sounds that are no speech; taken out"),
    column("redacted", pa.bool_(), "Whether personal data were taken out of the call's texts"),
)

UTTERANCES = schema(
    "One row per utterance: what one party said without yielding the floor.",
    *HEARD,
    count("idx", "Position in the call, by start", "index"),
    text("role", "agent, customer or unknown"),
    START,
    END,
    text("text", "What was said: simplified characters with punctuation; personal data as [手机号]"),
    text("raw_text", "The same as the recogniser wrote it"),
    count("chars", "Spoken characters, numbers and words as they are read aloud, no punctuation"),
    number("speech_s", "Voice activity inside the utterance", "s"),
    number("confidence", "The recogniser's mean token probability", "probability"),
    text("language", "Language spoken; yue for Cantonese", unit="ISO 639-1"),
    number("language_confidence", "How sure the language is", "probability"),
    number("level_dbfs", "Level of the voice over its voice activity", "dBFS", nullable=True),
    number("pitch_hz", "Median fundamental frequency of its voiced frames", "Hz", nullable=True),
    column("syllables", pa.int64(), "Syllables counted in the audio, without the recogniser", nullable=True),
)

EVENTS = schema(
    "One row per event on the call's timeline.",
    *HEARD,
    text(
        "kind",
        "speech, ringback, announcement, hold, music, typing, busy_tone, key (of the telephone), tone, "
        "clipping, dropout, dead_air, non_talk, talk_over, interruption, backchannel, closing_silence, "
        "reading (the recogniser's own score of a phrase on that audio) or personal_data (taken out of the "
        "text: kind, place and shape, never the value)",
    ),
    text("role", "Whose it is; null when it is nobody's", nullable=True),
    START,
    END,
    text("attributes", "Named scalars as a JSON object", unit="JSON"),
)

MEASUREMENTS = schema(
    "One row per measurement of a call, or per reason why it could not be taken.",
    *HEARD,
    text("name", "Of the measure, without its unit"),
    text("role", "Whose it is; null when it is the call's", nullable=True),
    number("value", "The number; null when unmeasurable", "see column unit", nullable=True),
    text("unit", "Unit of the value: chars/min, s, dBFS, count, share …"),
    text("reason", "Why there is no value", nullable=True),
    text("method", "How it was taken", nullable=True),
    number("coverage", "Share of the speech or call it is based on", "share", nullable=True),
)

FAILURES = schema(
    "One row per input and stage that could not be processed, at intake one per refusal; it goes when the "
    "input succeeds.",
    text("call_id", "The call, when it got as far as having one", nullable=True),
    text("path", "The input; undecodable bytes of a file name are written as \\udcXX"),
    text("stage", "Where it failed"),
    text("reason", "What was seen and what was expected"),
    added_later(
        text(
            "tried",
            "What was tried: size and time of the file, or SHA-256 of the recording and how it was heard; "
            "null where the machine may be why, so that every night tries again",
            nullable=True,
        )
    ),
)
