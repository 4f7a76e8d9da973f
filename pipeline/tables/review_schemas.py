"""The tables of review: marks, scores after review, and what was drawn for graders."""

from __future__ import annotations

import pyarrow as pa

from pipeline.tables.fields import (
    CALL_ID,
    DIMENSIONS,
    HEARD,
    RULEBOOK_HASH,
    SHA256,
    STANDARD,
    column,
    count,
    number,
    schema,
    text,
)

_MARKED = (
    CALL_ID,
    text("call_date", "Day of the call, YYYY-MM-DD or unknown"),
    STANDARD,
    text("rule_id", "The clause"),
)
_TIME = pa.timestamp("us", tz="UTC")

REVIEWS = schema(
    "One row per mark that a reviewer made on a finding; only ever added to. Of several marks on a finding "
    "that still fit it, the one made last holds, of those of one moment the one stored last.",
    *_MARKED,
    text("verdict", "The audit's verdict that was reviewed: pass, fail, not_applicable or undetermined"),
    text("decision", "agree or overturn"),
    text("right_verdict", "What the reviewer says: the verdict itself, or pass, fail or not_applicable"),
    text("reason", "Why, in the reviewer's words; personal data as [手机号]", nullable=True),
    text("reviewer", "Who made the mark"),
    column("reviewed_at", _TIME, "When it was made", unit="UTC"),
    SHA256,
    RULEBOOK_HASH,
    text("finding_hash", "Stands for what the reviewer saw: verdict, evidence and reason", unit="hex"),
    column("imported_at", _TIME, "When it was stored", unit="UTC"),
    text("source", "Name of the file it came in, without its folder"),
)

SAMPLES = schema(
    "One row per finding drawn for graders by `callaudit sample`; only ever added to.",
    text("draw_id", "Identifies the draw by its settings and what was drawn from", unit="hex"),
    *_MARKED,
    text("agent_id", "The agent; null where it is not known", nullable=True),
    text("verdict", "The audit's verdict when it was drawn"),
    text("stratum", "risky, borderline or random"),
    number("probability", "Chance of this finding to be drawn, above 0, up to 1", "probability"),
    count("seed", "Of the random numbers; the same store, settings and seed give the same draw", "number"),
    column("per_agent", pa.bool_(), "Whether as many were drawn of each agent, rather than in all"),
    SHA256,
    RULEBOOK_HASH,
    column("drawn_at", _TIME, "When it was drawn", unit="UTC"),
)

REVIEWED_SCORES = schema(
    "One row per call and rulebook with a review that holds: its score with the verdicts after review, "
    "beside the one in `scores`, which never changes. Other calls are as they are in `scores`.",
    *HEARD,
    RULEBOOK_HASH,
    STANDARD,
    number("score", "As in scores: by the audit alone", "%", nullable=True),
    number("score_after_review", "The same with the verdicts after review", "%", nullable=True),
    number("earned_after_review", "Points earned on decided clauses after review", "points"),
    number("possible_after_review", "Points possible on decided clauses after review", "points"),
    count("critical_failures_after_review", "Critical clauses failed after review"),
    *(
        number(f"{d}_after_review", f"Score of the dimension {d} after review, 0..100", "%", nullable=True)
        for d in DIMENSIONS
    ),
    count("findings_reviewed", "Findings of the call with a review that holds", "findings"),
    count("findings_overturned", "Of them, those whose verdict a reviewer changed", "findings"),
)
