"""Columns of what judging writes: findings and scores."""

from __future__ import annotations

import pyarrow as pa

from pipeline.tables.fields import (
    DIMENSIONS,
    HEARD,
    RULEBOOK_HASH,
    STANDARD,
    column,
    count,
    number,
    schema,
    text,
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
    text("status", "judged, or review for a call that has no score: heard too badly, or too little decided"),
    text("status_reason", "Why it goes to review", nullable=True),
)
