"""What the workbook shows, read from the store once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.errors import ConfigError, StoreError
from pipeline.reports.language import Language
from pipeline.reports.pages.standards import Standard, shown_standards
from pipeline.reviews import Key, Ledger, Review, after_review, reviewed_scores
from pipeline.reviews.ledger import judgements_of
from pipeline.scorecards import merge
from pipeline.store import StoreReader
from pipeline.tables import DIMENSIONS

_FINDINGS = (
    "call_id",
    "sha256",
    "rulebook_hash",
    "standard",
    "rule_id",
    "verdict",
    "role",
    "start_s",
    "end_s",
    "quote",
    "reason",
    "confidence",
    "critical",
)
_REPEATED = ("call_id", "sha256", "rulebook_hash", "standard", "rule_id", "verdict", "role", "reason")
_CALLS = (
    "call_id",
    "agent_id",
    "agent_name",
    "team",
    "direction",
    "started_at_local",
    "duration_s",
    "hearing_quality",
)
_SCORES = ("call_id", "standard", "score", "critical_failures", *DIMENSIONS, "status")
_AFTER = ("call_id", "standard", "score_after_review", "findings_reviewed", "findings_overturned")
_TO_REVIEW = ("fail", "undetermined")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a workbook is to show.

    Attributes
    ----------
    first_day, last_day : str or None
        Of the calls; None for no limit. Calls without a start are shown only without limits.
    standards : tuple of str
        Rulebooks; empty for all.
    rulebooks : tuple of str
        Rulebook files for titles that those shipped do not have.
    """

    language: Language = Language.ZH
    first_day: str | None = None
    last_day: str | None = None
    standards: tuple[str, ...] = ()
    rulebooks: tuple[str, ...] = ()

    def covers(self, day: str) -> bool:
        """Return whether a day is shown."""
        if day == "unknown":
            return self.first_day is None and self.last_day is None
        return (self.first_day or "") <= day <= (self.last_day or "9999")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a workbook shows.

    Attributes
    ----------
    days : tuple of str
        Days with calls.
    standards : mapping of str to Standard
        By name.
    agents, by_day, whole : pandas.DataFrame
        Scorecards as `pipeline.scorecards.merge` adds them up.
    calls : pandas.DataFrame
        A row per call and rulebook; texts as they are stored, undecodable bytes as escapes.
    findings : pandas.DataFrame
        Fails and undetermined findings, a row each, texts as well.
    holding : mapping of Key to Review
        The marks that hold.
    verdicts : Counter of (standard, rule_id, verdict)
        How many findings there are, those that are not listed among them.
    unreadable : tuple of str
        Why some of what is stored is missing.
    """

    days: tuple[str, ...]
    standards: Mapping[str, Standard]
    agents: pd.DataFrame
    by_day: pd.DataFrame
    whole: pd.DataFrame
    calls: pd.DataFrame
    findings: pd.DataFrame
    holding: Mapping[Key, Review]
    verdicts: Counter[tuple[str, str, str]]
    unreadable: tuple[str, ...]

    def title_of(self, standard: str, language: Language) -> str:
        """Return what a rulebook is called; its name where nothing else is known."""
        known = self.standards.get(standard)
        return known.title_in(language) if known else standard


def gather(store: StoreReader, wanted: Wanted, cards_of: Callable[[str], pa.Table]) -> Contents:
    """Read what a workbook shows.

    Parameters
    ----------
    cards_of : callable
        The scorecards of a day.

    Raises
    ------
    ConfigError
        When no call of that period was judged under a rulebook that is asked for.
    StoreError
        When the folder holds no store, or no call of that period.
    """
    store.expect_store()
    days = tuple(day for day in store.dates() if wanted.covers(day))
    if not days:
        period = f" from {wanted.first_day or 'the first'} until {wanted.last_day or 'the last'}"
        raise StoreError(f"{store.out}: no stored calls{period}; expected some to make a workbook of")
    cards = [_of(cards_of(day), wanted.standards) for day in days]
    merged = merge(cards)
    calls, findings = [], []
    holding: dict[Key, Review] = {}
    verdicts: Counter[tuple[str, str, str]] = Counter()
    unreadable: list[str] = []
    for day in days:
        damaged, lost = store.damaged(day), store.damaged_judgements(day)
        unreadable += [*damaged.values(), *lost.values()]
        marks = Ledger.of(store, call_date=day)
        judged = judgements_of(store, day, marks.calls(day), without_standards=lost)
        reviewed = [after_review(judgement, day, marks) for judgement in judged]
        holding |= {mark.key: mark for one in reviewed for mark in one.holding}
        heard = store.table("calls", day, columns=_CALLS, without=damaged).to_pandas().assign(call_date=day)
        scores = _of(store.table("scores", day, columns=_SCORES, without_standards=lost), wanted.standards)
        after = reviewed_scores(reviewed).select(_AFTER).to_pandas()
        calls.append(
            heard.merge(scores.to_pandas(), on="call_id", how="left").merge(
                after, on=["call_id", "standard"], how="left"
            )
        )
        found = store.table("findings", day, columns=_FINDINGS, encoded=_REPEATED, without_standards=lost)
        found = _of(found, wanted.standards)
        verdicts += _counted(found)
        listed = pc.is_in(found["verdict"].cast(pa.string()), pa.array(_TO_REVIEW))
        rows = found.filter(listed).to_pandas().astype(dict.fromkeys(_REPEATED, object))
        findings.append(rows.merge(heard[["call_id", "call_date", "agent_id", "agent_name", "team"]]))
    names = {name for name, _, _ in verdicts}
    if missing := [name for name in wanted.standards if name not in {*merged["standard"]}]:
        raise ConfigError(
            f"no call of these days was judged under {', '.join(missing)}; expected rulebooks under which "
            "some were: `callaudit judge` judges them"
        )
    return Contents(
        days,
        shown_standards(sorted(names), wanted.rulebooks),
        merged,
        merge(cards, by=["date"]),
        merge(cards, by=[]),
        _joined(calls, ["call_date", "call_id", "standard"]),
        _joined(findings, ["call_date", "call_id", "standard", "rule_id"]),
        holding,
        verdicts,
        tuple(unreadable),
    )


def _of(rows: pa.Table, standards: Sequence[str]) -> pa.Table:
    """Return the rows of some rulebooks, and of calls that none has judged; all without names."""
    if not standards:
        return rows
    own = pc.is_in(rows["standard"].cast(pa.string()), pa.array(standards, pa.string()))
    return rows.filter(pc.or_(own, rows["standard"].is_null()))


def _counted(found: pa.Table) -> Counter[tuple[str, str, str]]:
    by = ["standard", "rule_id", "verdict"]
    plain = found.select(by).cast(pa.schema([(name, pa.string()) for name in by]))
    rows = plain.group_by(by).aggregate([([], "count_all")]).to_pylist()
    return Counter({(r["standard"], r["rule_id"], r["verdict"]): r["count_all"] for r in rows})


def _joined(frames: Iterable[pd.DataFrame], keys: Sequence[str]) -> pd.DataFrame:
    joined = pd.concat(list(frames), ignore_index=True)
    return joined.sort_values([*keys], ignore_index=True)
