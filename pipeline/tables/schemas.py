"""The stored tables: column names, types, units and meanings.

Every column carries ``description`` and ``unit`` in its Arrow field metadata, and Parquet keeps both.
Tables other than those in `UNPARTITIONED` are partitioned by ``call_date``, the day of the call at the desk
(``YYYY-MM-DD``, or ``unknown`` for a call without a start).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

from pipeline.tables.fields import (
    ADDED_LATER,
    DIMENSIONS,
    END,
    HEARD,
    RULEBOOK_HASH,
    STANDARD,
    START,
    added_later,
    column,
    count,
    mean,
    number,
    schema,
    text,
)
from pipeline.tables.review_schemas import REVIEWED_SCORES, REVIEWS, SAMPLES

__all__ = [
    "ADDED_LATER",
    "DIMENSIONS",
    "HEARING_TABLES",
    "LEDGERS",
    "PARTITION",
    "SCHEMAS",
    "UNPARTITIONED",
    "describe_tables",
]

HEARING_TABLES = ("utterances", "events", "measurements", "calls")
"""What hearing a call writes, in the order of writing: ``calls`` comes last and commits the others."""

PARTITION = "call_date"

LEDGERS = ("reviews", "samples")
"""Tables that are only ever added to, one part at a time; the call's day is a column of theirs."""

UNPARTITIONED = ("failures", *LEDGERS)

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

FINDINGS = schema(
    "One row per clause and call: the verdict with its evidence.",
    *HEARD,
    RULEBOOK_HASH,
    STANDARD,
    text("rule_id", "The clause"),
    text("dimension", "patience, courtesy, communication or compliance"),
    text("verdict", "pass, fail, not_applicable or undetermined"),
    text("role", "Whose conduct it is about; null when nobody's alone", nullable=True),
    number("start_s", "Start of the evidence, or of the window searched", "s", nullable=True),
    number("end_s", "End of the evidence, or of the window searched", "s", nullable=True),
    text("quote", "What was said there, or the nearest candidate", nullable=True),
    text("reason", "Why this verdict, in one sentence"),
    number("confidence", "How sure the check is of the verdict", "probability"),
    number("points", "What the clause is worth", "points"),
    column("critical", pa.bool_(), "Whether its failure makes the call's score 0"),
)

