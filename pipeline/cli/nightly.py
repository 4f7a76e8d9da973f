"""Commands for unattended nights: nightly, purge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import DONE, SOME_FAILED, USAGE, app, say
from pipeline.cli.options import Json, Quiet, Stored
from pipeline.reports.plain import counted

if TYPE_CHECKING:
    from pipeline.nightly.reading import NightConfig
    from pipeline.nightly.retention import Purge


class LogFormat(StrEnum):
    """Forms of a log."""

    JSON = "json"
    TEXT = "text"


@app.command()
def nightly(
    config: Annotated[Path, typer.Option("--config", help="The night's configuration, a YAML file.")] = Path(
        "configs/nightly.yaml"
    ),
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Only read the configuration and what it names, and look for its folders."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, and how long it would take.")
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="Also try again what failed before and has not changed."),
    ] = False,
    log_file: Annotated[
        str | None,
        typer.Option(
            "--log-file",
            help="Log to this file, or to standard error (-), in place of the configured one.",
            show_default=False,
        ),
    ] = None,
    log_format: Annotated[
        LogFormat | None,
        typer.Option("--log-format", help="In place of the configured one.", show_default=False),
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Do a night's work as its configuration says.

    Removes what is too old, hears what is new in every source, judges what has changed, and leaves a summary,
    a log and metrics. What failed in an earlier night and has not changed is not tried again.
    """
    from pipeline.nightly.reading import load_night, missing_folders

    night = load_night(config)
    if check:
        typer.echo(
            f"{night.path}: well-formed; {counted(len(night.sources), 'source')}, tables in {night.out}"
        )
        missing = list(missing_folders(night))
        for line in missing:
            say(f"failed: [folder] {line}")
        raise typer.Exit(USAGE if missing else DONE)
    if dry_run:
        _show_plan(night, retry_failed=retry_failed, as_json=as_json)
        raise typer.Exit(DONE)
    raise typer.Exit(
        _run(night, log_file, log_format, retry_failed=retry_failed, as_json=as_json, quiet=quiet)
    )


def _run(
    night: NightConfig,
    log_file: str | None,
    form: LogFormat | None,
    *,
    retry_failed: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    from pipeline.cli.nightly_report import show_summary
    from pipeline.cli.progress import night_progress
    from pipeline.errors import CallauditError, ConfigError
    from pipeline.nightly.logs import log_file as log_of
    from pipeline.nightly.logs import night_log
    from pipeline.nightly.night import ending_of, run_night
    from pipeline.nightly.summary import EXIT_CODES
    from pipeline.reports.plain import plain_text

    path = None if log_file == "-" else Path(log_file) if log_file else log_of(night.logs, date.today())

    @contextmanager
    def watch(calls: int) -> Iterator[Callable[[str], None]]:
        with night_progress(calls, quiet=quiet or as_json) as advance:
            yield lambda call_id: advance(plain_text(call_id))

    try:
        with night_log(path, form.value if form else night.keys.logs.format) as log:
            try:
                summary = run_night(night, log=log, watch=watch, retry_failed=retry_failed)
            except (CallauditError, OSError) as error:
                with suppress(OSError):  # the log may be on the disk that ended the night
                    log.error("night stopped", error=type(error).__name__)
                raise
    except ConfigError:
        raise
    except (CallauditError, OSError) as error:
        say(f"callaudit: {error}", lines=True)
        return EXIT_CODES[ending_of(error)]
    if as_json:
        typer.echo(json.dumps(summary.fields(), ensure_ascii=False))
    else:
        show_summary(night, summary)
    return summary.exit_code


def _show_plan(night: NightConfig, *, retry_failed: bool, as_json: bool) -> None:
    from pipeline.cli.nightly_report import plan_fields, show_plan
    from pipeline.nightly.planning import plan_night

    plan = plan_night(night, retry_failed=retry_failed)
    if as_json:
        typer.echo(json.dumps(plan_fields(plan), ensure_ascii=False))
    else:
        show_plan(plan)


@app.command()
def purge(
    out: Stored,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", help="Age in days or weeks: 90d, 12w.", show_default=False),
    ] = None,
    before: Annotated[
        str | None,
        typer.Option("--before", help="First day to keep, YYYY-MM-DD.", show_default=False),
    ] = None,
    scorecards: Annotated[
        bool, typer.Option("--scorecards", help="Also remove the scorecards of those days.")
    ] = False,
    clips: Annotated[
        list[Path] | None,
        typer.Option("--clips", help="Folder with clips of the calls; may be repeated.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: Json = False,
) -> None:
    """Remove what is stored of old calls.

    Whole days, by the calls' dates: tables of hearing, findings, scores, failures, and clips. Recordings are
    never touched; scorecards, sums per agent, are kept.
    """
    from pipeline.errors import ConfigError
    from pipeline.nightly import retention
    from pipeline.places import is_object
    from pipeline.store import Store

    limit = _limit(older_than, before)
    store = Store(out)
    if is_object(store.out):
        raise ConfigError(
            f"{out}: tables on S3 cannot be purged yet; the bucket's lifecycle rules remove objects"
        )
    if not out.is_dir():
        raise _no_tables(out)
    store.expect_store()
    for folder in clips or ():
        if not folder.is_dir():
            raise ConfigError(f"--clips {folder}: no such folder; expected one that clips were cut into")
    with nullcontext() if dry_run else store.writing():
        done = retention.purge(store, limit, scorecards=scorecards, clips=tuple(clips or ()), dry_run=dry_run)
    _show_purge(done, as_json=as_json, dry_run=dry_run)
    raise typer.Exit(SOME_FAILED if done.problems else DONE)


def _limit(older_than: str | None, before: str | None) -> date:
    from pipeline.errors import ConfigError
    from pipeline.nightly.retention import read_age

    if (older_than is None) == (before is None):
        raise ConfigError("say which calls are too old: either --older-than 90d or --before 2026-08-01")
    if older_than is not None:
        return read_age(older_than)
    try:
        return date.fromisoformat(str(before))
    except ValueError as error:
        raise ConfigError(f"--before {before!r}: expected a day, YYYY-MM-DD") from error


def _no_tables(out: Path) -> Exception:
    from pipeline.errors import StoreError

    return StoreError(f"{out}: no such folder; expected one that callaudit has written to")


def _show_purge(done: Purge, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        days = {day.call_date: day.calls for day in done.days}
        told = {"before": done.before.isoformat(), "dry_run": dry_run, "days": days}
        counts = {"calls": done.calls, "failures": done.failures, "clips": done.clips}
        typer.echo(json.dumps({**told, **counts, "problems": done.problems}))
        return
    for day in done.days:
        typer.echo(f"{day.call_date}  {counted(day.calls, 'call')}")
    for problem in done.problems:
        say(f"failed: [store] {problem}")
    verb = "would remove" if dry_run else "removed"
    typer.echo(
        f"{verb} {counted(done.calls, 'call')} of {counted(len(done.days), 'day')} before {done.before}, "
        f"{counted(done.failures, 'failure')}, {counted(done.clips, 'clip')}"
    )
