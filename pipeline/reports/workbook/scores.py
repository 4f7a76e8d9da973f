"""The sheets of scorecards and of the trend by day, and the charts of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range_abs

from pipeline.estimates import Sums
from pipeline.reports.pages.cards import MEASURES, cards
from pipeline.reports.pages.standing import compare
from pipeline.reports.pages.texts import Texts
from pipeline.reports.workbook.findings import shown, stored
from pipeline.reports.workbook.gathering import Contents
from pipeline.reports.workbook.sheets import Book, Column, Kind, Sheet
from pipeline.tables import DIMENSIONS

_SHARES = ("answer_latency_over_5s_mean", "talk_share_mean")
_BAR = {"type": "data_bar", "bar_solid": True, "bar_color": "#9DB7DD", "min_type": "num", "max_type": "num"}
# Categories closer than this cannot be read.
_PIXELS_PER_AGENT, _PIXELS_AROUND = 18, 120
_ACROSS = 900


def write_scorecards(book: Book, contents: Contents, t: Texts) -> None:
    """Write agents with their scores, and days, then draw both."""
    agents = _agents(book, contents, t)
    days = _days(book, contents, t)
    sheet = book.book.add_worksheet(t("book_charts"))
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, t("book_charts_title"), book.title)
    sheet.write_string(1, 0, t("book_charts_note"), book.note)
    row = 3
    for name, standard in contents.standards.items():
        title = standard.title_in(t.language)
        for drawn, kind in ((agents, "bar"), (days, "line")):
            if name not in drawn.places:
                continue
            chart, height = drawn.chart(book, name, kind, title, t)
            options = {"description": t("book_chart_alt", sheet=drawn.sheet.name)}
            sheet.insert_chart(row, 0, chart, options)
            row += height // 20 + 2


class _Scored:
    """Rows with a mean score and its interval, rulebook by rulebook."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int], title: str) -> None:
        self.sheet = sheet
        self.columns = columns
        self.title = title
        self.places: dict[str, tuple[int, int]] = {}

    def chart(self, book: Book, standard: str, kind: str, title: str, t: Texts) -> tuple[Any, int]:
        """Draw the scores of a rulebook with their intervals; return the chart and its height in pixels."""
        first, last = self.places[standard]
        name = "'" + self.sheet.name.replace("'", "''") + "'"

        def cells(column: str) -> list[object]:
            at = self.columns[column]
            return [self.sheet.name, first, at, last, at]

        def reference(column: str) -> str:
            at = self.columns[column]
            return f"={name}!{xl_range_abs(first, at, last, at)}"

        bars = {
            "type": "custom",
            "plus_values": reference("above"),
            "minus_values": reference("below"),
            "line": {"color": "#1F2A44", "width": 1.25},
        }
        chart = book.book.add_chart({"type": kind})
        errors = "x_error_bars" if kind == "bar" else "y_error_bars"
        chart.add_series(
            {
                "name": t("book_score_mean"),
                "categories": cells("name"),
                "values": cells("mean"),
                errors: bars,
                "fill": {"color": "#A9C1E8"},
                "line": {"color": "#2F5597", "width": 2},
                "marker": {"type": "circle", "size": 6} if kind == "line" else {"type": "none"},
                "gap": 60,
            }
        )
        chart.set_title({"name": f"{self.title} · {title}", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        scale: dict[str, object] = {
            "min": 0,
            "max": 100,
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
        }
        scale["name"] = t("book_points")
        if kind == "bar":  # its values lie along the horizontal axis
            chart.set_x_axis(scale)
            chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        else:
            chart.set_x_axis({"num_font": {"size": 9}})
            chart.set_y_axis(scale)
        height = 320
        if kind == "bar":
            height = _PIXELS_AROUND + _PIXELS_PER_AGENT * (last - first + 1)
        chart.set_size({"width": _ACROSS, "height": height})
        return chart, height


def _agents(book: Book, contents: Contents, t: Texts) -> _Scored:
    frame = contents.agents
    columns = [
        Column(t("book_standard"), Kind.LONG, 24),
        Column(t("book_agent"), width=12),
        Column(t("book_name"), width=10),
        Column(t("book_team"), width=10),
        *_score_columns(t),
        Column(t("book_standing"), width=18),
        *(Column(t(d), Kind.NUMBER, 9) for d in DIMENSIONS),
        Column(t("book_critical_calls"), Kind.WHOLE, 10),
        Column(t("book_undetermined"), Kind.WHOLE, 10),
        *(Column(t(f"m_{m}"), Kind.SHARE if m in _SHARES else Kind.NUMBER, 13) for m in MEASURES),
        *_ends(t),
    ]
    notes = [_period(contents, t), t("book_scorecards_note"), t("book_standing_note")]
    sheet = book.sheet(t("book_scorecards"), t("book_scorecards_title"), notes, columns)
    scored = _scored(sheet, t, "book_agent", t("book_chart_agents"))
    for name in contents.standards:
        (whole,) = cards(contents.whole, name) or (None,)
        first = sheet.row
        for row in _records(frame[frame["standard"] == name].sort_values("agent_id")):
            own = Sums(int(row["calls_scored"]), row["score_sum"], row["score_sq_sum"])
            standing = compare(own, whole.score).standing if whole else None
            sheet.write(
                (
                    contents.title_of(name, t.language),
                    stored(row["agent_id"]),
                    shown(row["agent_name"]),
                    shown(row["team"]),
                    *_score_cells(row),
                    t(f"standing_{standing.value}") if standing else None,
                    *(row[f"{d}_mean"] for d in DIMENSIONS),
                    row["calls_with_critical_failure"],
                    row["findings_undetermined"],
                    *(row[m] for m in MEASURES),
                    *_reach(row),
                )
            )
        if sheet.row > first:
            scored.places[name] = first, sheet.row - 1
    _finish(sheet, t)
    return scored


def _days(book: Book, contents: Contents, t: Texts) -> _Scored:
    frame = contents.by_day
    columns = [
        Column(t("book_standard"), Kind.LONG, 24),
        Column(t("book_day"), width=12),
        *_score_columns(t),
        *(Column(t(d), Kind.NUMBER, 9) for d in DIMENSIONS),
        *_ends(t),
    ]
    sheet = book.sheet(t("book_trend"), t("book_trend_title"), [_period(contents, t)], columns)
    scored = _scored(sheet, t, "book_day", t("book_chart_days"))
    for name in contents.standards:
        first = sheet.row
        for row in _records(frame[frame["standard"] == name].sort_values("date")):
            sheet.write(
                (
                    contents.title_of(name, t.language),
                    row["date"],
                    *_score_cells(row),
                    *(row[f"{d}_mean"] for d in DIMENSIONS),
                    *_reach(row),
                )
            )
        if sheet.row > first:
            scored.places[name] = first, sheet.row - 1
    _finish(sheet, t)
    return scored


def _score_columns(t: Texts) -> Iterable[Column]:
    yield Column(t("book_calls_n"), Kind.WHOLE, 8)
    yield Column(t("book_scored_n"), Kind.WHOLE, 8)
    yield Column(t("book_score_mean"), Kind.SCORE, 10)
    yield Column(t("book_low"), Kind.NUMBER, 9)
    yield Column(t("book_high"), Kind.NUMBER, 9)
    yield Column(t("book_after_review"), Kind.SCORE, 10)
    yield Column(t("book_reviewed"), Kind.WHOLE, 9)
    yield Column(t("book_overturned"), Kind.WHOLE, 9)


def _score_cells(row: Mapping[str, Any]) -> Sequence[object]:
    # Without reviews there is no score after them to be shown.
    after = row["score_after_review_mean"] if row["findings_reviewed"] else None
    return (
        row["calls"],
        row["calls_scored"],
        row["score_mean"],
        row["score_ci_low"],
        row["score_ci_high"],
        after,
        row["findings_reviewed"],
        row["findings_overturned"],
    )


def _ends(t: Texts) -> Sequence[Column]:
    """Columns for the charts: how far the interval reaches below and above the mean."""
    return (
        Column(t("book_reach_below"), Kind.NUMBER, 9, hidden=True),
        Column(t("book_reach_above"), Kind.NUMBER, 9, hidden=True),
    )


def _reach(row: Mapping[str, Any]) -> tuple[float, float]:
    return row["score_mean"] - row["score_ci_low"], row["score_ci_high"] - row["score_mean"]


def _scored(sheet: Sheet, t: Texts, names: str, title: str) -> _Scored:
    last = len(sheet.columns) - 1
    columns = {
        "name": sheet.at(t(names)),
        "mean": sheet.at(t("book_score_mean")),
        "below": last - 1,
        "above": last,
    }
    return _Scored(sheet, columns, title)


def _finish(sheet: Sheet, t: Texts) -> None:
    sheet.done()
    if sheet.row > sheet.first:
        mean = sheet.at(t("book_score_mean"))
        sheet.sheet.conditional_format(
            sheet.first, mean, sheet.row - 1, mean, {**_BAR, "min_value": 0, "max_value": 100}
        )


def _period(contents: Contents, t: Texts) -> str:
    return t("book_period", first=contents.days[0], last=contents.days[-1], n=len(contents.days))


def _records(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    return ({str(k): v for k, v in row.items()} for row in frame.to_dict("records"))
