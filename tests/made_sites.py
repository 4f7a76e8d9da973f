"""Stores of made-up calls and findings, and the reports written of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_calls as made

from pipeline.audit import current_cards, score_night
from pipeline.call import Call, Finding, Measurement, Role, Score
from pipeline.reports.language import Language
from pipeline.reports.pages import Wanted, WrittenSite, write_site
from pipeline.store import Store
from pipeline.tables import Judgement

SCRIPT = "<script>alert(1)</script>"
HOSTILE = (
    SCRIPT,
    '"><img src=x onerror=alert(1)>',
    "../../etc/passwd",
    "a/b\\c:d*e?f",
    "‮evil\x1b[31m",
    "C:\\CON",
    "{{ 7 * 7 }}",
    "名" * 300,
    # A file name in another encoding, as Python reads it.
    "gbk\udcc4\udce3",
)


def heard(call_id: str, *, agent: str | None = "A01", day: str | None = "2026-10-09", **changes: Any) -> Call:
    """A call with a pace, by an agent of that id."""
    named = {"agent_id": agent, "agent_name": None if agent is None else f"坐席{agent}"}
    pace = Measurement("gross_pace", Role.AGENT, 180.0, "chars/min", None, "test", None)
    return made.call(call_id, day=day, measurements=(pace,), **(named | changes))


def judged(call: Call, value: float | None, *findings: Finding, standard: str = made.STANDARD) -> Judgement:
    """How a call was judged under a rulebook; its findings are of that one."""
    total: Score = replace(made.score(value), standard=standard)
    own = tuple(replace(f, standard=standard) for f in findings)
    return Judgement.of(call, score=total, findings=own, rulebook_hash="r1")


def to_review(call: Call) -> Judgement:
    """A call that was heard too badly to judge."""
    none = replace(made.score(None), status="review", status_reason="heard too badly")
    return Judgement.of(call, score=none, findings=(), rulebook_hash="r1")


def store_of(out: Path, calls: Iterable[Call], judgements: Iterable[Judgement]) -> Store:
    """Write a store, scorecards included."""
    store = Store(out)
    found = {(c.record.call_date, c.record.call_id): c for c in calls}
    with store.writing():
        for call in found.values():
            store.write_call(call)
        made_of: dict[tuple[str, str], list[Judgement]] = {}
        days = {call_id: day for day, call_id in found}
        for judgement in judgements:
            made_of.setdefault((days[judgement.call_id], judgement.score.standard), []).append(judgement)
        for (day, standard), group in made_of.items():
            store.write_findings(day, standard, group)
        score_night(store)
    return store


def site_of(store: Store, folder: Path, language: Language = Language.ZH, **wanted: Any) -> WrittenSite:
    """Write the report of a store."""
    return write_site(
        store.out,
        folder,
        Wanted(language=language, **wanted),
        version="1",
        cards_of=lambda day: current_cards(store, day),
    )
