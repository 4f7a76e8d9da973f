"""Findings, scores and scorecards: whether they are of the calls that are stored, and add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import pyarrow as pa

from pipeline.audit import DayScorer
from pipeline.errors import StoreError
from pipeline.scoring import score
from pipeline.store import KEPT
from pipeline.tables import Judgement, rows_of
from pipeline.verification.heard import Calls
from pipeline.verification.parts import StoredDay, part_of
from pipeline.verification.problems import Problem, some

JUDGE_AGAIN = "judge again with the same rulebooks: callaudit judge"
ADD_UP_AGAIN = "add up again: callaudit scorecards"
_KEY = ("call_id", "sha256", "hearing_key", "rulebook_hash")


def damage(day: StoredDay) -> Iterator[Problem]:
    """Name findings and scores that cannot be read back."""
    for standard, reason in day.damaged_standards.items():
        yield Problem(part_of(day.store, "scores", day.call_date, standard), reason, JUDGE_AGAIN)


def judgements(day: StoredDay, standard: str, calls: Calls) -> Iterator[Problem]:
    """Compare the scores and findings under one rulebook with each other and with the calls."""
    found = day.store.read_judgements(day.call_date, standard)
    part = part_of(day.store, "scores", day.call_date, standard)
    for seen in (*_strange(found, calls), *_missing(found, calls, standard), *_wrong(found)):
        yield Problem(part, seen, JUDGE_AGAIN)
    part = part_of(day.store, "findings", day.call_date, standard)
    for seen in _findings(day, standard, found):
        yield Problem(part, seen, JUDGE_AGAIN)


def _strange(found: Sequence[Judgement], calls: Calls) -> Iterator[str]:
    unknown = [j.call_id for j in found if j.call_id not in calls]
    if unknown:
        yield f"scores of {some(unknown)} that is not stored, or cannot be read"
    older = [
        j.call_id
        for j in found
        if (call := calls.get(j.call_id)) and (call.sha256, call.hearing_key) != (j.sha256, j.hearing_key)
    ]
    if older:
        yield f"scores of {some(older)} from another hearing than the one that is stored"


def _missing(found: Sequence[Judgement], calls: Calls, standard: str) -> Iterator[str]:
    counted = Counter(j.call_id for j in found)
    if twice := [call_id for call_id, count in counted.items() if count > 1]:
        yield f"{some(twice)} scored twice"
    # Of a call that names no rulebook the tables do not say whether it is to be judged.
    if missing := [c.call_id for c in calls.values() if standard in c.standards and c.call_id not in counted]:
        yield f"no score of {some(missing)}, which names this rulebook"


def _wrong(found: Sequence[Judgement]) -> Iterator[str]:
    versions = {j.rulebook_hash for j in found}
    if len(versions) > 1:
        yield f"scores under {len(versions)} versions of the rulebook; expected one"
    if wrong := [j.call_id for j in found if not _adds_up(j)]:
        yield f"scores of {some(wrong)} are not what the findings come to"


def _adds_up(judgement: Judgement) -> bool:
    stored = judgement.score
    return score(judgement.findings, stored.standard, review=stored.status_reason) == stored


def _findings(day: StoredDay, standard: str, found: Sequence[Judgement]) -> Iterator[str]:
    """Compare all hashes: a score and its findings are read together by the call's id alone."""
    scored = {tuple(getattr(j, name) for name in _KEY) for j in found}
    rows = list(rows_of(day.table("findings", (*_KEY, "rule_id"), standard=standard)))
    strange = {row["call_id"] for row in rows if tuple(row[name] for name in _KEY) not in scored}
    if strange:
        yield f"findings of {some(strange)} that agree with no score"
    pairs = Counter((row["call_id"], row["rule_id"]) for row in rows)
    if twice := {call_id for (call_id, _), count in pairs.items() if count > 1}:
        yield f"findings of {some(twice)} are there twice"


def scorecards(day: StoredDay) -> Iterator[Problem]:
    """Add a day up again and compare; nothing can be said of a day with damage, or that was purged."""
    known = day.store.scored(day.call_date)
    purged = known is not None and known[0] == KEPT and day.call_date not in day.store.dates()
    if day.damaged or day.damaged_standards or purged:
        return
    folder = day.folder("scorecards")
    try:
        stored = day.store.table("scorecards", day.call_date)
        after = day.store.table("reviewed_scores", day.call_date)
    except StoreError as error:
        yield Problem(folder, str(error), ADD_UP_AGAIN)
        return
    cards, reviewed = DayScorer(day.store.out).cards(day.call_date)
    if not _same(stored, cards):
        seen = f"its {len(stored)} scorecards are not the {len(cards)} that the stored calls come to now"
        yield Problem(folder, seen, ADD_UP_AGAIN)
    if not _same(after, reviewed):
        seen = f"its {len(after)} scores after review are not the {len(reviewed)} of the reviews"
        yield Problem(day.folder("reviewed_scores"), seen, ADD_UP_AGAIN)


def _same(stored: pa.Table, cards: pa.Table) -> bool:
    same: bool = stored.select(cards.schema.names).equals(cards)
    return same
