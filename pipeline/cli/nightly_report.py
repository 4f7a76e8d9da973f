"""What ``nightly`` prints: what a night came to, or what it would do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pipeline.cli.app import program, say
from pipeline.reports.plain import counted

if TYPE_CHECKING:
    from pipeline.nightly.planning import NightPlan, SourcePlan
    from pipeline.nightly.reading import NightConfig
    from pipeline.nightly.summary import NightSummary


def show_summary(night: NightConfig, summary: NightSummary) -> None:
    """Say what a night did, a line per source, and what is left to do."""
    from pipeline.nightly.course import METRICS
    from pipeline.nightly.summary import LATEST
    from pipeline.reports.plain import plain_text

    for source in summary.sources:
        parts = [f"heard {source.heard} ({source.audio_s / 60:.1f} min)", f"{source.known} known"]
        parts += [
            f"{count} {what}"
            for count, what in (
                (source.failed, "failed"),
                (source.known_failed, "failed before and not tried again"),
                (source.left, "left for the next night"),
                (source.unsettled, "still being written"),
                (source.too_old, "too old"),
            )
            if count
        ]
        typer.echo(f"{plain_text(source.name)}: {', '.join(parts)}")
        if source.problem:
            say(f"failed: [source] {source.problem}")
    if METRICS in summary.failures:
        say(f"failed: [metrics] {night.metrics}: cannot be written; may this user write to its folder?")
    if summary.purged.problems:
        say("failed: [purge] old things cannot be removed; callaudit purge says which and why")
    judged = summary.judged
    typer.echo(
        f"judged {counted(judged.days, 'day')}: {counted(judged.judgements, 'judgement')}, "
        f"{judged.calls_to_review} to review; "
        f"purged {counted(summary.purged.calls, 'call')}"
    )
    if summary.total("failed") or summary.total("known_failed"):
        typer.echo(f"why calls failed: {program()} status {night.out}")
    typer.echo(f"{summary.ending} in {summary.night_s / 60:.1f} min; summary: {night.out / LATEST}")


def show_plan(plan: NightPlan) -> None:
    """Say what a night would do."""
    from pipeline.reports.plain import plain_text

    for source in plan.sources:
        typer.echo(
            f"{plain_text(source.name)}: {source.new} to hear ({source.new_bytes / 1e6:.1f} MB), "
            f"{source.known} known, {source.refused} refused, {source.known_failed} failed before, "
            f"{source.unsettled} still being written, "
            f"{source.too_old} too old"
        )
        if source.problem:
            say(f"failed: [source] {source.problem}")
        for note in source.notes:
            say(f"note: {note}")
    if plan.purge is not None:
        typer.echo(
            f"would remove {counted(plan.purge.calls, 'call')} of {counted(len(plan.purge.days), 'day')}"
        )
    hours = "not known before a night has heard something" if plan.hours is None else f"{plan.hours:.1f} h"
    free = f"{counted(plan.workers, 'worker')}, {plan.free_bytes / 1e9:.1f} GB free"
    typer.echo(f"{free}; hearing would take: {hours}")


def plan_fields(plan: NightPlan) -> dict[str, object]:
    """Return a plan as JSON takes it."""
    return {
        "sources": [_source_fields(source) for source in plan.sources],
        "workers": plan.workers,
        "free_bytes": plan.free_bytes,
        "before": plan.before.isoformat() if plan.before else None,
        "purge": None if plan.purge is None else {d.call_date: d.calls for d in plan.purge.days},
        "hours": plan.hours,
    }


def _source_fields(source: SourcePlan) -> dict[str, object]:
    return asdict(source)
