"""The ledger of marks, and which of them hold.

A mark fits a stored finding when the recording is the one that was reviewed, the verdict is the one that was
reviewed, and the rulebook or all that the reviewer saw of the finding is: so a change of another clause takes
nobody's work away, and a clause that now decides otherwise, or for another reason, is reviewed again. Of the
marks that fit a finding the one made last holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow.compute as pc

from pipeline.call import Finding
from pipeline.reviews.marks import Key, Review, finding_hash, reviews_from_table
from pipeline.store import StoreReader
from pipeline.store.ledgers import ledger_state
from pipeline.tables import Judgement


class Standing(StrEnum):
    """What became of a mark.

    ``HOLDS``: it decides. ``SUPERSEDED``: a later one does. ``STALE``: what was reviewed is not what is
    stored now. ``GONE``: there is no such finding any more.
    """

    HOLDS = "holds"
    SUPERSEDED = "superseded"
    STALE = "stale"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Ledger:
    """All marks, in the order in which they were stored.

    Examples
    --------
    >>> ledger = Ledger.of(StoreReader("out"))  # doctest: +SKIP
    >>> ledger.of_finding("2026-10-09", "c1", "dinghao-380", "OPS-25")  # doctest: +SKIP
    """

    reviews: tuple[Review, ...] = ()
    _by_key: Mapping[Key, tuple[Review, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_key: defaultdict[Key, list[Review]] = defaultdict(list)
        # Sorting keeps the order of storing where two marks are of one moment.
        for review in sorted(self.reviews, key=lambda r: r.reviewed_at):
            by_key[review.key].append(review)
        object.__setattr__(self, "_by_key", {key: tuple(marks) for key, marks in by_key.items()})

    @classmethod
    def of(cls, store: StoreReader, *, call_date: str | None = None) -> Ledger:
        """Read the marks on all findings, or on those of one day.

        Raises
        ------
        StoreError
            When a part of the table is damaged.
        """
        rows = store.ledger("reviews")
        if call_date is not None:
            rows = rows.filter(pc.equal(rows["call_date"], call_date))
        return cls(reviews_from_table(rows))

    def of_finding(self, call_date: str, call_id: str, standard: str, rule_id: str) -> tuple[Review, ...]:
        """Return the marks on a finding, oldest first, whether they fit it now or not."""
        return self._by_key.get((call_date, call_id, standard, rule_id), ())

    def holding(self, call_date: str, judgement: Judgement, finding: Finding) -> Review | None:
        """Return the mark that holds for a finding of a judgement; None when no mark fits it."""
        marks = self.of_finding(call_date, judgement.call_id, finding.standard, finding.rule_id)
        return next((mark for mark in reversed(marks) if fits(mark, judgement, finding)), None)

    def standing(self, review: Review, judgement: Judgement | None) -> Standing:
        """Return what became of a mark.

        Parameters
        ----------
        judgement : Judgement or None
            Of the mark's call and standard as it is stored now.
        """
        found = [f for f in judgement.findings if f.rule_id == review.rule_id] if judgement else []
        if judgement is None or not found:
            return Standing.GONE
        if not fits(review, judgement, found[0]):
            return Standing.STALE
        return (
            Standing.HOLDS
            if self.holding(review.call_date, judgement, found[0]) is review
            else Standing.SUPERSEDED
        )

    def days(self) -> tuple[str, ...]:
        """Return the days of which findings are marked, in order."""
        return tuple(sorted({review.call_date for review in self.reviews}))

    def calls(self, call_date: str) -> frozenset[str]:
        """Return the calls of a day of which findings are marked."""
        return frozenset(r.call_id for r in self.reviews if r.call_date == call_date)


def fits(review: Review, judgement: Judgement, finding: Finding) -> bool:
    """Return whether what a mark is about is what is stored now."""
    return (
        review.sha256 == judgement.sha256
        and review.verdict is finding.verdict
        and (review.rulebook_hash == judgement.rulebook_hash or review.finding_hash == finding_hash(finding))
    )


def key_of(call_date: str, judgement: Judgement, finding: Finding) -> Key:
    """Return what a finding is known by."""
    return call_date, judgement.call_id, finding.standard, finding.rule_id


def marks_state(store: StoreReader, call_date: str) -> str:
    """Return what changes whenever the marks of a day do; empty for a day without any."""
    return ledger_state(store.ledger("reviews"), call_date)


def judgements_of(
    store: StoreReader, call_date: str, call_ids: Collection[str], *, without_standards: Collection[str] = ()
) -> Iterator[Judgement]:
    """Yield how some calls of a day are judged now, rulebook by rulebook."""
    if not call_ids:
        return
    for standard in store.standards(call_date):
        if standard not in without_standards:
            yield from store.read_judgements(call_date, standard, call_ids=call_ids)


def stored_marks(store: StoreReader, ledger: Ledger) -> Iterator[tuple[Review, Standing, Finding | None]]:
    """Yield every mark, day by day, with what became of it and the finding as it is stored now."""
    for call_date in ledger.days():
        judged = {
            (j.call_id, j.score.standard): j for j in judgements_of(store, call_date, ledger.calls(call_date))
        }
        for review in ledger.reviews:
            if review.call_date != call_date:
                continue
            judgement = judged.get((review.call_id, review.standard))
            findings = judgement.findings if judgement else ()
            found = next((f for f in findings if f.rule_id == review.rule_id), None)
            yield review, ledger.standing(review, judgement), found