SCORES = schema(
    "One row per call and rulebook.",
    *HEARD,
    RULEBOOK_HASH,
    STANDARD,
    number(
        "score", "0..100; 0 after a critical failure; null when no clause was decided", "%", nullable=True
    ),
    number("score_before_critical", "The same without regard to critical failures", "%", nullable=True),
    number("earned", "Points earned on decided clauses", "points"),
    number("possible", "Points possible on decided clauses", "points"),
    count("critical_failures", "Critical clauses failed"),
    *(
        number(d, f"Score of the dimension {d}, 0..100; null when undecided", "%", nullable=True)
        for d in DIMENSIONS
    ),
    text("status", "judged, or review for a call heard too badly to judge"),
    text("status_reason", "Why it goes to review", nullable=True),
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

_CLAUSE_FIELDS = [
    pa.field("rule_id", pa.string()),
    pa.field("decided", pa.int64()),
    pa.field("failed", pa.int64()),
    pa.field("example_call_id", pa.string()),
    pa.field("example_call_date", pa.string()),
]
_CLAUSES = pa.list_(pa.struct(_CLAUSE_FIELDS))
_WORST = pa.list_(pa.struct([*_CLAUSE_FIELDS, pa.field("failure_rate", pa.float64())]))


SCORECARDS = schema(
    "One row per agent, day, hour of the shift and rulebook. Counts, sums and maxima merge exactly over days "
    "and agents; means, rates and intervals are computed from them.",
    text("agent_id", "The agent; the name where there is no id; null when neither is known", nullable=True),
    text("agent_name", "The agent's name, or (no agent)", nullable=True),
    text("team", "The agent's team", nullable=True),
    text("date", "Day of the calls, YYYY-MM-DD or unknown"),
    column(
        "shift_hour",
        pa.int64(),
        "Whole hours from the start of the agent's shift to the calls' start; null where it is not known",
        unit="h",
        nullable=True,
    ),
    text("standard", "Rulebook; null for calls that none has judged", nullable=True),
    count("calls", "Calls heard", "calls"),
    mean("score_mean", "Mean score of the calls, 0..100", "%"),
    number(
        "score_ci_low",
        "Lower end of its 95 % interval; null below 2 calls or if all are equal",
        "%",
        nullable=True,
    ),
    number(
        "score_ci_high",
        "Upper end of its 95 % interval; null below 2 calls or if all are equal",
        "%",
        nullable=True,
    ),
    *(mean(f"{d}_mean", f"Mean score of the dimension {d}, 0..100", "%") for d in DIMENSIONS),
    mean("gross_pace_chars_per_min", "Agent's characters over the time of the agent's turns", "chars/min"),
    mean("net_pace_chars_per_min", "Agent's characters over the agent's voice activity", "chars/min"),
    mean("answer_latency_mean_of_medians_s", "Mean over calls of the median answer latency", "s"),
    mean(
        "answer_latency_over_5s_mean", "Mean over calls of the share of answers after more than 5 s", "share"
    ),
    mean("first_response_mean_s", "Mean time to the agent's first speech", "s"),
    mean("talk_share_mean", "Mean over calls of the agent's share of the talk", "share"),
    mean("holds_per_call", "Holds per call in which holds were measured", "holds/call"),
    mean("hold_time_per_call_s", "Time on hold per call in which it was measured", "s/call"),
    mean("longest_wait_without_agent_s", "Longest stretch of any hold without the agent's voice", "s"),
    mean("interruptions_per_call", "Interruptions per call in which they could be measured", "per call"),
    column("worst_clauses", _WORST, "The up to 3 clauses failed most surely, worst first"),
    count("calls_scored", "Calls with a score", "calls"),
    count("calls_to_review", "Calls heard too badly to judge; in no mean", "calls"),
    number("score_sum", "Sum of the call scores", "%"),
    number("score_sq_sum", "Sum of the squared call scores", "%²"),
    *(
        column
        for d in DIMENSIONS
        for column in (
            count(f"{d}_calls", f"Calls with a score in {d}", "calls"),
            number(f"{d}_sum", f"Sum of the calls' scores in {d}", "%"),
        )
    ),
    count("gross_pace_calls", "Calls with characters and turn time", "calls"),
    number("gross_pace_chars", "Agent's spoken characters in those calls", "chars"),
    number("gross_pace_time_s", "Time of the agent's turns in those calls", "s"),
    count("net_pace_calls", "Calls with characters and speech time", "calls"),
    number("net_pace_chars", "Agent's spoken characters in those calls", "chars"),
    number("net_pace_time_s", "Agent's voice activity in those calls", "s"),
    count("answer_latency_calls", "Calls with a median answer latency", "calls"),
    number("answer_latency_median_sum_s", "Sum of the calls' median answer latencies", "s"),
    count("answer_latency_over_5s_calls", "Calls with a share of late answers", "calls"),
    number("answer_latency_over_5s_sum", "Sum of those shares", "share"),
    count("first_response_calls", "Calls with a first response", "calls"),
    number("first_response_sum_s", "Sum of the times to first response", "s"),
    count("talk_share_calls", "Calls with a talk share", "calls"),
    number("talk_share_sum", "Sum of the agent's talk shares", "share"),
    count("hold_count_calls", "Calls in which holds were counted", "calls"),
    number("hold_count", "Holds", "count"),
    count("hold_time_calls", "Calls in which time on hold was measured", "calls"),
    number("hold_time_s", "Time on hold", "s"),
    count("interruption_calls", "Calls in which interruptions were counted", "calls"),
    number("interruption_count", "Interruptions by the agent", "count"),
    count("critical_failures", "Critical clauses failed", "count"),
    count("calls_with_critical_failure", "Calls whose score a critical failure made 0", "calls"),
    count("findings_undetermined", "Findings left to a person", "findings"),
    column("clauses", _CLAUSES, "Per clause: calls decided and failed, and the first failing call"),
    *map(
        added_later,
        (
            mean("score_after_review_mean", "Mean score of the calls after review, 0..100", "%"),
            count("calls_reviewed", "Calls of which a finding has a review that holds", "calls"),
            count("findings_reviewed", "Findings with a review that holds", "findings"),
            count("findings_overturned", "Of them, those whose verdict a reviewer changed", "findings"),
            count(
                "calls_scored_change", "Calls that got a score by review, less those that lost it", "calls"
            ),
            number("score_change_sum", "Sum of the scores after review less that of the scores before", "%"),
        ),
    ),
)

SCHEMAS: Mapping[str, pa.Schema] = MappingProxyType(
    {
        "calls": CALLS,
        "utterances": UTTERANCES,
        "events": EVENTS,
        "measurements": MEASUREMENTS,
        "findings": FINDINGS,
        "scores": SCORES,
        "failures": FAILURES,
        "scorecards": SCORECARDS,
        "reviews": REVIEWS,
        "reviewed_scores": REVIEWED_SCORES,
        "samples": SAMPLES,
    }
)


def describe_tables() -> str:
    """Return every table and column as Markdown: type, unit, whether it may be null, meaning.

    Returns
    -------
    str
        One section per table, ready to be written to a documentation page.
    """
    sections = [_describe(name, columns) for name, columns in SCHEMAS.items()]
    return "\n".join(sections)


def _describe(name: str, columns: pa.Schema) -> str:
    layout = (
        f"{name}/part-*.parquet" if name in UNPARTITIONED else f"{name}/{PARTITION}=YYYY-MM-DD/part-*.parquet"
    )
    lines = [
        f"## {name}",
        "",
        columns.metadata[b"description"].decode(),
        "",
        f"Files: `{layout}`",
        "",
        "| column | type | unit | null | meaning |",
        "|---|---|---|---|---|",
    ]
    for one in columns:
        unit = one.metadata[b"unit"].decode()
        kind = "list of struct" if pa.types.is_list(one.type) else str(one.type)
        meaning = one.metadata[b"description"].decode()
        lines.append(f"| `{one.name}` | {kind} | {unit} | {'yes' if one.nullable else ''} | {meaning} |")
    return "\n".join([*lines, ""])
