"""The stored tables: column names, types, units and meanings.

Every column carries ``description`` and ``unit`` in its Arrow field metadata, and Parquet keeps both.
Tables other than ``failures`` are partitioned by ``call_date``, the day of the call at the desk
(``YYYY-MM-DD``, or ``unknown`` for a call without a start).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pyarrow as pa

DIMENSIONS = ("patience", "courtesy", "communication", "compliance")
HEARING_TABLES = ("utterances", "events", "measurements", "calls")
"""What hearing a call writes, in the order of writing: ``calls`` comes last and commits the others."""

PARTITION = "call_date"


def _column(
    name: str, kind: pa.DataType, description: str, *, unit: str = "", nullable: bool = False
) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"description": description, "unit": unit})


def _text(name: str, description: str, *, nullable: bool = False, unit: str = "") -> pa.Field:
    return _column(name, pa.string(), description, unit=unit, nullable=nullable)


def _number(name: str, description: str, unit: str, *, nullable: bool = False) -> pa.Field:
    return _column(name, pa.float64(), description, unit=unit, nullable=nullable)


def _count(name: str, description: str, unit: str = "count") -> pa.Field:
    return _column(name, pa.int64(), description, unit=unit)


def _schema(description: str, *columns: pa.Field) -> pa.Schema:
    return pa.schema(list(columns), metadata={"description": description})


_CALL_ID = _text("call_id", "The call, unique within its call_date")
_SHA256 = _text("sha256", "SHA-256 of the recording's bytes", unit="hex")
_HEARING_KEY = _text("hearing_key", "Identifies the engine, weights and settings that heard the call")
_RULEBOOK_HASH = _text("rulebook_hash", "Identifies the rulebook's content that judged the call")
_HEARD = (_CALL_ID, _SHA256, _HEARING_KEY)
_STANDARD = _text("standard", "Rulebook that judged the call")
_START = _number("start_s", "Start, from the start of the recording", "s")
_END = _number("end_s", "End, from the start of the recording", "s")

CALLS = _schema(
    "One row per heard call. Its presence says that the call's other rows are complete.",
    *_HEARD,
    _text("path", "The recording; undecodable bytes of a file name are written as \\udcXX"),
    _text("customer_path", "The customer's leg, for calls kept as two one-channel files", nullable=True),
    _column("started_at", pa.timestamp("us", tz="UTC"), "Start of the call", unit="UTC", nullable=True),
    _text("started_at_local", "The same with the desk's UTC offset", unit="ISO 8601", nullable=True),
    _text("agent_id", "The agent", nullable=True),
    _text("agent_name", "The agent's name", nullable=True),
    _text("team", "The agent's team", nullable=True),
    _text("direction", "inbound or outbound", nullable=True),
    _text(
        "customer_name",
        "The customer's name by the call log; [姓名] where redacted",
        nullable=True,
    ),
    _number("ring_s", "Ringing before the answer, by the call log", "s", nullable=True),
    _text("hangup_side", "agent or customer, by the call log", nullable=True),
    _text("agent_channel", "left or right, by the call log", nullable=True),
    _text("standards", "Rulebooks of the call's desk, joined by ';'", nullable=True),
    _text("shift_started_at", "Start of the agent's shift", unit="ISO 8601", nullable=True),
    _number("duration_s", "Length of the recording", "s"),
    _count("channels", "Channels as recorded, 1 or 2"),
    _text("channel_form", "mono, dual_mono, one_line, stereo or leaking; none for an example", nullable=True),
    _column("separated", pa.bool_(), "Whether each party has a channel of its own"),
    _number("hearing_quality", "How far what was heard can be trusted, 0..1", "share"),
    _count("removed_texts", "Pieces of text the recogniser invented on sounds that are no speech; taken out"),
    _column("redacted", pa.bool_(), "Whether personal data were taken out of the call's texts"),
)

UTTERANCES = _schema(
    "One row per utterance: what one party said without yielding the floor.",
    *_HEARD,
    _count("idx", "Position in the call, by start", "index"),
    _text("role", "agent, customer or unknown"),
    _START,
    _END,
    _text("text", "What was said: simplified characters with punctuation; personal data as [手机号]"),
    _text("raw_text", "The same as the recogniser wrote it"),
    _count("chars", "Spoken characters, numbers and words as they are read aloud, no punctuation"),
    _number("speech_s", "Voice activity inside the utterance", "s"),
    _number("confidence", "The recogniser's mean token probability", "probability"),
    _text("language", "Language spoken; yue for Cantonese", unit="ISO 639-1"),
    _number("language_confidence", "How sure the language is", "probability"),
    _number("level_dbfs", "Level of the voice over its voice activity", "dBFS", nullable=True),
    _number("pitch_hz", "Median fundamental frequency of its voiced frames", "Hz", nullable=True),
    _column("syllables", pa.int64(), "Syllables counted in the audio, without the recogniser", nullable=True),
)

EVENTS = _schema(
    "One row per event on the call's timeline.",
    *_HEARD,
    _text(
        "kind",
        "speech, ringback, announcement, hold, music, typing, busy_tone, key (of the telephone), tone, "
        "clipping, dropout, dead_air, non_talk, talk_over, interruption, backchannel, closing_silence, "
        "reading (the recogniser's own score of a phrase on that audio) or personal_data (taken out of the "
        "text: kind, place and shape, never the value)",
    ),
    _text("role", "Whose it is; null when it is nobody's", nullable=True),
    _START,
    _END,
    _text("attributes", "Named scalars as a JSON object", unit="JSON"),
)

MEASUREMENTS = _schema(
    "One row per measurement of a call, or per reason why it could not be taken.",
    *_HEARD,
    _text("name", "Of the measure, without its unit"),
    _text("role", "Whose it is; null when it is the call's", nullable=True),
    _number("value", "The number; null when unmeasurable", "see column unit", nullable=True),
    _text("unit", "Unit of the value: chars/min, s, dBFS, count, share …"),
    _text("reason", "Why there is no value", nullable=True),
    _text("method", "How it was taken", nullable=True),
    _number("coverage", "Share of the speech or call it is based on", "share", nullable=True),
)

FINDINGS = _schema(
    "One row per clause and call: the verdict with its evidence.",
    *_HEARD,
    _RULEBOOK_HASH,
    _STANDARD,
    _text("rule_id", "The clause"),
    _text("dimension", "patience, courtesy, communication or compliance"),
    _text("verdict", "pass, fail, not_applicable or undetermined"),
    _text("role", "Whose conduct it is about; null when nobody's alone", nullable=True),
    _number("start_s", "Start of the evidence, or of the window searched", "s", nullable=True),
    _number("end_s", "End of the evidence, or of the window searched", "s", nullable=True),
    _text("quote", "What was said there, or the nearest candidate", nullable=True),
    _text("reason", "Why this verdict, in one sentence"),
    _number("confidence", "How sure the check is of the verdict", "probability"),
    _number("points", "What the clause is worth", "points"),
    _column("critical", pa.bool_(), "Whether its failure makes the call's score 0"),
)

SCORES = _schema(
    "One row per call and rulebook.",
    *_HEARD,
    _RULEBOOK_HASH,
    _STANDARD,
    _number(
        "score", "0..100; 0 after a critical failure; null when no clause was decided", "%", nullable=True
    ),
    _number("score_before_critical", "The same without regard to critical failures", "%", nullable=True),
    _number("earned", "Points earned on decided clauses", "points"),
    _number("possible", "Points possible on decided clauses", "points"),
    _count("critical_failures", "Critical clauses failed"),
    *(
        _number(d, f"Score of the dimension {d}, 0..100; null when undecided", "%", nullable=True)
        for d in DIMENSIONS
    ),
    _text("status", "judged, or review for a call heard too badly to judge"),
    _text("status_reason", "Why it goes to review", nullable=True),
)

FAILURES = _schema(
    "One row per input and stage that could not be processed, at intake one per refusal; it goes when the "
    "input succeeds.",
    _text("call_id", "The call, when it got as far as having one", nullable=True),
    _text("path", "The input; undecodable bytes of a file name are written as \\udcXX"),
    _text("stage", "Where it failed"),
    _text("reason", "What was seen and what was expected"),
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


def _mean(name: str, description: str, unit: str) -> pa.Field:
    return _number(name, f"{description}; null when no call has it", unit, nullable=True)


SCORECARDS = _schema(
    "One row per agent, day, hour of the shift and rulebook. Counts, sums and maxima merge exactly over days "
    "and agents; means, rates and intervals are computed from them.",
    _text("agent_id", "The agent; the name where there is no id; null when neither is known", nullable=True),
    _text("agent_name", "The agent's name, or (no agent)", nullable=True),
    _text("team", "The agent's team", nullable=True),
    _text("date", "Day of the calls, YYYY-MM-DD or unknown"),
    _column(
        "shift_hour",
        pa.int64(),
        "Whole hours from the start of the agent's shift to the calls' start; null where it is not known",
        unit="h",
        nullable=True,
    ),
    _text("standard", "Rulebook; null for calls that none has judged", nullable=True),
    _count("calls", "Calls heard", "calls"),
    _mean("score_mean", "Mean score of the calls, 0..100", "%"),
    _number(
        "score_ci_low",
        "Lower end of its 95 % interval; null below 2 calls or if all are equal",
        "%",
        nullable=True,
    ),
    _number(
        "score_ci_high",
        "Upper end of its 95 % interval; null below 2 calls or if all are equal",
        "%",
        nullable=True,
    ),
    *(_mean(f"{d}_mean", f"Mean score of the dimension {d}, 0..100", "%") for d in DIMENSIONS),
    _mean("gross_pace_chars_per_min", "Agent's characters over the time of the agent's turns", "chars/min"),
    _mean("net_pace_chars_per_min", "Agent's characters over the agent's voice activity", "chars/min"),
    _mean("answer_latency_mean_of_medians_s", "Mean over calls of the median answer latency", "s"),
    _mean(
        "answer_latency_over_5s_mean", "Mean over calls of the share of answers after more than 5 s", "share"
    ),
    _mean("first_response_mean_s", "Mean time to the agent's first speech", "s"),
    _mean("talk_share_mean", "Mean over calls of the agent's share of the talk", "share"),
    _mean("holds_per_call", "Holds per call in which holds were measured", "holds/call"),
    _mean("hold_time_per_call_s", "Time on hold per call in which it was measured", "s/call"),
    _mean("longest_wait_without_agent_s", "Longest stretch of any hold without the agent's voice", "s"),
    _mean("interruptions_per_call", "Interruptions per call in which they could be measured", "per call"),
    _column("worst_clauses", _WORST, "The up to 3 clauses failed most surely, worst first"),
    _count("calls_scored", "Calls with a score", "calls"),
    _count("calls_to_review", "Calls heard too badly to judge; in no mean", "calls"),
    _number("score_sum", "Sum of the call scores", "%"),
    _number("score_sq_sum", "Sum of the squared call scores", "%²"),
    *(
        column
        for d in DIMENSIONS
        for column in (
            _count(f"{d}_calls", f"Calls with a score in {d}", "calls"),
            _number(f"{d}_sum", f"Sum of the calls' scores in {d}", "%"),
        )
    ),
    _count("gross_pace_calls", "Calls with characters and turn time", "calls"),
    _number("gross_pace_chars", "Agent's spoken characters in those calls", "chars"),
    _number("gross_pace_time_s", "Time of the agent's turns in those calls", "s"),
    _count("net_pace_calls", "Calls with characters and speech time", "calls"),
    _number("net_pace_chars", "Agent's spoken characters in those calls", "chars"),
    _number("net_pace_time_s", "Agent's voice activity in those calls", "s"),
    _count("answer_latency_calls", "Calls with a median answer latency", "calls"),
    _number("answer_latency_median_sum_s", "Sum of the calls' median answer latencies", "s"),
    _count("answer_latency_over_5s_calls", "Calls with a share of late answers", "calls"),
    _number("answer_latency_over_5s_sum", "Sum of those shares", "share"),
    _count("first_response_calls", "Calls with a first response", "calls"),
    _number("first_response_sum_s", "Sum of the times to first response", "s"),
    _count("talk_share_calls", "Calls with a talk share", "calls"),
    _number("talk_share_sum", "Sum of the agent's talk shares", "share"),
    _count("hold_count_calls", "Calls in which holds were counted", "calls"),
    _number("hold_count", "Holds", "count"),
    _count("hold_time_calls", "Calls in which time on hold was measured", "calls"),
    _number("hold_time_s", "Time on hold", "s"),
    _count("interruption_calls", "Calls in which interruptions were counted", "calls"),
    _number("interruption_count", "Interruptions by the agent", "count"),
    _count("critical_failures", "Critical clauses failed", "count"),
    _count("calls_with_critical_failure", "Calls whose score a critical failure made 0", "calls"),
    _count("findings_undetermined", "Findings left to a person", "findings"),
    _column("clauses", _CLAUSES, "Per clause: calls decided and failed, and the first failing call"),
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
    }
)


def describe_tables() -> str:
    """Return every table and column as Markdown: type, unit, whether it may be null, meaning.

    Returns
    -------
    str
        One section per table, ready to be written to a documentation page.
    """
    sections = [_describe(name, schema) for name, schema in SCHEMAS.items()]
    return "\n".join(sections)


def _describe(name: str, schema: pa.Schema) -> str:
    layout = (
        f"{name}/part-*.parquet" if name == "failures" else f"{name}/{PARTITION}=YYYY-MM-DD/part-*.parquet"
    )
    lines = [
        f"## {name}",
        "",
        schema.metadata[b"description"].decode(),
        "",
        f"Files: `{layout}`",
        "",
        "| column | type | unit | null | meaning |",
        "|---|---|---|---|---|",
    ]
    for column in schema:
        unit = column.metadata[b"unit"].decode()
        kind = "list of struct" if pa.types.is_list(column.type) else str(column.type)
        meaning = column.metadata[b"description"].decode()
        lines.append(
            f"| `{column.name}` | {kind} | {unit} | {'yes' if column.nullable else ''} | {meaning} |"
        )
    return "\n".join([*lines, ""])
