"""What charts show: their numbers, the same numbers as a table, and what they say in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.estimates import Estimate, Sums
from pipeline.reports.pages.cards import Card
from pipeline.reports.pages.course import Course
from pipeline.reports.pages.formats import count, number, percent, span
from pipeline.reports.pages.standards import PaceBand
from pipeline.reports.pages.texts import Texts

Row = dict[str, float | str | None]

_SCORE_STEP, _PACE_STEP = 5, 10


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart and the same numbers as a table.

    Attributes
    ----------
    kind : str
        One of `pipeline.reports.pages.charts.KINDS`.
    title, note : str
        Above the chart.
    summary : str
        What it shows, in a sentence, for those who do not see it.
    data : mapping of str to sequence of Row
        What the chart draws (``table``) and compares with (``marks``).
    heads, rows : sequence
        The table.
    """

    kind: str
    title: str
    summary: str
    data: Mapping[str, Sequence[Row]]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def scores_figure(scores: pd.Series[float], mean: Estimate, t: Texts) -> Figure:
    """Return how scores are distributed, in steps of five points."""
    values = scores.dropna().to_numpy(float)
    counts, edges = np.histogram(values, bins=np.arange(0, 101, _SCORE_STEP))
    bins = [(int(low), int(low) + _SCORE_STEP, int(calls)) for low, calls in zip(edges, counts, strict=False)]
    table = [_bin(low, high, calls) for low, high, calls in bins]
    marks: list[Row] = []
    if mean.value is not None:
        marks.append({"at": mean.value, "label": t("chart_mean", mean=number(mean.value))})
    return Figure(
        "scores",
        t("scores_title"),
        t(
            "scores_summary",
            calls=count(len(values)),
            middle=number(float(np.median(values))) if len(values) else number(None),
            low=number(float(np.quantile(values, 0.25))) if len(values) else number(None),
            high=number(float(np.quantile(values, 0.75))) if len(values) else number(None),
        ),
        {"table": table, "marks": marks},
        (t("chart_score"), t("chart_calls"), t("share")),
        [(f"{low}–{high}", count(calls), _of(calls, len(values))) for low, high, calls in bins if calls],
    )


def paces_figure(paces: pd.Series[float], band: PaceBand | None, t: Texts) -> Figure:
    """Return how the paces of calls are distributed, beside what a clause asks for."""
    values = paces.dropna().to_numpy(float)
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    first = math.floor(low / _PACE_STEP) * _PACE_STEP
    edges = np.arange(first, max(high, first) + 2 * _PACE_STEP, _PACE_STEP)
    counts, _ = np.histogram(values, bins=edges)
    bins = [(int(e), int(e) + _PACE_STEP, int(n)) for e, n in zip(edges, counts, strict=False)]
    marks: list[Row] = []
    inside = None
    if band is not None:
        at_least = 0.0 if band.low is None else band.low
        at_most = max(high, at_least) if band.high is None else band.high
        marks.append({"low": at_least, "high": at_most, "label": t("chart_band", rule=band.rule_id)})
        inside = int(((values >= at_least) & (values <= at_most)).sum())
    middle = number(float(np.median(values)), 0) if len(values) else number(None)
    summary = t("paces_summary", calls=count(len(values)), middle=middle)
    if band is not None and inside is not None:
        asked = t("paces_inside", band=span(band.low, band.high, 0), inside=_of(inside, len(values)))
        summary = f"{summary} {asked}"
    return Figure(
        "paces",
        t("paces_title"),
        summary,
        {"table": [_bin(*b) for b in bins if b[2]], "marks": marks},
        (t("chart_pace"), t("chart_calls"), t("share")),
        [(f"{low}–{high}", count(calls), _of(calls, len(values))) for low, high, calls in bins if calls],
        note=summary,
    )


def days_figure(course: Course, whole: Estimate, t: Texts) -> Figure:
    """Return the course of the scores."""
    table: list[Row] = []
    rows = []
    for point in course.points:
        label = f"{point.first} – {point.last}" if course.weekly else point.first
        table.append({"day": point.first, "label": label, **_mean(point.mean, point.score)})
        rows.append((label, count(point.score.count), *_texts(point.mean)))
    title = t("weeks_title") if course.weekly else t("days_title")
    return Figure(
        "days",
        title,
        t("days_summary", points=len(rows), mean=number(whole.value)),
        {"table": table, "marks": _level(whole, t)},
        (t("chart_when"), t("chart_calls"), t("chart_score"), t("chart_interval")),
        rows,
        note=t("interval_note"),
    )


def hours_figure(hours: Sequence[Card], whole: Estimate, t: Texts) -> Figure:
    """Return the mean scores by hour of the shift; calls whose hour is not known are in none."""
    known = sorted((c for c in hours if c.hour is not None and c.scored), key=lambda c: c.hour or 0)
    table: list[Row] = []
    rows = []
    for card in known:
        label = t("hour_label", n=(card.hour or 0) + 1)
        table.append({"hour": (card.hour or 0) + 1, "label": label, **_mean(card.mean, card.score)})
        rows.append((label, count(card.scored), *_texts(card.mean)))
    return Figure(
        "hours",
        t("hours_title"),
        t("hours_summary", points=len(rows), mean=number(whole.value)),
        {"table": table, "marks": _level(whole, t)},
        (t("chart_hour"), t("chart_calls"), t("chart_score"), t("chart_interval")),
        rows,
        note=t("interval_note"),
    )


def _bin(low: int, high: int, calls: int) -> Row:
    return {"low": low, "high": high, "calls": calls, "label": f"{low}–{high}"}


def _of(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


def _mean(mean: Estimate, score: Sums) -> Row:
    low, high = (mean.value, mean.value) if mean.low is None else (mean.low, mean.high)
    return {
        "mean": mean.value,
        "low": low,
        "high": high,
        "interval": span(mean.low, mean.high),
        "calls": score.count,
    }


def _texts(mean: Estimate) -> tuple[str, str]:
    return number(mean.value), span(mean.low, mean.high)


def _level(whole: Estimate, t: Texts) -> list[Row]:
    if whole.value is None:
        return []
    return [{"at": whole.value, "label": t("chart_mean", mean=number(whole.value))}]
