"""Taking marks into the ledger: every row of a file is looked at, and all of them come in or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.call import Call, CallRecord, Finding, Role, Utterance
from pipeline.errors import ConfigError
from pipeline.privacy import redact
from pipeline.reviews.cells import Mark, read_mark
from pipeline.reviews.files import read_lines
from pipeline.reviews.ledger import Ledger, judgements_of
from pipeline.reviews.marks import Review, finding_hash, review_table
from pipeline.store import Store, StoreReader
from pipeline.tables import Judgement, rows_of

MOST_PROBLEMS = 200
"""More than these no one reads at once."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to.

    Attributes
    ----------
    added : tuple of Review
        Marks that are new to the ledger.
    known : int
        Marks that were there already, or in an earlier one of the files.
    unmarked : int
        Rows without a mark.
    """

    added: tuple[Review, ...]
    known: int
    unmarked: int

    @property
    def overturned(self) -> int:
        """New marks that change a verdict."""
        return sum(review.overturns for review in self.added)


def import_marks(
    store: Store, paths: Sequence[Path], *, reviewer: str = "", zone: ZoneInfo, now: datetime | None = None
) -> Imported:
    """Add the marks of files to the ledger; the same files again change nothing.

    Parameters
    ----------
    store : Store
        Inside ``store.writing()``.
    paths : sequence of Path
        CSV files and workbooks.
    reviewer : str
        Who made the marks that name nobody.
    zone : ZoneInfo
        Of times that are written without one.
    now : datetime, optional
        When they are stored, with a time zone; also the time of marks that have none.

    Raises
    ------
    ConfigError
        With every row that cannot be used: what was seen and what was expected. Nothing is stored then.
    StoreError
        When findings or the ledger cannot be read.
    """
    now = now or datetime.now(UTC)
    marks: list[Mark] = []
    problems: dict[str, str] = {}
    places: list[str] = []
    unmarked = repeated = 0
    for path in paths:
        before = {(mark.key, mark.reviewer, mark.reviewed_at, *mark.says) for mark in marks}
        for line in read_lines(path):
            places.append(line.place)
            read = read_mark(line, path.name, reviewer=reviewer, zone=zone, latest=now + timedelta(days=1))
            if read is None:
                unmarked += 1
            elif isinstance(read, Mark) and (read.key, read.reviewer, read.reviewed_at, *read.says) in before:
                repeated += 1  # a browser exports its marks again until they are cleared
            elif isinstance(read, Mark):
                marks.append(read)
            else:
                problems[line.place] = read
    problems |= _twice(marks)
    ledger = Ledger.of(store)
    added, known = _new(store, ledger, marks, now, problems)
    if problems:
        raise ConfigError("\n".join(_told([problems[p] for p in places if p in problems])))
    if not marks and not unmarked:
        raise ConfigError(f"{', '.join(map(str, paths))}: no rows below the header; nothing to import")
    store.add("reviews", review_table(added))
    return Imported(tuple(added), known + repeated, unmarked)


def _told(problems: Sequence[str]) -> list[str]:
    rows = f"{len(problems)} rows" if len(problems) > 1 else "1 row"
    more = [f"and {len(problems) - MOST_PROBLEMS} more"] if len(problems) > MOST_PROBLEMS else []
    return [f"nothing was imported: {rows} cannot be used", *problems[:MOST_PROBLEMS], *more]


def _twice(marks: Iterable[Mark]) -> dict[str, str]:
    seen: dict[object, Mark] = {}
    problems = {}
    for mark in marks:
        first = seen.setdefault((mark.key, mark.reviewer, mark.reviewed_at), mark)
        if first is not mark:
            same = "is there twice" if mark.says == first.says else "says otherwise than an earlier row"
            problems[mark.place] = (
                f"{mark.place}: this finding {same}, {first.place}; expected one row for each mark of "
                f"{mark.reviewer}: take one of them out"
            )
    return problems


def _new(
    store: StoreReader, ledger: Ledger, marks: Sequence[Mark], now: datetime, problems: dict[str, str]
) -> tuple[list[Review], int]:
    """Return the marks that are new to the ledger, and how many are not; what does not fit is a problem."""
    added: list[Review] = []
    known = 0
    for day in dict.fromkeys(mark.call_date for mark in marks):
        own = [mark for mark in marks if mark.call_date == day]
        ids = {mark.call_id for mark in own}
        judged = {(j.call_id, j.score.standard): j for j in judgements_of(store, day, ids)}
        whole = _unredacted(store, day)
        for mark in own:
            kept = mark.call_id in whole
            mark = mark if kept else replace(mark, reason=without_personal_data(mark.reason))
            if _is_known(mark, ledger):
                known += 1
                continue
            found = _finding(mark, judged.get((mark.call_id, mark.standard)), problems)
            if found is not None:
                added.append(mark.review(finding_hash(found), now))
    return added, known


def _is_known(mark: Mark, ledger: Ledger) -> bool:
    """Return whether the ledger has a mark; one without a time is known when its reviewer's last says it."""
    own = [review for review in ledger.of_finding(*mark.key) if review.reviewer == mark.reviewer]
    if mark.reviewed_at is None:
        own = own[-1:]
    else:
        own = [review for review in own if review.reviewed_at == mark.reviewed_at]
    return any(mark.is_as(review) for review in own)


def _finding(mark: Mark, judgement: Judgement | None, problems: dict[str, str]) -> Finding | None:
    """Return the stored finding that a mark is about; None, and a problem, when it is not this one."""
    found = [f for f in judgement.findings if f.rule_id == mark.rule_id] if judgement else []
    if judgement is None or not found:
        problems[mark.place] = (
            f"{mark.place}: no finding of {mark.rule_id} of {mark.standard} for call {mark.call_id!r} on "
            f"{mark.call_date}; expected one that is stored: was the file opened and saved by a program that "
            "changes ids and dates, or is it of another store?"
        )
        return None
    stale = [
        f"{name} {seen} instead of {there}"
        for name, seen, there in (
            ("verdict", mark.verdict.value, found[0].verdict.value),
            ("recording", mark.sha256[:12], judgement.sha256[:12]),
            ("rulebook", mark.rulebook_hash[:12], judgement.rulebook_hash[:12]),
        )
        if seen != there
    ]
    if stale:
        problems[mark.place] = (
            f"{mark.place}: {mark.rule_id} of call {mark.call_id!r} has changed since it was marked: "
            f"{', '.join(stale)}; look at the call again as it is judged now, or take the row out"
        )
        return None
    return found[0]


def _unredacted(store: StoreReader, day: str) -> frozenset[str]:
    """Return the calls of a day whose texts were kept as they were said."""
    rows = store.table("calls", day, columns=("call_id", "redacted"), without=store.damaged(day))
    return frozenset(row["call_id"] for row in rows_of(rows) if not row["redacted"])


def without_personal_data(text: str | None) -> str | None:
    """Return what a reviewer wrote with numbers, addresses and names as their kinds, as in stored calls."""
    if not text:
        return text
    said = Utterance(0, Role.AGENT, 0.0, 1.0, text, text, len(text), 1.0, 1.0, "zh")
    call = Call(CallRecord("", Path()), "", "", 1.0, 2, True, 1.0, utterances=(said,))
    return redact(call).utterances[0].text
