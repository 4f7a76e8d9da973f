"""The page of a call: facts, scores with their arithmetic, timeline, findings with clips, transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.call import Call, Finding, Score, Verdict
from pipeline.reports.pages.addresses import call_page, finding_anchor
from pipeline.reports.pages.formats import clock
from pipeline.reports.pages.players import Player, players
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.standards import Clause, Standard
from pipeline.reports.pages.texts import Texts, texts
from pipeline.reports.pages.timeline import Timeline, timeline
from pipeline.reports.pages.timeline_marks import WINDOW_S, MarkState, state_of
from pipeline.reports.pages.transcript import transcript
from pipeline.reports.quotes import Quote, quote_of
from pipeline.reports.reasons import reason_in
from pipeline.reviews import Review, Reviewed
from pipeline.tables import escape

_DECIDED = (Verdict.PASS, Verdict.FAIL)
_TOLD_BANDS = 12


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as the page shows it.

    Attributes
    ----------
    reason : str
        In the page's language.
    searched : bool
        Whether its interval is one that was looked through, rather than where something was said.
    player : Player or None
        What there is to listen to.
    review : Review or None
        The mark of a reviewer that holds.
    """

    finding: Finding
    clause: Clause
    anchor: str
    reason: str
    searched: bool
    player: Player | None
    review: Review | None

    @property
    def said(self) -> Quote:
        """What of its quote is shown."""
        return quote_of(self.finding.verdict, self.finding.quote or "", self.finding.reason)

    @property
    def nearest(self) -> bool:
        """Whether the quote is what came nearest to words that were not said."""
        return self.said.nearest

    @property
    def quote(self) -> str:
        """The words that show it; empty where none do."""
        return self.said.words

    @property
    def verdict(self) -> Verdict:
        """The audit's verdict."""
        return self.finding.verdict

    @property
    def verdict_after(self) -> Verdict:
        """What holds: the reviewer's verdict, or the audit's."""
        return self.review.right_verdict if self.review else self.finding.verdict

    @property
    def overturned(self) -> bool:
        """Whether a person decided otherwise than the audit."""
        return self.verdict_after is not self.verdict

    @property
    def state(self) -> MarkState | None:
        """How it is marked in the transcript and on the timeline; None where it is not."""
        return state_of(self.verdict, self.verdict_after)


@dataclass(frozen=True, slots=True)
class Sum:
    """How a score comes about.

    Attributes
    ----------
    rows : tuple of FindingView
        Decided clauses with points, in the order of the rulebook's ids.
    critical : tuple of FindingView
        Critical clauses that were not met.
    left_open, not_owed : int
        Clauses that count for nothing.
    """

    score: Score
    rows: tuple[FindingView, ...]
    critical: tuple[FindingView, ...]
    left_open: int
    not_owed: int


@dataclass(frozen=True, slots=True)
class StandardView:
    """What one rulebook says of the call.

    Attributes
    ----------
    total : Sum
        By the audit.
    after : Sum or None
        With the verdicts after review, when there is a review.
    """

    standard: Standard
    total: Sum
    after: Sum | None
    fails: tuple[FindingView, ...]
    open: tuple[FindingView, ...]
    passes: tuple[FindingView, ...]
    not_owed: tuple[FindingView, ...]

    @property
    def every(self) -> tuple[FindingView, ...]:
        """All of them."""
        return (*self.fails, *self.open, *self.passes, *self.not_owed)


def write_call_page(site: Site, call: Call, judged: Sequence[Reviewed]) -> None:
    """Write a call's page, and its clips where the report has any."""
    record = call.record
    findings = [finding for one in judged for finding in one.judgement.findings]
    there, clips = players(site, call, findings)
    held = [finding.verdict for one in judged for finding in one.findings]
    picture = timeline(call, zip(findings, held, strict=True))
    views = [_standard(site, one, there) for one in judged]
    site.write(
        call_page(record.call_date, record.call_id),
        "call.html.jinja",
        call=call,
        standards=views,
        picture=picture,
        overheard=_told(texts(site.language), call, picture),
        lines=transcript(call, [view for one in views for view in one.every if view.state]),
        keys=_keys(call, judged),
        clips=clips,
    )


