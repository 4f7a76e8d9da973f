"""A night's numbers for Prometheus, as a file that the node exporter's textfile collector picks up."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from pipeline.nightly.summary import NightSummary

CALLS = ("heard", "known", "failed", "known_failed", "left", "unsettled", "too_old")
READABLE = 0o644
"""The exporter runs as another user, and the file holds no personal data."""


def write_metrics(path: Path, summary: NightSummary, *, last_success_s: float | None) -> None:
    """Write the file in place of the last night's, whole or not at all.

    Parameters
    ----------
    path : Path
        Its name ends in ``.prom``; the folder is made where it is not there.
    summary : NightSummary
    last_success_s : float or None
        When the latest night that ended well did so [seconds since the epoch]; None when none has.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), _registry(summary, last_success_s))
    path.chmod(READABLE)


def _registry(summary: NightSummary, last_success_s: float | None) -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, help_text: str, value: float | None, *labels: str) -> Gauge:
        made = Gauge(f"callaudit_{name}", help_text, labels, registry=registry)
        if value is not None and not labels:
            made.set(value)
        return made

    gauge("night_exit_code", "Exit code of the last night; 0 is all well", summary.exit_code)
    gauge("night_start_timestamp_seconds", "Start of the last night", _epoch(summary.started_at))
    gauge("night_end_timestamp_seconds", "End of the last night", _epoch(summary.ended_at))
    if last_success_s is not None:
        gauge("last_success_timestamp_seconds", "End of the last night with exit code 0", last_success_s)
    calls = gauge(
        "night_calls", "Calls of the last night by source and what came of them", None, "source", "outcome"
    )
    reached = gauge("night_source_readable", "Whether the source could be read", None, "source")
    audio = gauge("night_audio_seconds", "Recordings heard in the last night", None, "source")
    for source in summary.sources:
        for outcome in CALLS:
            calls.labels(source.name, outcome).set(getattr(source, outcome))
        reached.labels(source.name).set(source.problem is None)
        audio.labels(source.name).set(source.audio_s)
    failures = gauge("night_failures", "Inputs that failed in the last night, by stage", None, "stage")
    for stage, count in summary.failures.items():
        failures.labels(stage).set(count)
    stages = gauge(
        "night_stage_seconds", "Time of the last night over all processes, by stage", None, "stage"
    )
    for spent in summary.stages:
        stages.labels(str(spent.stage)).set(spent.clock_s)
    gauge("night_duration_seconds", "Length of the last night", summary.night_s)
    gauge("night_hearing_seconds", "Time the last night spent hearing", summary.hearing_s)
    if summary.real_time_factor is not None:
        gauge(
            "night_real_time_factor", "Seconds of hearing per second of recordings", summary.real_time_factor
        )
    gauge("night_judgements", "Judgements made in the last night", summary.judged.judgements)
    gauge(
        "night_calls_to_review",
        "Judgements without a score: calls heard too badly, or of which too little could be decided",
        summary.judged.calls_to_review,
    )
    if summary.judged.undetermined_share is not None:
        share = summary.judged.undetermined_share
        gauge("night_undetermined_ratio", "Share of findings left to a person, 0 to 1", share)
    gauge("night_purged_calls", "Calls that the last night removed as too old", summary.purged.calls)
    gauge(
        "free_disk_bytes", "Free disk where the tables are, at the end of the night", summary.free_disk_bytes
    )
    return registry


def _epoch(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
