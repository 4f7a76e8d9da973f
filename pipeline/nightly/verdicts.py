"""What a night's verdicts come to, added up from the scorecards of its days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.nightly.summary import ClauseCounts
from pipeline.store import Store

WORST = 5


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Findings of some days.

    Attributes
    ----------
    undetermined_share : float or None
        Of those that are pass, fail or undetermined; None without any.
    worst : tuple of ClauseCounts
        The clauses failed most often.
    """

    undetermined_share: float | None
    worst: tuple[ClauseCounts, ...]


def count_verdicts(store: Store, call_dates: Iterable[str]) -> Verdicts:
    """Add up the verdicts of some days."""
    decided: Counter[tuple[str, str]] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    undetermined = 0
    scored = set(store.dates("scorecards"))
    for day in call_dates:
        if day not in scored:
            continue
        cards = store.table("scorecards", day, columns=["standard", "findings_undetermined", "clauses"])
        for card in cards.to_pylist():
            undetermined += card["findings_undetermined"]
            for clause in card["clauses"]:
                key = (str(card["standard"]), clause["rule_id"])
                decided[key] += clause["decided"]
                failed[key] += clause["failed"]
    total = undetermined + decided.total()
    worst = [
        ClauseCounts(standard, rule_id, decided[standard, rule_id], count)
        for (standard, rule_id), count in sorted(failed.items(), key=lambda f: (-f[1], f[0]))[:WORST]
        if count
    ]
    return Verdicts(undetermined / total if total else None, tuple(worst))
