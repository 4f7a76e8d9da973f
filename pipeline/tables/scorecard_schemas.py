"""Columns of what calls add up to."""

from __future__ import annotations

import pyarrow as pa

from pipeline.tables.fields import DIMENSIONS, added_later, column, count, mean, number, schema, text

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
    count(
        "calls_to_review",
        "Calls heard too badly, or of which too little could be decided; in no mean",
        "calls",
    ),
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