def _standard(site: Site, one: Reviewed, there: Mapping[int, Player]) -> StandardView:
    standard = site.standard(one.judgement.score.standard)
    views = [_view(site, standard, f, one, there.get(id(f))) for f in one.judgement.findings]
    views.sort(key=lambda v: v.finding.rule_id)

    def of(verdict: Verdict) -> tuple[FindingView, ...]:
        found = [view for view in views if view.verdict is verdict]
        return tuple(sorted(found, key=lambda v: (not v.finding.critical, -v.finding.points)))

    return StandardView(
        standard,
        _sum(one.judgement.score, views, attrgetter("verdict")),
        _sum(one.score, views, attrgetter("verdict_after")) if one.holding else None,
        of(Verdict.FAIL),
        of(Verdict.UNDETERMINED),
        of(Verdict.PASS),
        of(Verdict.NOT_APPLICABLE),
    )


def _view(
    site: Site, standard: Standard, finding: Finding, one: Reviewed, player: Player | None
) -> FindingView:
    span_s = (finding.end_s or 0.0) - (finding.start_s or 0.0)
    return FindingView(
        finding,
        standard.clause(finding.rule_id),
        finding_anchor(finding.standard, finding.rule_id),
        reason_in(finding.reason, site.language),
        span_s > WINDOW_S or not finding.quote,
        player,
        one.review_of(finding.rule_id),
    )


def _sum(score: Score, views: Sequence[FindingView], verdict: attrgetter[Verdict]) -> Sum:
    return Sum(
        score,
        tuple(v for v in views if verdict(v) in _DECIDED and not v.finding.critical and v.finding.points),
        tuple(v for v in views if verdict(v) is Verdict.FAIL and v.finding.critical),
        sum(verdict(v) is Verdict.UNDETERMINED for v in views),
        sum(verdict(v) is Verdict.NOT_APPLICABLE for v in views),
    )


def _keys(call: Call, judged: Sequence[Reviewed]) -> dict[str, dict[str, str]]:
    """Return what a mark on each finding says that it is about, by the finding's place on the page."""
    return {
        finding_anchor(f.standard, f.rule_id): {
            # Undecodable bytes as escapes: a browser cannot write them to a file as they are.
            "call_id": escape(call.record.call_id),
            "call_date": call.record.call_date,
            "standard": f.standard,
            "rule_id": f.rule_id,
            "verdict": f.verdict.value,
            "sha256": one.judgement.sha256,
            "rulebook_hash": one.judgement.rulebook_hash,
        }
        for one in judged
        for f in one.judgement.findings
    }


def _told(t: Texts, call: Call, picture: Timeline) -> tuple[str, ...]:
    """Return what the picture shows, in sentences."""
    said = [
        t(
            "timeline_speech",
            role=t(f"lane_{lane.role.value}"),
            spoken=clock(lane.spoken_s),
            length=clock(call.duration_s),
        )
        for lane in picture.lanes
        if lane.spoken_s
    ]
    said = said or [t("timeline_no_speech")]
    if picture.overlap_s and picture.overlap_s >= 1.0:
        said.append(t("timeline_overlap", n=round(picture.overlap_s)))
    for band in picture.bands[:_TOLD_BANDS]:
        kind = t(f"band_{band.kind}")
        said.append(t("timeline_band", kind=kind, start=clock(band.start_s), end=clock(band.end_s)))
    if len(picture.bands) > _TOLD_BANDS:
        said.append(t("timeline_more", n=len(picture.bands) - _TOLD_BANDS))
    marked = Counter(one.state for mark in picture.marks for one in mark.findings)
    if marked:
        fails, left_open = marked[MarkState.FAIL], marked[MarkState.UNDETERMINED]
        said.append(t("timeline_findings", fails=fails, open=left_open))
    if marked[MarkState.OVERTURNED]:
        said.append(t("timeline_overturned", n=marked[MarkState.OVERTURNED]))
    return tuple(said)
