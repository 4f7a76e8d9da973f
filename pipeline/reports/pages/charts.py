"""How charts are drawn: each kind is specified once, pages carry only the numbers.

The drawing is done in the browser, as SVG, by Vega, whose program comes with vl-convert and is written into
``assets/`` once.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from typing import Any

import altair as alt

from pipeline.cache import cache_folder, write_whole
from pipeline.private_files import write_private
from pipeline.reports.language import Language
from pipeline.reports.pages.addresses import ASSETS
from pipeline.reports.pages.site import Site
from pipeline.reports.pages.texts import Texts, texts

Layers = alt.LayerChart | alt.FacetChart


def write_charts(site: Site) -> None:
    """Write what draws charts: the program, and the specification of every kind in the site's language."""
    assets = site.folder / ASSETS
    write_private(assets / "vega.js", _program())
    write_private(assets / "kinds.js", _specifications(site.language))


def specify(t: Texts) -> dict[str, dict[str, Any]]:
    """Return the Vega-Lite specification of every kind of chart; its data go by the names table and marks."""
    made = {kind: chart(t) for kind, chart in KINDS.items()}
    return {kind: _dressed(chart).to_dict() for kind, chart in made.items()}


@cache
def _specifications(language: Language) -> str:
    specified = json.dumps(specify(texts(language)), ensure_ascii=True, separators=(",", ":"))
    return f"window.chartKinds={specified};\n"


@cache
def _program() -> str:
    """Make the program that draws once for each release of its package: that takes seconds."""
    kept = cache_folder() / "charts" / f"vega-{version('vl-convert-python')}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, ValueError):
        import vl_convert

        made: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # all of its arguments are optional
        # A machine whose cache cannot be written makes it for every report.
        with suppress(OSError):
            write_whole(kept, made)
        return made


# Colours are the style sheet's, so that charts follow it into the dark and onto paper.
_ACCENT, _SOFT, _INK, _QUIET, _LINE = (
    f"var(--{name})" for name in ("accent", "accent-soft", "ink", "ink-soft", "line")
)
_TABLE, _MARKS = alt.NamedData("table"), alt.NamedData("marks")
_HEIGHT = 220
# Moved inwards, the last label would run into the one before it.
_BINS = alt.Axis(labelFlush=False)
# Few calls get ticks at halves, whatever the smallest step: these have no label.
_COUNTS = alt.Axis(tickMinStep=1, labelExpr="datum.value % 1 ? '' : format(datum.value, ',d')")


def _dressed(chart: Layers) -> Layers:
    axis: dict[str, Any] = {
        "labelColor": _QUIET,
        "titleColor": _QUIET,
        "gridColor": _LINE,
        "domainColor": _LINE,
        "tickColor": _LINE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelFont": "inherit",
        "titleFont": "inherit",
    }
    sized: Any = chart.properties(width="container", height=_HEIGHT, background="transparent")
    dressed: Layers = sized.configure_view(stroke=None).configure_axis(**axis)
    return dressed


def _scores(t: Texts) -> Layers:
    """Calls by score, five points to a bar; the team's mean as a line."""
    bars = (
        alt.Chart(_TABLE)
        .mark_bar(fill=_ACCENT, fillOpacity=0.75, stroke=_ACCENT)
        .encode(
            x=alt.X(
                "low:Q",
                bin="binned",
                title=t("chart_score"),
                scale=alt.Scale(domain=[0, 100]),
                axis=_BINS,
            ),
            x2="high:Q",
            y=alt.Y("calls:Q", title=t("chart_calls"), axis=_COUNTS),
            tooltip=[
                alt.Tooltip("label:N", title=t("chart_score")),
                alt.Tooltip("calls:Q", title=t("chart_calls")),
            ],
        )
    )
    return alt.layer(bars, _lines())


def _lines() -> Layers:
    """Upright lines at values that are to be compared with, each with its name."""
    rule = alt.Chart(_MARKS).mark_rule(color=_INK, strokeDash=[4, 3], strokeWidth=1.5).encode(x="at:Q")
    label = (
        alt.Chart(_MARKS)
        .mark_text(align="left", dx=2, y=-4, baseline="bottom", color=_INK, font="inherit", fontSize=12)
        .encode(x="at:Q", text="label:N")
    )
    return alt.layer(rule, label)


def _paces(t: Texts) -> Layers:
    """Calls by pace; what the clause asks for as a shaded band with its limits as lines."""
    band = alt.Chart(_MARKS).mark_rect(fill=_SOFT, opacity=0.9).encode(x=alt.X("low:Q"), x2="high:Q")
    edges = [
        alt.Chart(_MARKS).mark_rule(color=_INK, strokeDash=[4, 3]).encode(x=f"{end}:Q")
        for end in ("low", "high")
    ]
    bars = (
        alt.Chart(_TABLE)
        .mark_bar(fill=_ACCENT, fillOpacity=0.75, stroke=_ACCENT)
        .encode(
            x=alt.X("low:Q", bin="binned", title=t("chart_pace"), scale=alt.Scale(zero=False), axis=_BINS),
            x2="high:Q",
            y=alt.Y("calls:Q", title=t("chart_calls"), axis=_COUNTS),
            tooltip=[
                alt.Tooltip("label:N", title=t("chart_pace")),
                alt.Tooltip("calls:Q", title=t("chart_calls")),
            ],
        )
    )
    label = (
        alt.Chart(_MARKS)
        .mark_text(align="left", dx=2, y=-4, baseline="bottom", color=_INK, font="inherit", fontSize=12)
        .encode(x="low:Q", text="label:N")
    )
    return alt.layer(band, bars, *edges, label)


def _course(x: alt.X, t: Texts) -> Layers:
    """Mean scores one after the other, each with its interval; the mean of all as a level line."""
    base = alt.Chart(_TABLE).encode(
        x=x,
        tooltip=[
            alt.Tooltip("label:N", title=t("chart_when")),
            alt.Tooltip("mean:Q", title=t("chart_score"), format=".1f"),
            alt.Tooltip("interval:N", title=t("chart_interval")),
            alt.Tooltip("calls:Q", title=t("chart_calls")),
        ],
    )
    y = alt.Y("mean:Q", title=t("chart_score"), scale=alt.Scale(domain=[0, 100]))
    reach = base.mark_rule(color=_ACCENT, opacity=0.55, strokeWidth=2).encode(
        y=alt.Y("low:Q", title=t("chart_score")), y2="high:Q"
    )
    line = base.mark_line(color=_ACCENT, strokeWidth=1.5, opacity=0.7).encode(y=y)
    points = base.mark_point(fill=_ACCENT, stroke=_ACCENT, size=36, opacity=1).encode(y=y)
    level = alt.Chart(_MARKS).mark_rule(color=_INK, strokeDash=[4, 3]).encode(y="at:Q")
    label = (
        alt.Chart(_MARKS)
        .mark_text(align="right", x="width", y=-4, baseline="bottom", color=_INK, font="inherit", fontSize=12)
        .encode(text="label:N")
    )
    return alt.layer(reach, line, points, level, label)


def _days(t: Texts) -> Layers:
    axis = alt.Axis(format="%m-%d", labelOverlap=True, tickCount={"interval": "day", "step": 1})
    return _course(alt.X("day:T", title=t("chart_day"), axis=axis), t)


def _hours(t: Texts) -> Layers:
    return _course(alt.X("hour:O", title=t("chart_hour"), axis=alt.Axis(labelAngle=0)), t)


KINDS = {"scores": _scores, "paces": _paces, "days": _days, "hours": _hours}
"""The charts there are, each by the function that specifies it."""
