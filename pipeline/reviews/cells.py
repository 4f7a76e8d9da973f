"""One row of a file of marks, read strictly: a mark, no mark, or everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.call import Verdict
from pipeline.errors import IntakeError
from pipeline.intake.clock import read_time
from pipeline.reviews.files import MAX_CELL, Line
from pipeline.reviews.marks import AGREE, OVERTURN, RIGHT_VERDICTS, Key, Review
from pipeline.reviews.words import DECISIONS, VERDICTS
from pipeline.tables import unescape

_MAX_NAME = 200
# As spreadsheets rewrite a day: 2026/1/9.
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_KEYS = ("call_id", "call_date", "standard", "rule_id", "sha256", "rulebook_hash")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as a row of a file says it; ``reviewed_at`` is None where it has no time."""

    place: str
    source: str
    call_id: str
    call_date: str
    standard: str
    rule_id: str
    verdict: Verdict
    right_verdict: Verdict
    reason: str | None
    reviewer: str
    reviewed_at: datetime | None
    sha256: str
    rulebook_hash: str

    @property
    def key(self) -> Key:
        """The finding that it is about."""
        return self.call_date, self.call_id, self.standard, self.rule_id

    @property
    def says(self) -> tuple[object, ...]:
        """What it says of the finding."""
        return self.verdict, self.right_verdict, self.reason, self.sha256, self.rulebook_hash

    def is_as(self, review: Review) -> bool:
        """Return whether a stored mark says the same."""
        there = (
            review.verdict,
            review.right_verdict,
            review.reason,
            review.sha256,
            review.rulebook_hash,
        )
        return self.says == there

    def review(self, finding_hash: str, now: datetime) -> Review:
        """Return it as it is stored."""
        return Review(
            call_id=self.call_id,
            call_date=self.call_date,
            standard=self.standard,
            rule_id=self.rule_id,
            verdict=self.verdict,
            # Who overturns to what the audit says agrees with it.
            decision=AGREE if self.right_verdict is self.verdict else OVERTURN,
            right_verdict=self.right_verdict,
            reason=self.reason,
            reviewer=self.reviewer,
            reviewed_at=self.reviewed_at or now,
            sha256=self.sha256,
            rulebook_hash=self.rulebook_hash,
            finding_hash=finding_hash,
            imported_at=now,
            source=self.source,
        )


def read_mark(
    line: Line, source: str, *, reviewer: str, zone: ZoneInfo, latest: datetime
) -> Mark | str | None:
    """Return the mark of a row, None where it has none, or all that is wrong with it.

    Parameters
    ----------
    source : str
        Name of the file.
    reviewer : str
        Who made a mark that names nobody.
    zone : ZoneInfo
        Of times that are written without one.
    latest : datetime
        Later than this no mark was made.
    """
    if not any(line[name] for name in ("decision", "right_verdict", "reason")):
        return None
    wrong = [f"{name} is empty" for name in _KEYS if not line[name]]
    verdict = VERDICTS.get(line["verdict"].casefold())
    if verdict is None:
        wrong.append(f"verdict is {line['verdict']!r}; expected {', '.join(Verdict)}")
    right = None if verdict is None else _right(line, verdict, wrong)
    who = line["reviewer"] or reviewer
    if not who:
        wrong.append("reviewer is empty; expected a name in the row, or --reviewer for all such rows")
    at = _time(line["reviewed_at"], zone, latest, wrong)
    for name in line.cells:
        most = _MAX_NAME if name == "reviewer" else MAX_CELL
        if len(line[name]) > most:
            wrong.append(f"{name} has {len(line[name])} characters; expected at most {most}")
    if wrong or verdict is None or right is None:
        return f"{line.place}: {'; '.join(wrong)}"
    return Mark(
        place=line.place,
        source=source,
        # Undecodable bytes of an id are written as escapes, in files as in tables.
        call_id=unescape(line["call_id"]),
        call_date=_day(line["call_date"]),
        standard=line["standard"],
        rule_id=line["rule_id"],
        verdict=verdict,
        right_verdict=right,
        reason=line["reason"] or None,
        reviewer=who,
        reviewed_at=at,
        sha256=line["sha256"],
        rulebook_hash=line["rulebook_hash"],
    )


def _right(line: Line, verdict: Verdict, wrong: list[str]) -> Verdict | None:
    """Return what the reviewer says the verdict is."""
    decision = DECISIONS.get(line["decision"].casefold())
    given = line["right_verdict"]
    right = VERDICTS.get(given.casefold())
    expected = ", ".join(RIGHT_VERDICTS)
    if decision is None:
        wrong.append(f"decision is {line['decision']!r}; expected {AGREE} or {OVERTURN}")
    elif decision == AGREE:
        if given and right is not verdict:
            wrong.append(f"agrees with {verdict} and right_verdict is {given!r}; expected it to be empty")
        return verdict
    else:
        if right is None or right not in (*RIGHT_VERDICTS, verdict):
            wrong.append(f"right_verdict is {given!r}; expected {expected}")
        if not line["reason"]:
            wrong.append("reason is empty; expected why the verdict is overturned")
    return right


def _day(text: str) -> str:
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def _time(text: str, zone: ZoneInfo, latest: datetime, wrong: list[str]) -> datetime | None:
    if not text:
        return None
    try:
        # Who types no time of day into a workbook means the day.
        at = read_time(f"{text} 00:00" if _DAY.fullmatch(text) else text, zone=zone).astimezone(UTC)
    except IntakeError as error:
        wrong.append(f"reviewed_at: {error}")
        return None
    if at > latest:
        wrong.append(f"reviewed_at is {text}, which is to come; expected when the mark was made")
    return at
